package oauth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"taskwire.dev/functions/auth/internal/signer"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
)

// What a store refuses.
var (
	// ErrGrant is for a code or refresh token that is unknown, has expired, or whose grant has ended.
	ErrGrant = errors.New("the grant has ended")
	// ErrReused is for one that was used before, or by another client: somebody has stolen it, and the grant ends.
	ErrReused = errors.New("the token was used before")
)

// protocol answers the requests that zitadel/oidc has read.
type protocol struct {
	op.UnimplementedServer
	*Server
}

// VerifyClient implements op.Server. Whether a code or token belongs to the client is checked with it.
func (p protocol) VerifyClient(_ context.Context, r *op.Request[op.ClientCredentials]) (op.Client, error) {
	if r.Data.ClientSecret != "" || r.Data.ClientAssertion != "" {
		return nil, oidc.ErrInvalidClient().WithDescription("clients have no secrets here: token_endpoint_auth_method is none")
	}
	return public{id: r.Data.ClientID}, nil
}

// CodeExchange implements op.Server.
func (p protocol) CodeExchange(ctx context.Context, r *op.ClientRequest[oidc.AccessTokenRequest]) (*op.Response, error) {
	secret, err := base64.RawURLEncoding.DecodeString(r.Data.Code)
	if err != nil {
		return nil, refused(ErrGrant)
	}
	now := clock()
	g, err := p.store.Redeem(ctx, sha256.Sum256(secret), now, func(g Grant) error {
		if g.ClientID != r.Client.GetID() || g.RedirectURI != r.Data.RedirectURI {
			return oidc.ErrInvalidGrant().WithDescription("client_id or redirect_uri are not those that the code was issued to")
		}
		if err := p.sameResource(g, r.Form["resource"]); err != nil {
			return err
		}
		if v := r.Data.CodeVerifier; v != "" && !verifierS256.MatchString(v) {
			return oidc.ErrInvalidGrant().WithDescription("code_verifier must have 43 to 128 characters of A-Z, a-z, 0-9, -, ., _ and ~")
		}
		return op.AuthorizeCodeChallenge(r.Data.CodeVerifier, &oidc.CodeChallenge{Challenge: g.Challenge, Method: oidc.CodeChallengeMethodS256})
	}, connected)
	if err != nil {
		return nil, refused(err)
	}
	telemetry.Audit(ctx, telemetry.AppConnected, slog.String("user", g.UserID.String()), slog.String("grant", g.ID.String()))
	return p.tokens(g, g.Scopes, now)
}

// verifierS256 is the form of a verifier (RFC 7636, 4.1). A shorter one could be guessed from its challenge, which is in the address
// of the consent page.
var verifierS256 = regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`)

// RefreshToken implements op.Server.
func (p protocol) RefreshToken(ctx context.Context, r *op.ClientRequest[oidc.RefreshTokenRequest]) (*op.Response, error) {
	id, generation, ok := p.refresh.parse(r.Data.RefreshToken)
	if !ok {
		return nil, refused(ErrGrant)
	}
	now := clock()
	g, err := p.store.Refresh(ctx, id, now, func(g Grant) error {
		if g.ClientID != r.Client.GetID() || g.Generation != generation {
			return ErrReused
		}
		for _, scope := range r.Data.Scopes {
			if !slices.Contains(g.Scopes, scope) {
				return oidc.ErrInvalidScope().WithDescription("the user has not allowed %q", scope)
			}
		}
		return p.sameResource(g, r.Form["resource"])
	})
	if err != nil {
		return nil, refused(err)
	}
	scopes := g.Scopes
	if len(r.Data.Scopes) > 0 {
		scopes = r.Data.Scopes
	}
	return p.tokens(g, scopes, now)
}

// Revocation implements op.Server (RFC 7009): with either of its tokens the grant ends.
func (p protocol) Revocation(ctx context.Context, r *op.ClientRequest[oidc.RevocationRequest]) (*op.Response, error) {
	id, _, ok := p.refresh.parse(r.Data.Token)
	if !ok {
		who, err := p.Server.tokens.Verify(ctx, r.Data.Token)
		if err != nil || !who.App {
			return op.NewResponse(struct{}{}), nil // what is not valid needs no revocation
		}
		id = who.SessionID
	}
	if err := p.store.Revoke(ctx, id, r.Client.GetID()); err != nil {
		return nil, refused(err)
	}
	return op.NewResponse(struct{}{}), nil
}

func (s *Server) sameResource(g Grant, asked []string) error {
	if one, ok := s.resource(asked); !ok || one != g.Resource {
		return &oidc.Error{ErrorType: "invalid_target", Description: "the user has allowed " + g.Resource}
	}
	return nil
}

// tokens is the response with an access token and the next refresh token.
func (p protocol) tokens(g Grant, scopes []string, now time.Time) (*op.Response, error) {
	expires := now.Add(signer.SessionLifetime)
	if g.EndsAt.Before(expires) {
		expires = g.EndsAt
	}
	access, err := p.signer.SignApp(signer.AppToken{
		User: g.UserID, Grant: g.ID, ID: newID(), Client: g.ClientID, Scopes: scopes, Resource: g.Resource, Issued: now, Expires: expires,
	})
	if err != nil {
		return nil, err
	}
	return op.NewResponse(&oidc.AccessTokenResponse{
		AccessToken: access, TokenType: oidc.BearerToken, ExpiresIn: uint64(max(0, expires.Sub(now).Seconds())),
		RefreshToken: p.refresh.issue(g.ID, g.Generation), Scope: scopes,
	}), nil
}

// refused is the answer to an error of a store or a check.
func refused(err error) error {
	var known *oidc.Error
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, ErrGrant), errors.Is(err, ErrReused):
		return oidc.ErrInvalidGrant().WithDescription("it is unknown, was used, has expired or was revoked: connect again")
	case fault.Is(err, fault.Unavailable):
		return op.NewStatusError(oidc.ErrServerError().WithDescription("temporarily unavailable").WithParent(err), http.StatusServiceUnavailable)
	default:
		return oidc.ErrServerError().WithParent(err)
	}
}

// connected notifies a user of a new app.
func connected(g Grant) *notice.Notice {
	text := notice.AppConnected
	if slices.Contains(g.Scopes, token.ScopeWrite) {
		text = notice.AppConnectedToWrite
	}
	return notice.New(newID(), g.UserID, clock(), text, "name", g.Name)
}

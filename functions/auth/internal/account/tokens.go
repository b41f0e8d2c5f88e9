package account

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
)

// Limits of personal access tokens.
const (
	MaxTokens        = 50 // valid ones of one user
	MaxTokenName     = 100
	MaxTokenDays     = 365
	defaultTokenDays = 90
)

// Token is a personal access token as it is listed.
type Token struct {
	ID         uuid.UUID  `json:"id"`
	Name       string     `json:"name"`
	Scopes     []string   `json:"scopes"`
	CreatedAt  time.Time  `json:"created_at"`
	ExpiresAt  time.Time  `json:"expires_at"`
	LastUsedAt *time.Time `json:"last_used_at"`
}

// CreatedToken is a token with its secret, which is shown only once.
type CreatedToken struct {
	Token
	Secret string `json:"token"`
}

// NewToken is a request for a token. The default lifetime is 90 days; the scopes are required.
type NewToken struct {
	Name          string   `json:"name"`
	Scopes        []string `json:"scopes"`
	ExpiresInDays *int     `json:"expires_in_days"`
	Password      string   `json:"password"`
}

// newToken notifies a user of a new token.
func newToken(user uuid.UUID, t Token) *notice.Notice {
	return newNotice(user, notice.TokenCreated, "name", t.Name)
}

func (n NewToken) token(now time.Time) (Token, error) {
	var fs fault.Fields
	// Whole seconds, as in the claims, so that the list shows exactly when the token expires.
	t := Token{ID: newID(), Name: strings.TrimSpace(n.Name), Scopes: n.Scopes, CreatedAt: now.Truncate(time.Second)}
	checkText(&fs, "/name", t.Name, MaxTokenName)
	checkScopes(&fs, t.Scopes)
	days := defaultTokenDays
	if n.ExpiresInDays != nil {
		days = *n.ExpiresInDays
	}
	if days < 1 || days > MaxTokenDays {
		fs.Add("/expires_in_days", "must be 1 to %d", MaxTokenDays)
	}
	t.ExpiresAt = t.CreatedAt.AddDate(0, 0, days)
	return t, fs.Err()
}

func checkScopes(fs *fault.Fields, scopes []string) {
	if len(scopes) == 0 {
		fs.Add("/scopes", "must name at least one scope")
	}
	for i, s := range scopes {
		if !slices.Contains(token.Scopes, s) || slices.Contains(scopes[:i], s) {
			fs.Add("/scopes", "may contain each of %s at most once", strings.Join(token.Scopes, ", "))
			return
		}
	}
}

// CreateToken creates a personal access token. The same key again returns the same token, including its secret: it is
// signed again from the stored row, and EdDSA signatures are deterministic.
//
// A token outlives the session, so a stolen access token must not be enough for one: it asks for the password again, unless that was
// entered shortly before.
func (a *Accounts) CreateToken(ctx context.Context, who token.Principal, n NewToken, key idempotency.Key, from Caller) (CreatedToken, error) {
	t, err := n.token(clock())
	if err != nil {
		return CreatedToken{}, err
	}
	if err := a.confirm(ctx, who, n.Password, from); err != nil {
		return CreatedToken{}, err
	}
	t, user, err := a.store.AddToken(ctx, who, t, key, newToken(who.UserID, t))
	if err != nil {
		return CreatedToken{}, err
	}
	telemetry.Audit(ctx, telemetry.AccessTokenMade, slog.String("token_id", t.ID.String()), slog.Any("scopes", t.Scopes))
	t.LastUsedAt = nil // as in the first response
	secret, err := a.signer.Sign(user.ID, t.ID, token.KindPersonal, user.Role, t.Scopes, t.CreatedAt, t.ExpiresAt)
	return CreatedToken{Token: t, Secret: secret}, err
}

// Tokens lists the tokens of who that are not revoked, newest first, starting after before.
func (a *Accounts) Tokens(ctx context.Context, who token.Principal, before *uuid.UUID, limit int) ([]Token, error) {
	return a.store.Tokens(ctx, who.UserID, before, limit)
}

// RevokeToken revokes a token with immediate effect.
func (a *Accounts) RevokeToken(ctx context.Context, who token.Principal, id uuid.UUID) error {
	if err := a.store.RevokeToken(ctx, who.UserID, id, clock()); err != nil {
		return err
	}
	telemetry.Audit(ctx, telemetry.AccessTokenRevoked, slog.String("token_id", id.String()))
	return nil
}

// Package signer signs access tokens and publishes the key to verify them with.
package signer

import (
	"context"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"taskwire.dev/shared/signingkey"
	"taskwire.dev/shared/token"
)

// SessionLifetime is how long the access token of a login is valid.
const SessionLifetime = 15 * time.Minute

// Signer issues tokens.
type Signer struct {
	key      ed25519.PrivateKey
	kid      string
	issuer   string
	audience string
	set      jwkset.Storage
}

// New reads an Ed25519 private key in PKCS #8 PEM.
func New(privateKeyPEM string, rules token.Rules) (*Signer, error) {
	key, err := signingkey.Parse(privateKeyPEM)
	if err != nil {
		return nil, err
	}
	set, err := key.Set(context.Background())
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	return &Signer{key: key.PrivateKey, kid: key.ID, issuer: rules.Issuer, audience: rules.Audience, set: set}, nil
}

// Sign returns the token with these contents. EdDSA is deterministic: the same contents give the same token.
func (s *Signer) Sign(user, id uuid.UUID, kind, role string, scopes []string, issued, expires time.Time) (string, error) {
	return s.sign(s.claims(user, id, kind, role, scopes, issued, expires))
}

// SignSession returns an access token of a session, with all scopes.
func (s *Signer) SignSession(user, session, id uuid.UUID, role string, issued, expires time.Time) (string, error) {
	c := s.claims(user, id, token.KindSession, role, token.Scopes, issued, expires)
	c.Session = session.String()
	return s.sign(c)
}

// AppToken is what an access token of a connected app says.
type AppToken struct {
	User, Grant, ID uuid.UUID
	Client          string
	Scopes          []string
	Resource        string // the audience (RFC 8707)
	Issued, Expires time.Time
}

// roleUser is the role of apps, whatever their user's is.
const roleUser = "user"

// SignApp returns an access token of a connected app (RFC 9068). It is valid for its resource only.
func (s *Signer) SignApp(t AppToken) (string, error) {
	c := s.claims(t.User, t.ID, token.KindApp, roleUser, t.Scopes, t.Issued, t.Expires)
	c.Session, c.Client, c.Audience = t.Grant.String(), t.Client, jwt.ClaimStrings{t.Resource}
	return s.sign(c)
}

// SignFor returns a token with which an assistant acts for who (RFC 8693). It names the token that the assistant presented, so
// that revoking that one revokes this one too. An app's token is a new one every quarter of an hour; so it names the grant.
func (s *Signer) SignFor(who token.Principal, assistant, role string, scopes []string, issued, expires time.Time) (string, error) {
	kind, id := token.KindSession, who.TokenID
	switch {
	case who.Personal:
		kind = token.KindPersonal
	case who.App:
		kind, id = token.KindApp, who.SessionID
	}
	c := s.claims(who.UserID, id, kind, role, scopes, issued, expires)
	c.Actor = &token.Actor{Subject: assistant}
	if who.SessionID != uuid.Nil {
		c.Session = who.SessionID.String()
	}
	return s.sign(c)
}

func (s *Signer) claims(user, id uuid.UUID, kind, role string, scopes []string, issued, expires time.Time) token.Claims {
	return token.Claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Subject: user.String(), ID: id.String(), Issuer: s.issuer, Audience: jwt.ClaimStrings{s.audience},
			IssuedAt: jwt.NewNumericDate(issued), ExpiresAt: jwt.NewNumericDate(expires),
		},
		Scope: strings.Join(scopes, " "), Role: role, Kind: kind,
	}
}

func (s *Signer) sign(c token.Claims) (string, error) {
	t := jwt.NewWithClaims(jwt.SigningMethodEdDSA, c)
	t.Header["kid"] = s.kid
	return t.SignedString(s.key)
}

// Derive returns a secret of 32 bytes derived from the signing key, one for each purpose (HKDF, RFC 5869), so that secrets that
// all replicas share need no extra configuration.
func (s *Signer) Derive(purpose string) []byte {
	secret, err := hkdf.Key(sha256.New, s.key.Seed(), nil, purpose, sha256.Size)
	if err != nil {
		panic(err) // only for a length that HKDF cannot give
	}
	return secret
}

// JWKS returns the public keys as a JSON Web Key Set (RFC 7517).
func (s *Signer) JWKS(ctx context.Context) (json.RawMessage, error) { return s.set.JSONPublic(ctx) }

// Keys returns the public keys, for a verifier in the same process.
func (s *Signer) Keys() jwkset.Storage { return s.set }

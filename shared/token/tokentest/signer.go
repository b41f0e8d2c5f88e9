package tokentest

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"taskwire.dev/shared/token"
)

// kid is the id of a Signer's key.
const kid = "test"

// Signer signs tokens that satisfy Rules, as the auth function does, with its own key.
type Signer struct {
	Rules token.Rules
	key   ed25519.PrivateKey
	set   jwkset.Storage
	// session is that of all tokens; empty for none.
	session string
}

// NewSigner returns a Signer with a new key.
func NewSigner(t testing.TB, rules token.Rules) *Signer {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	jwk, err := jwkset.NewJWKFromKey(public, jwkset.JWKOptions{Metadata: jwkset.JWKMetadataOptions{
		ALG: jwkset.AlgEdDSA, KID: kid, USE: jwkset.UseSig,
	}})
	if err != nil {
		t.Fatal(err)
	}
	s := &Signer{Rules: rules, key: private, set: jwkset.NewMemoryStorage()}
	if err := s.set.KeyWrite(t.Context(), jwk); err != nil {
		t.Fatal(err)
	}
	return s
}

// With returns a Signer with the same key and other rules.
func (s *Signer) With(rules token.Rules) *Signer {
	return &Signer{Rules: rules, key: s.key, set: s.set}
}

// In returns a Signer whose tokens belong to a session.
func (s *Signer) In(session uuid.UUID) *Signer {
	other := *s
	other.session = session.String()
	return &other
}

// Sign returns the token with these contents.
func (s *Signer) Sign(t testing.TB, user, id uuid.UUID, kind, role string, scopes []string, issued, expires time.Time) string {
	t.Helper()
	unsigned := jwt.NewWithClaims(jwt.SigningMethodEdDSA, token.Claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Subject: user.String(), ID: id.String(), Issuer: s.Rules.Issuer, Audience: jwt.ClaimStrings{s.Rules.Audience},
			IssuedAt: jwt.NewNumericDate(issued), ExpiresAt: jwt.NewNumericDate(expires),
		},
		Scope: strings.Join(scopes, " "), Role: role, Kind: kind, Session: s.session,
	})
	unsigned.Header["kid"] = kid
	signed, err := unsigned.SignedString(s.key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// Keys returns the public key.
func (s *Signer) Keys() jwkset.Storage { return s.set }

// JWKS returns the public key as a JSON Web Key Set.
func (s *Signer) JWKS(ctx context.Context) (json.RawMessage, error) { return s.set.JSONPublic(ctx) }

// Package signer signs access tokens and publishes the key to verify them with.
package signer

import (
	"context"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

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
	block, _ := pem.Decode([]byte(privateKeyPEM))
	if block == nil {
		return nil, errors.New("signing key: no PEM block")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	key, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("signing key: got a %T, want Ed25519", parsed)
	}
	public := key.Public().(ed25519.PublicKey)
	// The key id is derived from the key, so that a new key gets a new id automatically.
	sum := sha256.Sum256(public)
	s := &Signer{
		key: key, kid: base64.RawURLEncoding.EncodeToString(sum[:12]),
		issuer: rules.Issuer, audience: rules.Audience, set: jwkset.NewMemoryStorage(),
	}
	jwk, err := jwkset.NewJWKFromKey(public, jwkset.JWKOptions{Metadata: jwkset.JWKMetadataOptions{
		ALG: jwkset.AlgEdDSA, KID: s.kid, USE: jwkset.UseSig,
	}})
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	return s, s.set.KeyWrite(context.Background(), jwk)
}

// Sign returns the token with these contents. EdDSA is deterministic: the same contents give the same token.
func (s *Signer) Sign(user, id uuid.UUID, kind, role string, scopes []string, issued, expires time.Time) (string, error) {
	return s.sign(s.claims(user, id, kind, role, scopes, issued, expires))
}

// SignFor returns a token with which an assistant acts for who (RFC 8693). It names the token that the assistant presented, so
// that revoking that one revokes this one too.
func (s *Signer) SignFor(who token.Principal, assistant, role string, scopes []string, issued, expires time.Time) (string, error) {
	kind := token.KindSession
	if who.Personal {
		kind = token.KindPersonal
	}
	c := s.claims(who.UserID, who.TokenID, kind, role, scopes, issued, expires)
	c.Actor = &token.Actor{Subject: assistant}
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

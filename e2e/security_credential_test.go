package e2e

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"maps"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"taskwire.dev/e2e/check"
)

// Scopes of tokens.
const (
	scopeRead  = "tasks:read"
	scopeWrite = "tasks:write"
	scopeMCP   = "mcp"
)

// absentID is an id that does not exist.
const absentID = "019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f"

// signingKey is the stack's own: with it, tests check a claim and not the signature again.
var signingKey = sync.OnceValues(func() (ed25519.PrivateKey, error) {
	content := []byte(os.Getenv("TASKWIRE_SIGNING_KEY")) // on a cluster
	if len(content) == 0 {
		values, err := laptop()
		if err != nil {
			return nil, err
		}
		if content, err = os.ReadFile(values.SecretFiles["signing-key.pem"]); err != nil {
			return nil, err
		}
	}
	block, _ := pem.Decode(content)
	if block == nil {
		return nil, errors.New("the signing key is not PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	return key.(ed25519.PrivateKey), nil
})

// forged is token with one bit of its signature flipped.
func forged(t *testing.T, token string) string {
	t.Helper()
	head, signature, ok := cutLast(token)
	if !ok {
		t.Fatalf("no JWT: %q", token)
	}
	raw := check.Must(base64.RawURLEncoding.DecodeString(signature))(t)
	raw[0] ^= 1
	return head + "." + base64.RawURLEncoding.EncodeToString(raw)
}

func cutLast(s string) (before, after string, found bool) {
	i := strings.LastIndexByte(s, '.')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// mint creates tokens that differ from the user's own by what change does to claims and header, and by the key.
type mint struct {
	t      *testing.T
	claims jwt.MapClaims
	header map[string]any
}

func newMint(t *testing.T, u *user) mint {
	t.Helper()
	m := mint{t: t, claims: jwt.MapClaims{}}
	parsed, _, err := jwt.NewParser().ParseUnverified(u.Token(), &m.claims)
	check.NoError(t, err)
	m.header = parsed.Header
	return m
}

func (m mint) sign(method jwt.SigningMethod, key any, change func(claims jwt.MapClaims, header map[string]any)) string {
	m.t.Helper()
	token := jwt.NewWithClaims(method, maps.Clone(m.claims))
	token.Header["kid"] = m.header["kid"]
	if change != nil {
		change(token.Claims.(jwt.MapClaims), token.Header)
	}
	return check.Must(token.SignedString(key))(m.t)
}

// badTokens are all tokens that must not be accepted as the user's.
func badTokens(t *testing.T, u *user) map[string]string {
	t.Helper()
	m := newMint(t, u)
	own := check.Must(signingKey())(t)
	_, foreign, err := ed25519.GenerateKey(nil)
	check.NoError(t, err)
	revoked := check.Must(u.CreateToken(t.Context(), "revoked", scopeRead, scopeWrite, scopeMCP))(t)
	check.NoError(t, u.RevokeToken(t.Context(), revoked.ID))

	head, _, _ := cutLast(u.Token())
	_, body, _ := strings.Cut(u.Token(), ".")
	payload, _, _ := strings.Cut(body, ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`))
	none2 := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"nOnE","typ":"JWT"}`))

	bad := map[string]string{
		"nonsense":             "nonsense",
		"two dots":             "..",
		"turned bit":           forged(t, u.Token()),
		"no signature":         head + ".",
		"alg none":             none + "." + payload + ".",
		"alg nOnE":             none2 + "." + payload + ".",
		"alg none, signed":     none + "." + body,
		"the refresh token":    u.session.Cookie("taskwire_refresh"),
		"revoked":              revoked.Secret,
		"HS256 by public key":  m.sign(jwt.SigningMethodHS256, []byte(own.Public().(ed25519.PublicKey)), nil),
		"another key":          m.sign(jwt.SigningMethodEdDSA, foreign, nil),
		"another key, no kid":  m.sign(jwt.SigningMethodEdDSA, foreign, func(_ jwt.MapClaims, h map[string]any) { delete(h, "kid") }),
		"another key, its kid": m.sign(jwt.SigningMethodEdDSA, foreign, func(_ jwt.MapClaims, h map[string]any) { h["kid"] = "unknown" }),
		"a key within":         m.sign(jwt.SigningMethodEdDSA, foreign, func(_ jwt.MapClaims, h map[string]any) { h["jwk"] = publicJWK(foreign); delete(h, "kid") }),
		"a key elsewhere":      m.sign(jwt.SigningMethodEdDSA, foreign, func(_ jwt.MapClaims, h map[string]any) { h["jku"] = "http://127.0.0.1:1/keys" }),
	}
	// These are signed like real ones: only the named property is wrong.
	past, future := time.Now().Add(-time.Hour).Unix(), time.Now().Add(time.Hour).Unix()
	for name, change := range map[string]func(c jwt.MapClaims, h map[string]any){
		"expired":            func(c jwt.MapClaims, _ map[string]any) { c["exp"] = past; c["iat"] = past - 900 },
		"without expiry":     func(c jwt.MapClaims, _ map[string]any) { delete(c, "exp") },
		"not yet valid":      func(c jwt.MapClaims, _ map[string]any) { c["nbf"] = future },
		"issued later":       func(c jwt.MapClaims, _ map[string]any) { c["iat"] = future; c["exp"] = future + 900 },
		"another audience":   func(c jwt.MapClaims, _ map[string]any) { c["aud"] = "else" },
		"without audience":   func(c jwt.MapClaims, _ map[string]any) { delete(c, "aud") },
		"another issuer":     func(c jwt.MapClaims, _ map[string]any) { c["iss"] = "https://evil.example" },
		"without issuer":     func(c jwt.MapClaims, _ map[string]any) { delete(c, "iss") },
		"without subject":    func(c jwt.MapClaims, _ map[string]any) { delete(c, "sub") },
		"subject is no id":   func(c jwt.MapClaims, _ map[string]any) { c["sub"] = "admin" },
		"without an id":      func(c jwt.MapClaims, _ map[string]any) { delete(c, "jti") },
		"of an unknown kind": func(c jwt.MapClaims, _ map[string]any) { c["typ"] = "refresh" },
		"without a kind":     func(c jwt.MapClaims, _ map[string]any) { delete(c, "typ") },
		"an unknown kid":     func(_ jwt.MapClaims, h map[string]any) { h["kid"] = "unknown" },
	} {
		bad[name] = m.sign(jwt.SigningMethodEdDSA, own, change)
	}
	return bad
}

func publicJWK(key ed25519.PrivateKey) map[string]string {
	x := base64.RawURLEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
	return map[string]string{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "x": x}
}

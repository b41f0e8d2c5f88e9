// Package tokentest issues access tokens in tests of functions that take them.
package tokentest

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/token"
)

// Issuer signs tokens and serves its public keys, as the auth function does.
type Issuer struct {
	signer *token.Signer
	rules  token.Rules
}

// New starts an Issuer for the time of a test.
func New(t testing.TB) *Issuer {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	i := &Issuer{rules: token.Rules{Issuer: "https://taskwire.test", Audience: "taskwire"}}
	if i.signer, err = token.NewSigner(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), i.rules); err != nil {
		t.Fatal(err)
	}
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		set, err := i.signer.JWKS(r.Context())
		if err != nil {
			t.Error(err)
		}
		_, _ = w.Write(set)
	}))
	t.Cleanup(keys.Close)
	i.rules.JWKS = keys.URL
	return i
}

// Env is how a function is told to trust this Issuer.
func (i *Issuer) Env() map[string]string {
	return map[string]string{"JWKS_URL": i.rules.JWKS, "JWT_ISSUER": i.rules.Issuer, "JWT_AUDIENCE": i.rules.Audience}
}

// Bearer returns the Authorization header of a session of user with these scopes.
func (i *Issuer) Bearer(t testing.TB, user uuid.UUID, scopes ...string) string {
	t.Helper()
	signed, err := i.signer.Sign(user, uuid.New(), token.KindSession, "user", scopes, time.Now().Add(-time.Minute), time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return "Bearer " + signed
}

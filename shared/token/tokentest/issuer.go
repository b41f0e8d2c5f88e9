// Package tokentest issues access tokens in tests of functions that take them.
package tokentest

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/token"
)

// Issuer signs tokens and serves its public keys, as the auth function does.
type Issuer struct{ *Signer }

// New starts an Issuer for the time of a test.
func New(t testing.TB) Issuer {
	t.Helper()
	i := Issuer{NewSigner(t, token.Rules{Issuer: "https://taskwire.test", Audience: "taskwire"})}
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		set, err := i.JWKS(r.Context())
		if err != nil {
			t.Error(err)
		}
		_, _ = w.Write(set)
	}))
	t.Cleanup(keys.Close)
	i.Rules.JWKS = keys.URL
	return i
}

// Env is how a function is told to trust this Issuer.
func (i Issuer) Env() map[string]string {
	return map[string]string{"JWKS_URL": i.Rules.JWKS, "JWT_ISSUER": i.Rules.Issuer, "JWT_AUDIENCE": i.Rules.Audience}
}

// Bearer returns the Authorization header of a session of user with these scopes.
func (i Issuer) Bearer(t testing.TB, user uuid.UUID, scopes ...string) string {
	t.Helper()
	now := time.Now()
	return "Bearer " + i.Sign(t, user, uuid.New(), token.KindSession, "user", scopes, now.Add(-time.Minute), now.Add(time.Hour))
}

package e2e

import (
	"net/http"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// TestToken_OtherForms: wrong ways to send a valid token.
func TestToken_OtherForms(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	nobody := u.As("")
	for name, r := range map[string]client.Request{
		"basic":           {Header: map[string]string{"Authorization": "Basic " + u.Token()}},
		"no scheme":       {Header: map[string]string{"Authorization": u.Token()}},
		"empty":           {Header: map[string]string{"Authorization": "Bearer "}},
		"in the URL":      {Path: "/api/todos?access_token=" + u.Token()},
		"another header":  {Header: map[string]string{"X-Access-Token": u.Token()}},
		"trusted headers": {Header: map[string]string{"X-User-Id": u.ID, "X-Forwarded-User": u.ID, "dapr-api-token": "x", "dapr-caller-app-id": "gateway"}},
	} {
		r.Method = http.MethodGet
		if r.Path == "" {
			r.Path = "/api/todos"
		}
		t.Run(name, func(t *testing.T) { expectProblem(t, do(t, nobody, r), http.StatusUnauthorized) })
	}
	// The name of the scheme is case-insensitive (RFC 9110, 11.1).
	r := client.Request{Method: http.MethodGet, Path: "/api/todos", Header: map[string]string{"Authorization": "bearer " + u.Token()}}
	expectStatus(t, do(t, nobody, r), http.StatusOK)
}

// TestRevokedToken is rejected at once. Revoking it again, or an id that never existed, is 404.
func TestRevokedToken(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Kept"})
	token := check.Must(u.CreateToken(t.Context(), "short-lived", scopeRead, scopeWrite, scopeMCP))(t)
	pat := u.As(token.Secret)
	check.Must(pat.PatchTask(t.Context(), task.ID, client.Fields{"priority": "low"}))(t)
	check.NoError(t, u.RevokeToken(t.Context(), token.ID))
	expectProblem(t, do(t, pat, client.Request{Method: http.MethodGet, Path: "/api/todos/" + task.ID}), http.StatusUnauthorized)
	for _, id := range []string{token.ID, absentID, "x"} {
		expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodDelete, Path: "/api/auth/tokens/" + id}), http.StatusNotFound)
	}
}

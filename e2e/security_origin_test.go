package e2e

import (
	"net/http"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// TestAnotherOrigin: requests that a page of another site makes a browser send are rejected, with or without cookies.
func TestAnotherOrigin(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	cookies := "taskwire_refresh=" + u.session.Cookie("taskwire_refresh") + "; taskwire_session=" + u.session.Cookie("taskwire_session")
	for name, header := range map[string]map[string]string{
		"by Sec-Fetch-Site": {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
		"by Origin":         {"Origin": "https://evil.example"},
		"without an origin": {"Origin": "null"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/api/auth/refresh", "/api/auth/logout", "/api/todos"} {
				header["Cookie"] = cookies
				header["Content-Type"] = "text/plain"
				r := do(t, u.As(""), client.Request{Method: http.MethodPost, Path: path, Header: header, Body: []byte(`{"title":"x"}`)})
				if r.Status != http.StatusForbidden && r.Status != http.StatusUnauthorized {
					t.Fatalf("%s: %d %s", path, r.Status, r.Body)
				}
			}
		})
	}
	// The session is unchanged: none of this has used its refresh token.
	check.Must(u.As("").Refresh(t.Context(), u.session.Cookie("taskwire_refresh")))(t)
	if seq, _ := u.state(t); seq != 0 {
		t.Fatalf("seq %d", seq)
	}
}

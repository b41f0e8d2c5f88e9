package e2e

import (
	"net/http"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/client/api"
)

// sessions lists the open sessions of the user of c.
func sessions(t *testing.T, c *client.Client) []api.OpenSession {
	t.Helper()
	var page api.SessionPage
	check.NoError(t, do(t, c, client.Request{Method: http.MethodGet, Path: "/api/auth/sessions"}).Decode("sessions", http.StatusOK, &page))
	return page.Items
}

// currentSession is the id of the session of c.
func currentSession(t *testing.T, c *client.Client) string {
	t.Helper()
	for _, s := range sessions(t, c) {
		if s.Current {
			return s.ID
		}
	}
	t.Fatal("no session is the current one")
	return ""
}

package e2e

import (
	"net/http"
	"testing"

	"taskwire.dev/e2e/client"
)

// TestSection_OfAnotherUser: nobody else reads, changes or fills a section, and a revoked or missing token does not either.
func TestSection_OfAnotherUser(t *testing.T) {
	t.Parallel()
	u, other := newUser(t), newUser(t)
	u.create(t, client.Fields{"title": "a", "project": "Home", "section": "Kitchen"})
	home, kitchen := u.label(t, "/api/projects", "Home"), u.label(t, "/api/sections", "Kitchen")
	path := "/api/sections/" + kitchen.ID
	for method, body := range map[string]client.Fields{http.MethodGet: nil, http.MethodPatch: {"name": "x"}, http.MethodDelete: nil} {
		r := client.Request{Method: method, Path: path}
		if body != nil {
			r.JSON = body
		}
		expectProblem(t, do(t, other.Client, r), http.StatusNotFound)
		expectProblem(t, do(t, u.As("none"), r), http.StatusUnauthorized)
	}
	create := client.Request{Method: http.MethodPost, Path: "/api/sections", JSON: client.Fields{"name": "Bath", "project_id": home.ID}}
	expectProblem(t, do(t, other.Client, create), http.StatusUnprocessableEntity)
	expectProblem(t, do(t, u.As("none"), create), http.StatusUnauthorized)
	expectStatus(t, do(t, u.Client, create), http.StatusCreated)
	expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodDelete, Path: path}), http.StatusNoContent)
}

package e2e

import (
	"net/http"
	"strings"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/spec"
)

// decoded returns the body of a response without its content coding.
func decoded(t *testing.T, r *client.Response) string {
	t.Helper()
	return string(check.Must(spec.Decode(r.Header, r.Body))(t))
}

// TestCompression: a long answer comes in the coding that the client accepts, and says the same.
func TestCompression(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	long := u.create(t, client.Fields{"title": "Long", "description": strings.Repeat("All work and no play. ", 200)})
	small := u.create(t, client.Fields{"title": "Small"})
	for _, path := range []string{"/api/todos", "/api/todos/" + long.ID, "/api/history?sort=-seq", "/api/todos/" + long.ID + "/history"} {
		plain := do(t, u.Client, client.Request{Method: "GET", Path: path})
		if plain.Header.Get("Content-Encoding") != "" || !strings.Contains(plain.Header.Get("Vary"), "Accept-Encoding") {
			t.Errorf("%s: %v", path, plain.Header)
		}
		for accept, coding := range map[string]string{"gzip": "gzip", "gzip, deflate, br, zstd": "zstd", "br": "", "gzip;q=0": "", "identity": ""} {
			r := do(t, u.Client, client.Request{Method: "GET", Path: path, Header: map[string]string{"Accept-Encoding": accept}})
			expectStatus(t, r, http.StatusOK)
			if r.Header.Get("Content-Encoding") != coding || decoded(t, r) != string(plain.Body) || coding != "" && len(r.Body) >= len(plain.Body)/2 {
				t.Errorf("%s as %s: %q, %d of %d bytes", path, accept, r.Header.Get("Content-Encoding"), len(r.Body), len(plain.Body))
			}
			head := do(t, u.Client, client.Request{Method: "HEAD", Path: path, Header: map[string]string{"Accept-Encoding": accept}})
			if head.Header.Get("Content-Encoding") != "" || len(head.Body) > 0 {
				t.Errorf("HEAD %s: %v", path, head.Header)
			}
		}
	}
	r := do(t, u.Client, client.Request{Method: "GET", Path: "/api/todos/" + small.ID, Header: map[string]string{"Accept-Encoding": "gzip"}})
	if r.Header.Get("Content-Encoding") != "" || r.Header.Get("ETag") != `"1"` {
		t.Errorf("a small answer: %v", r.Header)
	}
}

// TestCompression_EntityTags: the coded form has another tag, which conditions take as well.
func TestCompression_EntityTags(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Long", "description": strings.Repeat("x", 2000)})
	send := func(method string, in any, header map[string]string) *client.Response {
		header["Accept-Encoding"] = "gzip"
		return do(t, u.Client, client.Request{Method: method, Path: "/api/todos/" + task.ID, JSON: in, Header: header})
	}
	read := send("GET", nil, map[string]string{})
	tag := read.Header.Get("ETag")
	if tag != `"1-gzip"` {
		t.Fatalf("ETag %s", tag)
	}
	for _, header := range []string{tag, `"1"`, "W/" + tag} {
		if r := send("GET", nil, map[string]string{"If-None-Match": header}); r.Status != http.StatusNotModified || len(r.Body) > 0 || r.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %d %v", header, r.Status, r.Header)
		} else if want := strings.TrimPrefix(header, "W/"); r.Header.Get("ETag") != want {
			t.Errorf("%s: 304 with ETag %s", header, r.Header.Get("ETag"))
		}
	}
	patched := send("PATCH", client.Fields{"title": "Changed"}, map[string]string{"If-Match": tag})
	expectStatus(t, patched, http.StatusOK)
	if patched.Header.Get("ETag") != `"2-gzip"` || patched.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("changed: %v", patched.Header)
	}
	expectProblem(t, send("PATCH", client.Fields{"title": "Again"}, map[string]string{"If-Match": tag}), http.StatusPreconditionFailed)
	expectProblem(t, send("DELETE", nil, map[string]string{"If-None-Match": patched.Header.Get("ETag")}), http.StatusPreconditionFailed)
	expectStatus(t, send("DELETE", nil, map[string]string{"If-Match": patched.Header.Get("ETag")}), http.StatusNoContent)
}

// TestCompression_NeverOfSecretsAndStreams: the length of a compressed answer would tell about the secret in it.
func TestCompression_NeverOfSecretsAndStreams(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	name := strings.Repeat("a", 90)
	for range 12 { // so that the list is long
		check.Must(u.Client.CreateToken(t.Context(), u.Password, name, "tasks:read", "tasks:write", "mcp"))(t)
	}
	header := map[string]string{"Accept-Encoding": "gzip, zstd"}
	for _, r := range []client.Request{
		{Method: "POST", Path: "/api/auth/register", JSON: client.Fields{"email": newID() + "@example.com", "password": newID(), "name": strings.Repeat("n", 200)}, Header: header},
		{Method: "GET", Path: "/api/auth/tokens", Header: header},
		{Method: "POST", Path: "/api/auth/tokens", JSON: client.Fields{"name": name, "scopes": []string{"tasks:read"}, "password": u.Password}, Header: header},
		{Method: "GET", Path: "/api/auth/me", Header: header},
		{Method: "HEAD", Path: client.StreamPath, Header: header},
	} {
		if answer := do(t, u.Client, r); answer.Status/100 != 2 || answer.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s %s: %d %v", r.Method, r.Path, answer.Status, answer.Header)
		}
	}
}

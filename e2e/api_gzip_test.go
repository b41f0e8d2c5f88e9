package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

func zipped(t *testing.T, body any) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	check.NoError(t, json.NewEncoder(w).Encode(body))
	check.NoError(t, w.Close())
	return out.Bytes()
}

// TestRequestInGzip: a body in gzip means what is in it, wherever a body is taken.
func TestRequestInGzip(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Before"})
	send := func(method, path, kind string, body []byte) *client.Response {
		header := map[string]string{"Content-Type": kind, "Content-Encoding": "gzip", "Idempotency-Key": newID()}
		return do(t, u.Client, client.Request{Method: method, Path: path, Body: body, Header: header})
	}
	description := strings.Repeat("A long text. ", 1000)
	created := send("POST", "/api/todos", "application/json", zipped(t, client.Fields{"title": "Zipped", "description": description}))
	var got client.Task
	check.NoError(t, created.Decode("create", http.StatusCreated, &got))
	if got.Title != "Zipped" || got.Description != description {
		t.Errorf("%+v", got)
	}
	expectStatus(t, send("PATCH", "/api/todos/"+task.ID, mergePatch, zipped(t, client.Fields{"title": "After"})), http.StatusOK)
	expectStatus(t, send("POST", "/api/auth/tokens", "application/json", zipped(t, client.Fields{"name": "z", "scopes": []string{"tasks:read"}, "password": u.Password})), http.StatusCreated)
	expectProblem(t, send("POST", "/api/notifications/"+task.ID+"/snooze", "application/json", zipped(t, client.Fields{"for": "soon"})), 422, "/for")
	event := do(t, u.Client, client.Request{Method: "POST", Path: "/api/events", Body: zipped(t, client.Fields{"title": "By event"}), Header: map[string]string{
		"Content-Type": "application/json", "Content-Encoding": "gzip", "ce-specversion": "1.0", "ce-id": newID(), "ce-source": "/zip", "ce-type": "task.create",
	}})
	expectStatus(t, event, http.StatusOK)
	// The same request, not compressed, is the same to its key.
	first := do(t, u.Client, keyed(client.Request{Method: "POST", Path: "/api/todos", Body: zipped(t, client.Fields{"title": "Once"}), Header: map[string]string{
		"Content-Type": "application/json", "Content-Encoding": "gzip",
	}}, "one key"))
	expectStatus(t, first, http.StatusCreated)
	sameAnswer(t, first, do(t, u.Client, keyed(client.Request{Method: "POST", Path: "/api/todos", JSON: client.Fields{"title": "Once"}}, "one key")))
}

// TestRequestInGzip_Hostile: the limits hold for what comes out, and other codings are refused.
func TestRequestInGzip_Hostile(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	good := zipped(t, client.Fields{"title": "Good"})
	bomb := zipped(t, client.Fields{"title": strings.Repeat("x", 100<<20)}) // about 100 kB
	for name, c := range map[string]struct {
		path, coding string
		body         []byte
		status       int
	}{
		"a bomb":                {"/api/todos", "gzip", bomb, 413},
		"a bomb in a batch":     {"/api/todos/batch", "gzip", bomb, 413},
		"a bomb of a token":     {"/api/auth/tokens", "gzip", zipped(t, client.Fields{"name": strings.Repeat("x", 10<<20)}), 413},
		"a bomb of an event":    {"/api/events", "gzip", bomb, 413},
		"cut off":               {"/api/todos", "gzip", good[:len(good)-5], 400},
		"not gzip":              {"/api/todos", "gzip", []byte(`{"title":"Plain"}`), 400},
		"br":                    {"/api/todos", "br", good, 415},
		"deflate":               {"/api/todos", "deflate", good, 415},
		"zstd":                  {"/api/todos", "zstd", good, 415},
		"gzip twice":            {"/api/todos", "gzip, gzip", good, 415},
		"for an account":        {"/api/auth/tokens", "br", good, 415},
		"for notifications":     {"/api/notifications/read-all", "br", good, 415},
		"for an assistant":      {"/mcp", "br", good, 415},
		"a bomb, for assistant": {"/mcp", "gzip", bomb, 413},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := map[string]string{
				"Content-Type": "application/json", "Content-Encoding": c.coding, "Accept": "application/json, text/event-stream",
				"ce-specversion": "1.0", "ce-id": newID(), "ce-source": "/zip", "ce-type": "task.create",
			}
			r := do(t, u.Client, client.Request{Method: "POST", Path: c.path, Body: c.body, Header: header})
			if r.Status != c.status || c.status == 415 && r.Header.Get("Accept-Encoding") != "gzip" {
				t.Errorf("%d %.300s %v, want %d", r.Status, r.Body, r.Header, c.status)
			}
		})
	}
	if seq, _ := u.state(t); seq != 0 {
		t.Error("something was created")
	}
}

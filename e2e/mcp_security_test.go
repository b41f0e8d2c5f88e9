package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// mcpHeader is the header of every MCP client.
func mcpHeader(more ...string) map[string]string {
	h := map[string]string{"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
	for i := 0; i < len(more); i += 2 {
		h[more[i]] = more[i+1]
	}
	return h
}

// rpc is a tool call in wire format.
func rpc(tool string, arguments client.Fields) client.Request {
	return client.Request{Method: http.MethodPost, Path: "/mcp", Header: mcpHeader(), JSON: client.Fields{
		"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": client.Fields{"name": tool, "arguments": arguments},
	}}
}

// TestMCP_WhoIsLetIn: only a valid token with the scope, and no foreign origin. The rejection says what is required and
// where to get it (RFC 6750, RFC 9728).
func TestMCP_WhoIsLetIn(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	pat := check.Must(u.CreateToken(t.Context(), "assistant", scopeMCP))(t)
	narrow := check.Must(u.CreateToken(t.Context(), "script", scopeRead, scopeWrite))(t)
	revoked := check.Must(u.CreateToken(t.Context(), "old", scopeMCP))(t)
	check.NoError(t, u.RevokeToken(t.Context(), revoked.ID))
	add := rpc("add_task", client.Fields{"title": "x"})

	metadata := frontDoor + "/.well-known/oauth-protected-resource/mcp"
	refused := func(token, error string, status int) {
		t.Helper()
		r := do(t, u.As(token), add)
		expectProblem(t, r, status)
		said := r.Header.Get("WWW-Authenticate")
		if !strings.Contains(said, `scope="mcp"`) || !strings.Contains(said, fmt.Sprintf("resource_metadata=%q", metadata)) ||
			error != "" && !strings.Contains(said, fmt.Sprintf("error=%q", error)) {
			t.Errorf("WWW-Authenticate: %s", said)
		}
	}
	refused("", "", http.StatusUnauthorized)
	refused(revoked.Secret, "invalid_token", http.StatusUnauthorized)
	refused(narrow.Secret, "insufficient_scope", http.StatusForbidden)
	for name, bad := range badTokens(t, u) {
		t.Run(name, func(t *testing.T) { refused(bad, "", http.StatusUnauthorized) })
	}
	for _, origin := range []string{"https://evil.example", "null", frontDoor + ".evil.example"} {
		r := add
		r.Header = mcpHeader("Origin", origin)
		expectProblem(t, do(t, u.As(pat.Secret), r), http.StatusForbidden)
	}
	if seq, _ := u.state(t); seq != u.minted.Load() {
		t.Fatalf("seq %d", seq)
	}
	r := add
	r.Header = mcpHeader("Origin", frontDoor)
	expectStatus(t, do(t, u.As(pat.Secret), r), http.StatusOK)
	expectStatus(t, do(t, u.Client, add), http.StatusOK) // a session may do everything

	for _, path := range []string{"/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp"} {
		var m struct {
			Resource             string
			AuthorizationServers []string `json:"authorization_servers"`
			ScopesSupported      []string `json:"scopes_supported"`
		}
		check.NoError(t, do(t, u.As(""), client.Request{Method: http.MethodGet, Path: path}).Decode(path, http.StatusOK, &m))
		if m.Resource != frontDoor+"/mcp" || len(m.AuthorizationServers) != 1 || m.ScopesSupported[0] != scopeMCP {
			t.Errorf("%s: %+v", path, m)
		}
	}
	// The function's own credentials admit no other client.
	for _, path := range []string{"/internal/token", "/internal/events/task-events"} {
		if r := do(t, u.Client, client.Request{Method: http.MethodPost, Path: path, JSON: client.Fields{}}); r.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.Status)
		}
	}
}

// TestMCP_ReadOnly: an assistant with tasks:read mcp sees the tasks, gets no tool that changes them, and cannot call
// one.
func TestMCP_ReadOnly(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	kept := u.create(t, client.Fields{"title": "Kept"})
	a := connect(t, check.Must(u.CreateToken(t.Context(), "reader", scopeRead, scopeMCP))(t).Secret)
	for _, tool := range check.Must(a.ListTools(t.Context(), nil))(t).Tools {
		if !tool.Annotations.ReadOnlyHint {
			t.Errorf("%s is offered", tool.Name)
		}
	}
	for tool, arguments := range map[string]client.Fields{
		"add_task": {"title": "x"}, "update_task": {"id": kept.ID, "title": "x"}, "complete_task": {"id": kept.ID}, "delete_task": {"id": kept.ID},
	} {
		if text := refuse(t, a, tool, arguments); !strings.Contains(text, "insufficient scope") {
			t.Errorf("%s: %s", tool, text)
		}
	}
	if got := call[struct{ Task client.Task }](t, a, "get_task", client.Fields{"id": kept.ID}); got.Task.Title != "Kept" {
		t.Errorf("%+v", got)
	}
	if seq, _ := u.state(t); seq != 1+u.minted.Load() {
		t.Errorf("seq %d", seq)
	}
}

// TestMCP_WhatIsNoRequest is rejected with an HTTP status, and changes nothing.
func TestMCP_WhatIsNoRequest(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	pat := u.As(check.Must(u.CreateToken(t.Context(), "assistant", scopeMCP))(t).Secret)
	send := func(header map[string]string, body string) *client.Response {
		return do(t, pat, client.Request{Method: http.MethodPost, Path: "/mcp", Header: header, Body: []byte(body)})
	}
	call := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"add_task","arguments":{"title":"x"}}}`
	for name, c := range map[string]struct {
		header map[string]string
		body   string
		status int
	}{
		"no JSON":              {mcpHeader(), `{"jsonrpc`, 400},
		"nothing":              {mcpHeader(), ``, 400},
		"null":                 {mcpHeader(), `null`, 400},
		"a number":             {mcpHeader(), `1`, 400},
		"an empty batch":       {mcpHeader(), `[]`, 400},
		"a batch":              {mcpHeader(), `[` + call + `]`, 400},
		"no version":           {mcpHeader(), `{"id":1,"method":"tools/list"}`, 400},
		"another version":      {mcpHeader(), `{"jsonrpc":"1.0","id":1,"method":"tools/list"}`, 400},
		"deep":                 {mcpHeader(), `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`, 400},
		"an unknown revision":  {mcpHeader("MCP-Protocol-Version", "1999-01-01"), call, 400},
		"a revision unproved":  {mcpHeader("MCP-Protocol-Version", "2026-07-28"), call, 400},
		"another media type":   {mcpHeader("Content-Type", "text/plain"), call, 415},
		"no answer acceptable": {mcpHeader("Accept", "text/html"), call, 400},
		"1 MB of arguments":    {mcpHeader(), strings.Replace(call, "x", strings.Repeat("x", 1<<20), 1), 413},
	} {
		t.Run(name, func(t *testing.T) {
			r := send(c.header, c.body)
			if r.Status != c.status {
				t.Fatalf("%d %.300s", r.Status, r.Body)
			}
			if r.Status != 400 {
				expectProblem(t, r, c.status)
				return
			}
			var answer struct {
				Error struct {
					Code    int
					Message string
				}
			}
			if err := json.Unmarshal(r.Body, &answer); err != nil || answer.Error.Code > -32000 || answer.Error.Message == "" {
				t.Errorf("%v: %s", err, r.Body)
			}
		})
	}
	// The response has the request's id, even if its method or parameters are unknown.
	for body, code := range map[string]int{
		`{"jsonrpc":"2.0","id":"a","method":"tasks/drop"}`: -32601,
		`{"jsonrpc":"2.0","id":"a","method":"tools/call"}`: -32600,
	} {
		var answer struct {
			ID    string
			Error struct{ Code int }
		}
		r := send(mcpHeader(), body)
		if err := json.Unmarshal(r.Body, &answer); err != nil || answer.ID != "a" || answer.Error.Code != code {
			t.Errorf("%s: %v: %d %s", body, err, r.Status, r.Body)
		}
	}
	// Without Accept, any type is acceptable.
	anything := mcpHeader()
	delete(anything, "Accept")
	expectStatus(t, send(anything, `{"jsonrpc":"2.0","id":1,"method":"ping"}`), http.StatusOK)
	// Input that crashes a lenient parser kills no process: there is a response, whatever it says.
	for _, params := range []string{
		`null`, `[]`, `{}`, `{"name":"add_task","arguments":null}`, `{"name":"add_task","arguments":[]}`, `{"name":null}`,
		`{"name":"list_tasks","arguments":{"tags":null,"limit":null}}`, `{"name":"add_task","arguments":{"title":"x","recurrence":null,"due_at":1}}`,
		`{"_meta":null,"name":"add_task"}`, `{"_meta":{"taskwire.dev/conversation":1},"name":"get_task","arguments":{"id":null}}`,
	} {
		for _, method := range []string{"tools/call", "resources/read", "prompts/get", "initialize", "server/discover", "completion/complete"} {
			r := send(mcpHeader(), `{"jsonrpc":"2.0","id":1,"method":"`+method+`","params":`+params+`}`)
			if r.Status != http.StatusOK && r.Status != http.StatusBadRequest {
				t.Errorf("%s %s: %d %s", method, params, r.Status, r.Body)
			}
		}
	}
	for _, method := range []string{http.MethodGet, http.MethodDelete, http.MethodPut} {
		r := do(t, pat, client.Request{Method: method, Path: "/mcp", Header: mcpHeader()})
		expectProblem(t, r, http.StatusMethodNotAllowed)
		if r.Header.Get("Allow") != http.MethodPost {
			t.Errorf("%s: %v", method, r.Header)
		}
	}
	if seq, _ := u.state(t); seq != u.minted.Load() {
		t.Fatalf("seq %d", seq)
	}
}

// TestMCP_RateLimit: the limit is shared by all assistants of a user, whatever the token.
func TestMCP_RateLimit(t *testing.T) {
	t.Parallel()
	u, other := newUser(t), newUser(t)
	hasty := u.As(check.Must(u.CreateToken(t.Context(), "hasty", scopeMCP))(t).Secret).Impatient()
	ping := client.Request{Method: http.MethodPost, Path: "/mcp", Header: mcpHeader(), JSON: client.Fields{"jsonrpc": "2.0", "id": 1, "method": "ping"}}
	var refused atomic.Pointer[client.Response]
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for deadline := time.Now().Add(timeout); refused.Load() == nil && time.Now().Before(deadline); {
				r, err := hasty.Do(t.Context(), ping)
				if err != nil {
					t.Error(err)
					return
				}
				if r.Status == http.StatusTooManyRequests {
					refused.Store(r)
				}
			}
		})
	}
	wg.Wait()
	if refused.Load() == nil {
		t.Fatalf("no rate limit within %v", timeout)
	}
	expectProblem(t, refused.Load(), http.StatusTooManyRequests)
	expectStatus(t, do(t, other.Impatient(), ping), http.StatusOK)
	expectStatus(t, do(t, u.Client, ping), http.StatusOK) // and the limit recovers
}

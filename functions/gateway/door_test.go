package function

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/eventually"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
)

func TestUpstream(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/api/auth/login": "auth", "/.well-known/jwks.json": "auth", "/.well-known/oauth-authorization-server": "auth",
		"/api/todos": "tasks", "/api/todos/": "tasks", "/api/todos/1/history": "tasks", "/api/history": "tasks",
		"/api/history/1/undo": "tasks", "/api/preferences": "tasks", "/api/events": "tasks",
		"/": "dashboard", "/app.js": "dashboard", "/apix": "dashboard", "/internals": "dashboard",
		"/api": nobody, "/api/": nobody, "/api/todosx": nobody, "/api/admin": nobody, "/api/admin/pipeline": "dead-letter", "/api/admin/dead-letters/x": "dead-letter", "/mcp": "mcp", "/mcpx": "dashboard",
		"/internal": nobody, "/internal/events/x": nobody, "/dapr/subscribe": nobody, "/health/readiness": nobody,
		"/.well-known/other": nobody, "/.well-known/oauth-protected-resource": "mcp", "/.well-known/oauth-protected-resource/mcp": "mcp",
	} {
		if got, _ := upstream(path); got != want {
			t.Errorf("%s goes to %q, want %q", path, got, want)
		}
	}
}

func TestClientAddress_BelievesOnlyTrustedProxies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		hops int
		said string
		want string
	}{
		{0, "", "192.0.2.1"},
		{0, "203.0.113.9", "192.0.2.1"},
		{1, "203.0.113.9", "203.0.113.9"},
		{1, "198.51.100.66, 203.0.113.9", "203.0.113.9"},
		{2, "198.51.100.66, 203.0.113.9, 10.0.0.1", "203.0.113.9"},
		{2, "203.0.113.9", "203.0.113.9"},
		{1, "nonsense", "192.0.2.1"},
		{1, "", "192.0.2.1"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.RemoteAddr = "[::ffff:192.0.2.1]:1234"
		if c.said != "" {
			r.Header.Set("X-Forwarded-For", c.said)
		}
		if got := clientAddress(r, c.hops).String(); got != c.want {
			t.Errorf("%d hops, %q: %s, want %s", c.hops, c.said, got, c.want)
		}
	}
}

func TestForward_WhatTheFunctionGets(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	token := "Bearer " + b.person(t).bearer
	res := b.send(t, "POST", "/api/todos?a=1&b=%2F", `{"title":"x"}`, "Content-Type", "application/json", "Authorization", token,
		"Dapr-Caller-App-Id", "gateway", "Taskwire-Status", "500", "X-Forwarded-For", "203.0.113.9", "X-Forwarded-Proto", "https", "Forwarded", "for=203.0.113.9", "Dapr-Api-Token", "guess",
		"Connection", "X-Secret, Upgrade", "X-Secret", "1", "Upgrade", "websocket", "Traceparent", trace, "Tracestate", "a=b", "Idempotency-Key", "k")
	if res.StatusCode != 200 || res.text != "tasks" {
		t.Fatalf("answer %d %q", res.StatusCode, res.text)
	}
	r := <-b.behind["tasks"].got
	body, _ := r.GetBody()
	if text, _ := io.ReadAll(body); string(text) != `{"title":"x"}` || r.RequestURI != "/api/todos?a=1&b=%2F" {
		t.Errorf("got %s %s", r.RequestURI, text)
	}
	for name, want := range map[string]string{
		"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "http", "X-Forwarded-Host": strings.TrimPrefix(b.url, "http://"),
		"Forwarded": "", "Dapr-Api-Token": "", "Dapr-Caller-App-Id": "", "Taskwire-Status": "", "Taskwire-Envelope": "", "X-Secret": "", "Upgrade": "", "Traceparent": trace, "Tracestate": "a=b",
		"Authorization": token, "Idempotency-Key": "k", "Content-Type": "application/json",
	} {
		if got := strings.Join(r.Header.Values(name), "|"); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if r.Host != strings.TrimPrefix(b.behind["tasks"].URL, "http://") {
		t.Errorf("Host is %s", r.Host)
	}
	b.send(t, "GET", "/api/todos", "", "Authorization", token, "Traceparent", "00-0-0-01", "Tracestate", "a=b")
	if r = <-b.behind["tasks"].got; !telemetry.ValidTraceparent(r.Header.Get("Traceparent")) || r.Header.Get("Tracestate") != "" {
		t.Errorf("a bad traceparent became %q %q", r.Header.Get("Traceparent"), r.Header.Get("Tracestate"))
	}
}

func TestHeaders_OfAllAnswers(t *testing.T) { // send checks them
	t.Parallel()
	b := setup(t, "PUBLIC_URL", "https://tasks.example.com")
	for path, status := range map[string]int{"/": 200, "/api/todos": 401, "/api/auth/login": 401, "/api/none": 404, "/api/status": 401, "/api/stream/tasks": 401, "/internal/events/task-updates": 404} {
		res := b.send(t, "GET", path, "")
		if res.StatusCode != status {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
		if res.Header.Get("Strict-Transport-Security") == "" || res.Header.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s: %v", path, res.Header)
		}
		if csp := res.Header.Get("Content-Security-Policy"); (csp == "default-src 'self'") != (path == "/") {
			t.Errorf("%s: %s", path, csp)
		}
	}
}

func TestNotReachable(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{
		"/internal", "/internal/", "/internal/events/other", "/dapr/config", "/health/liveness", "/api/none",
		"/%69nternal/events/x", "/api/todos/%2e%2e/%2e%2e/internal/x", "/api/todos/..%2f..%2f..%2fhealth/readiness", "/api/todos//x",
	} {
		for _, method := range []string{"GET", "POST"} {
			if res := b.send(t, method, path, ""); res.StatusCode != http.StatusNotFound {
				t.Errorf("%s %s: %d %s", method, path, res.StatusCode, res.text)
			}
		}
	}
	for _, method := range []string{"TRACE", "PROPFIND"} {
		for path, allow := range map[string]string{"/api/todos": "GET, HEAD, POST", "/": "GET, HEAD, POST", "/api/status": "GET, HEAD", "/api/stream/tasks": "GET, HEAD"} {
			for _, body := range []string{"", "a body that nobody reads"} {
				if res := b.send(t, method, path, body); res.StatusCode != 405 || res.Header.Get("Allow") != allow {
					t.Errorf("%s %s: %d, Allow %q, want %q", method, path, res.StatusCode, res.Header.Get("Allow"), allow)
				}
			}
		}
		if res := b.send(t, method, "/internal/events/other", ""); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", method, res.StatusCode)
		}
	}
	res := b.send(t, "POST", "/api/auth/refresh", "", "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("a page of another origin got %d", res.StatusCode)
	}
}

func TestBodyTooLarge(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token := "Bearer " + b.person(t).bearer
	large := strings.Repeat("x", httpapi.MaxBody+1)
	if res := b.send(t, "POST", "/api/todos", large, "Authorization", token); res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("with Content-Length: %d", res.StatusCode)
	}
	r, err := http.NewRequestWithContext(t.Context(), "POST", b.url+"/api/todos", io.MultiReader(strings.NewReader(large)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", token)
	if res := b.do(t, r); res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("chunked: %d", res.StatusCode)
	}
	for path, limit := range map[string]int{"/api/todos": httpapi.MaxBody, "/api/auth/login": httpapi.MaxAccountBody, "/mcp": httpapi.MaxCallBody, "/": 64 << 10} {
		if res := b.send(t, "POST", path, large[:limit+1], "Authorization", token); res.StatusCode != http.StatusRequestEntityTooLarge || !res.Close {
			t.Errorf("too much for %s: %d", path, res.StatusCode)
		}
		if res := b.send(t, "POST", path, large[:limit], "Authorization", token); res.StatusCode != http.StatusOK {
			t.Errorf("as much as %s takes: %d", path, res.StatusCode)
		}
	}
}

// TestAnsweredEarly: the rest of a body that its function did not read must not be parsed as the next request.
func TestAnsweredEarly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	rest, end := io.Pipe()
	defer end.Close()
	r, err := http.NewRequestWithContext(t.Context(), "POST", b.url+"/api/todos", io.MultiReader(strings.NewReader("the beginning"), rest))
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = 1 << 20 // the rest never arrives
	r.Header.Set("Want-Status", "401")
	r.Header.Set("Authorization", "Bearer "+b.person(t).bearer)
	res := b.do(t, r)
	if res.StatusCode != http.StatusUnauthorized || !res.Close {
		t.Errorf("%d, and the connection is kept: %t", res.StatusCode, !res.Close)
	}
}

func TestUpstreamAway_503(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token := "Bearer " + b.person(t).bearer
	if res := b.send(t, "GET", "/api/todos", "", "Want-Status", "502", "Authorization", token); res.StatusCode != 503 {
		t.Errorf("bad gateway behind: %d", res.StatusCode)
	}
	b.behind["tasks"].CloseClientConnections()
	b.behind["tasks"].Close()
	for _, method := range []string{"GET", "POST"} {
		if res := b.send(t, method, "/api/todos", "x", "Authorization", token); res.StatusCode != 503 {
			t.Errorf("%s: %d", method, res.StatusCode)
		}
	}
	if res := b.send(t, "GET", "/", ""); res.StatusCode != 200 {
		t.Errorf("the dashboard went with it: %d", res.StatusCode)
	}
	// The sidecar is missing. The problem names the requested function, not the sidecar.
	res := b.send(t, "GET", "/api/notifications/unread-count?x=1", "", "Authorization", token)
	if res.StatusCode != 503 || !strings.Contains(res.text, `"instance":"/api/notifications/unread-count"`) {
		t.Errorf("%d %s", res.StatusCode, res.text)
	}
}

func TestRateLimit_PerUserElsePerAddress(t *testing.T) {
	t.Parallel()
	b := setup(t, "RATE_LIMIT_PER_SECOND", "0.01", "RATE_LIMIT_BURST", "3")
	ada, bob := b.person(t), b.person(t)
	forged := b.sign(t, ada.UserID, token.KindSession, time.Now().Add(-time.Minute), token.Scopes...)
	count := func(bearer string) (good int) {
		for range 5 {
			switch res := b.send(t, "GET", "/api/todos", "", "Authorization", bearer); res.StatusCode {
			case 200, 401: // not rate limited
				good++
			case 429:
			default:
				t.Fatalf("answer %d", res.StatusCode)
			}
		}
		return good
	}
	for _, c := range []struct {
		who, bearer string
		want        int
	}{
		{"ada with an expired token", "Bearer " + forged.bearer, 3}, // counts for the address
		{"the same address", "", 0},
		{"ada", "Bearer " + ada.bearer, 3},
		{"bob", "Bearer " + bob.bearer, 3},
	} {
		if got := count(c.bearer); got != c.want {
			t.Errorf("%s: %d of 5 were looked at, want %d", c.who, got, c.want)
		}
	}
}

// The access token of a session that has ended reaches no function that needs one, however long it is valid.
func TestEndedSession_ItsTokenIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ended, open := uuid.New(), uuid.New()
	bearer := func(session uuid.UUID) string {
		now := time.Now()
		return "Bearer " + b.signer.In(session).Sign(t, uuid.New(), uuid.New(), token.KindSession, "user", token.Scopes, now.Add(-time.Minute), now.Add(time.Hour))
	}
	user := uuid.New()
	b.sql(t, `INSERT INTO app_user (id, email, name, password_hash, created_at) VALUES ($1, 'ada@example.com', 'Ada', '', now())`, user)
	for _, id := range []uuid.UUID{ended, open} {
		b.sql(t, `INSERT INTO session (id, user_id, device, network, created_at, used_at, expires_at, ends_at) VALUES ($1, $2, '', 'unknown', now(), now(), now() + interval '1 hour', now() + interval '1 hour')`, id, user)
	}
	of := map[uuid.UUID]string{ended: bearer(ended), open: bearer(open)}
	requests := [][2]string{{"GET", "/api/todos"}, {"POST", "/api/todos"}, {"GET", "/api/auth/me"}, {"GET", "/api/export"}, {"POST", "/mcp"}}
	for _, r := range requests {
		if res := b.send(t, r[0], r[1], "", "Authorization", of[ended]); res.StatusCode != 200 {
			t.Errorf("%s %s before the end: %d %s", r[0], r[1], res.StatusCode, res.text)
		}
	}
	b.sql(t, `UPDATE session SET ended_at = now() WHERE id = $1`, ended)
	eventually.True(t, "the end is known", func() bool { return b.hub.Ended(ended) })
	for _, r := range requests {
		if res := b.send(t, r[0], r[1], "", "Authorization", of[ended]); res.StatusCode != 401 {
			t.Errorf("%s %s: %d %s", r[0], r[1], res.StatusCode, res.text)
		}
		if res := b.send(t, r[0], r[1], "", "Authorization", of[open]); res.StatusCode != 200 {
			t.Errorf("%s %s of another session: %d %s", r[0], r[1], res.StatusCode, res.text)
		}
	}
	// Signing in again and a repeated logout need no token.
	for _, path := range []string{"/api/auth/login", "/api/auth/logout"} {
		if res := b.send(t, "POST", path, "", "Authorization", of[ended]); res.StatusCode != 200 {
			t.Errorf("%s: %d %s", path, res.StatusCode, res.text)
		}
	}
}

func TestHint_OnlyFromTheSidecar(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const path = "/internal/events/task-updates"
	const good = `{"specversion":"1.0","id":"1","source":"/x","type":"sync.task-changed","data":{"user_id":"019aa8ef-1000-7b20-9c3d-4e5f60718293","seq":1}}`
	for _, header := range []string{"", "wrong", appToken + "x"} {
		if res := b.send(t, "POST", path, good, "Dapr-Api-Token", header); res.StatusCode != 404 {
			t.Errorf("token %q: %d", header, res.StatusCode)
		}
	}
	if res := b.send(t, "GET", path, "", "Dapr-Api-Token", appToken); res.StatusCode != 404 {
		t.Errorf("GET: %d", res.StatusCode)
	}
	for body, want := range map[string]string{
		good: "",
		`{"type":"sync.notification-created","data":{"user_id":"019aa8ef-1000-7b20-9c3d-4e5f60718293"}}`: "",
		``: `{"status":"DROP"}`, `{}`: `{"status":"DROP"}`, `nonsense`: `{"status":"DROP"}`,
		`{"type":"sync.task-changed","data":{"user_id":"x","seq":1}}`: `{"status":"DROP"}`,
		`{"type":"sync.task-changed","data":"x"}`:                     `{"status":"DROP"}`,
		// a bulk delivery, as the sidecar sends it
		`{"id":"","type":"com.dapr.event.sent.bulk","topic":"task-updates","entries":[` +
			`{"entryId":"0","contentType":"application/cloudevents+json","event":` + good + `},{"entryId":"1","event":"x"}]}`: `{"statuses":[{"entryId":"0","status":"SUCCESS"},{"entryId":"1","status":"DROP"}]}`,
		`{"type":"com.dapr.event.sent.bulk","entries":[]}`: `{"statuses":[]}`,
	} {
		if res := b.send(t, "POST", path, body, "Dapr-Api-Token", appToken); res.StatusCode != 200 || res.text != want {
			t.Errorf("%s: %d %q, want %q", body, res.StatusCode, res.text, want)
		}
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := b.person(t)
	ask := func() map[string]string {
		t.Helper()
		res := b.send(t, "GET", "/api/status", "", "Authorization", "Bearer "+ada.bearer)
		var s struct {
			Status string
			Parts  []struct{ Name, Status string }
		}
		if err := json.Unmarshal([]byte(res.text), &s); err != nil || res.StatusCode != 200 {
			t.Fatalf("%d %s", res.StatusCode, res.text)
		}
		parts := map[string]string{"": s.Status}
		for _, p := range s.Parts {
			parts[p.Name] = p.Status
		}
		return parts
	}
	parts := ask()
	for name, want := range map[string]string{"auth": "up", "tasks": "up", "dashboard": "up", "dead-letter": "up", unrouted: "up", "postgres": "up", "redis": "up", "sidecar": "down", "": "degraded"} {
		if parts[name] != want {
			t.Errorf("%s is %s, want %s", name, parts[name], want)
		}
	}
	b.behind["tasks"].Close()
	b.db.Drop(t)
	eventually.True(t, "tasks and postgres are down", func() bool { parts := ask(); return parts["tasks"] == "down" && parts["postgres"] == "down" })
	if res := b.send(t, "GET", "/api/status", ""); res.StatusCode != 401 {
		t.Errorf("without a token: %d", res.StatusCode)
	}
}

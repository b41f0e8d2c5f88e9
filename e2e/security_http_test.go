package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

const tooLarge = 4<<20 + 1

// TestBody_TooLarge is 413 on every route that accepts a body: at once if its Content-Length says so, or when a chunked
// body exceeds the limit.
func TestBody_TooLarge(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Small"})
	chunk := "10000\r\n" + strings.Repeat(" ", 0x10000) + "\r\n"
	chunks := strings.Repeat(chunk, tooLarge/0x10000+1) + "0\r\n\r\n"
	for _, c := range []struct{ method, path, kind string }{
		{"POST", "/api/todos", "application/json"},
		{"POST", "/api/todos/batch", "application/json"},
		{"PUT", "/api/todos/" + task.ID, "application/json"},
		{"PATCH", "/api/todos/" + task.ID, mergePatch},
		{"PATCH", "/api/todos/" + task.ID + "/complete", "application/json"},
		{"POST", "/api/todos/" + task.ID + "/restore", "application/json"},
		{"POST", "/api/todos/" + task.ID + "/skip", "application/json"},
		{"PUT", "/api/preferences", "application/json"},
		{"POST", "/api/projects", "application/json"},
		{"POST", "/api/todos/" + task.ID + "/comments", "application/json"},
		{"POST", "/api/events", "application/cloudevents+json"},
		{"POST", "/api/events", "application/json\r\nce-specversion: 1.0\r\nce-id: 1\r\nce-source: /a\r\nce-type: task.create"},
		{"POST", "/api/auth/register", "application/json"},
		{"POST", "/api/auth/login", "application/json"},
		{"POST", "/api/auth/tokens", "application/json"},
	} {
		t.Run(c.method+" "+c.path, func(t *testing.T) {
			t.Parallel()
			head := "Content-Type: " + c.kind + "\r\n"
			// The body is announced and never sent: the response must not wait for it.
			expectProblem(t, exchange(t, rawRequest(c.method, c.path, u, head+"Content-Length: 1073741824\r\n")), http.StatusRequestEntityTooLarge)
			expectProblem(t, exchange(t, rawRequest(c.method, c.path, u, head+"Transfer-Encoding: chunked\r\n")+chunks), http.StatusRequestEntityTooLarge)
		})
	}
	t.Run("just small enough", func(t *testing.T) {
		t.Parallel()
		body := `{"title":"Padded"` + strings.Repeat(" ", tooLarge-len(`{"title":"Padded"}`)-1) + "}"
		r := do(t, u.Client, client.Request{Method: "POST", Path: "/api/todos", Body: []byte(body), Header: map[string]string{"Content-Type": "application/json"}})
		expectStatus(t, r, http.StatusCreated)
	})
}

// TestBody_AnsweredEarly_EndsTheConnection: the part of the body that arrives after the response must not be parsed as
// the next request, and the next request must not be lost with it.
func TestBody_AnsweredEarly_EndsTheConnection(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	head := fmt.Sprintf("POST /api/auth/tokens HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n", hostHeader(), u.Token())
	r := exchange(t, head+"Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"+strings.Repeat(" ", 70_000))
	expectProblem(t, r, http.StatusRequestEntityTooLarge)
	if r.Header.Get("Connection") != "close" {
		t.Fatalf("%v", r.Header)
	}
}

// TestBody_Nasty sends malicious JSON to every route that accepts JSON.
func TestBody_Nasty(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Unhurt"})
	deep := func(open, end string) string { return strings.Repeat(open, 100_000) + strings.Repeat(end, 100_000) }
	bodies := map[string]string{
		"empty":               "",
		"space":               " \n",
		"deep lists":          deep("[", "]"),
		"deep lists, unended": strings.Repeat("[", 100_000),
		"deep objects":        deep(`{"title":`, "}"),
		"deep tags":           `{"title":"x","tags":` + deep("[", "]") + "}",
		"deep and ignored":    `{"title":"x","id":` + deep("[", "]") + "}",
		"invalid UTF-8":       "{\"title\":\"a\xff\xfeb\"}",
		"UTF-8 of surrogates": "{\"title\":\"\xed\xa0\x80\"}",
		"overlong UTF-8":      "{\"title\":\"\xc0\xaf\"}",
		"UTF-16":              "\xff\xfe{\x00\"\x00",
		"byte order mark":     "\xef\xbb\xbf{\"title\":\"x\"}",
		"NUL":                 "{\"title\":\"a\x00b\"}",
		"escaped NUL":         `{"title":"a\u0000b"}`,
		"twice":               `{"title":"a"}{"title":"b"}`,
		"trailing comma":      `{"title":"a",}`,
		"comment":             `{"title":"a"/*x*/}`,
		"single quotes":       `{'title':'a'}`,
		"NaN":                 `{"title":NaN}`,
		"half a surrogate":    `{"title":"\ud83d"}`,
		"its other half":      `{"title":"\ude00\ud83d"}`,
		"a list":              `["title"]`,
		"a string":            `"title"`,
		"a number":            `1e999999999`,
		"a great number":      `{"title":"x","completed":1e999}`,
		"null":                `null`,
		"other case":          `{"TITLE":"x"}`,
		"prototype":           `{"title":"x","__proto__":{"admin":true}}`,
		"a member twice":      `{"title":"a","title":"b"}`,
		"twice by escape":     `{"title":"a","\u0074itle":"b"}`,
	}
	targets := []client.Request{
		{Method: "POST", Path: "/api/todos"},
		{Method: "PUT", Path: "/api/todos/" + task.ID},
		{Method: "PATCH", Path: "/api/todos/" + task.ID, Header: map[string]string{"Content-Type": mergePatch}},
		{Method: "PATCH", Path: "/api/todos/" + task.ID + "/complete"},
		{Method: "POST", Path: "/api/todos/batch"},
		{Method: "PUT", Path: "/api/preferences"},
		{Method: "POST", Path: "/api/projects"},
		{Method: "POST", Path: "/api/todos/" + task.ID + "/comments"},
		{Method: "POST", Path: "/api/events", Header: map[string]string{"Content-Type": "application/cloudevents+json"}},
		{Method: "POST", Path: "/api/events", Header: map[string]string{"ce-specversion": "1.0", "ce-id": "n", "ce-source": "/n", "ce-type": "task.create"}},
		{Method: "POST", Path: "/api/events", Header: map[string]string{
			"ce-specversion": "1.0", "ce-id": "n", "ce-source": "/n", "ce-type": "task.update", "ce-subject": task.ID,
		}},
		{Method: "POST", Path: "/api/auth/register"},
		{Method: "POST", Path: "/api/auth/login"},
		{Method: "POST", Path: "/api/auth/tokens"},
	}
	for i, target := range targets {
		t.Run(fmt.Sprint(target.Method, " ", target.Path, " ", i), func(t *testing.T) {
			t.Parallel()
			for name, body := range bodies {
				r := target
				r.Body = []byte(body)
				r.Header = map[string]string{"Content-Type": "application/json"}
				for k, v := range target.Header {
					r.Header[k] = v
				}
				answer := do(t, u.Client, r)
				// Account routes accept at most 64 KiB.
				small := answer.Status == 413 && strings.HasPrefix(r.Path, "/api/auth/") && len(body) > 64<<10
				if answer.Status != 400 && answer.Status != 422 && !small {
					t.Errorf("%s: %d %.300s", name, answer.Status, answer.Body)
				} else if _, wrong := readProblem(answer); wrong != "" {
					t.Errorf("%s: %s: %.300s", name, wrong, answer.Body)
				}
			}
		})
	}
	t.Cleanup(func() {
		if seq, tasks, err := stateOf(u); err != nil || seq != 1 || tasks != 1 {
			t.Errorf("something was stored: seq %d, %d tasks, %v", seq, tasks, err)
		}
	})
}

// TestPath_Tricks: no spelling of a path leads to another route.
func TestPath_Tricks(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Mine"})
	for _, target := range []string{
		"//api/todos", "/api//todos", "/api/todos/", "/api/./todos", "/api/todos/../history", "/api/%2e%2e/internal/events/task-updates",
		"/api/todos/%2e%2e/history", "/api/todos%2F" + task.ID, "/api%2Ftodos", "/%61pi/todos/..%2f..", "/api/todos/" + task.ID + "%2Fhistory",
		"/api/todos/" + task.ID + "/..", "/api/todos/" + task.ID + "%00", "/api/todos/%00", "/api/todos/" + task.ID + ";x=1", "/API/todos",
		"/api/todos/" + task.ID + "/history/", "/api/auth/../todos", "/api/todos/%ff", "/api/todos/" + strings.Repeat("a", 8000),
		"/api/todos/{id}", "/api/todos/" + task.ID + "/undo", "/api/nothing", "/api", "/api/", "/api/auth", "/api/stream",
		"/api/todos\\..\\history", "//evil.example/api", "///evil.example", "/\\evil.example", "/api/..//evil.example",
	} {
		t.Run(target[:min(len(target), 60)], func(t *testing.T) {
			t.Parallel()
			answer := exchange(t, rawRequest("GET", target, u, ""))
			// Here a function's own server redirects paths with dots or double slashes to the clean path.
			to := answer.Header.Get("Location")
			if answer.Status == http.StatusTemporaryRedirect && strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") {
				return
			}
			if answer.Status != http.StatusNotFound && answer.Status != http.StatusBadRequest {
				t.Fatalf("%d %v %.300s", answer.Status, answer.Header, answer.Body)
			}
		})
	}
	for _, target := range []string{"http://127.0.0.1:1/api/todos", "*"} {
		if answer := exchange(t, rawRequest("GET", target, u, "")); answer.Status >= 500 {
			t.Fatalf("%s: %d", target, answer.Status)
		}
	}
	// An id in upper case is the same id.
	expectStatus(t, u.get(t, strings.ToUpper(task.ID)), http.StatusOK)
	// Other forms that a lenient parser accepts are not.
	for _, id := range []string{"%7B" + task.ID + "%7D", "urn:uuid:" + task.ID, strings.ReplaceAll(task.ID, "-", "")} {
		expectProblem(t, u.get(t, id), http.StatusNotFound)
	}
}

// TestInternalRoutes cannot be reached from outside, whatever the caller claims to be.
func TestInternalRoutes(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for _, path := range []string{
		"/internal/events/task-updates", "/internal", "/dapr/subscribe", "/dapr/config", "/cron-outbox-relay", "/cron-overdue-check", "/internal/events/reminders", "/v1.0/healthz", "/v1.0/metadata",
		"/v1.0/invoke/tasks/method/api/todos", "/v1.0/publish/pubsub/task-events", "/v1.0/secrets/secrets/bulk", "/metrics", "/debug/pprof/",
		"/debug/vars", "/task-updates", "/events/task-updates", "/api/internal/events/task-updates", "/.git/config", "/.env", "/func.yaml",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodOptions} {
			r := do(t, client.New(frontDoor, transport).As(u.Token()).Patient(), client.Request{
				Method: method, Path: path, JSON: client.Fields{"specversion": "1.0"}, Header: map[string]string{
					"dapr-api-token": "guess", "dapr-caller-app-id": "gateway", "X-Forwarded-For": "127.0.0.1", "Content-Type": "application/cloudevents+json",
				},
			})
			if r.Status/100 == 2 || r.Status >= 500 {
				t.Errorf("%s %s: %d %.200s", method, path, r.Status, r.Body)
			}
		}
	}
}

func TestMethods(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Stays"})
	path := "/api/todos/" + task.ID
	for name, methods := range map[string][]string{
		"/api/todos":       {"PUT", "PATCH", "DELETE"},
		"/api/todos/batch": {},
		path:               {"POST"},
		path + "/complete": {"GET", "POST", "PUT", "DELETE"},
		path + "/restore":  {"GET", "PUT", "PATCH", "DELETE"},
		path + "/skip":     {"GET", "PUT", "PATCH", "DELETE"},
		path + "/history":  {"POST", "PUT", "PATCH", "DELETE"},
		"/api/history":     {"POST", "PUT", "PATCH", "DELETE"},
		"/api/preferences": {"POST", "PATCH", "DELETE"},
		"/api/events":      {"GET", "PUT", "PATCH", "DELETE"},
		"/api/status":      {"POST", "PUT", "PATCH", "DELETE"},
		"/api/auth/me":     {"POST", "PUT", "PATCH", "DELETE"},
		"/api/auth/login":  {"GET", "PUT", "PATCH", "DELETE"},
	} {
		for _, method := range append(methods, "BREW", "PROPFIND") {
			answer := do(t, u.Client, client.Request{Method: method, Path: name})
			p := expectProblem(t, answer, http.StatusMethodNotAllowed)
			if slices.Contains(strings.Split(answer.Header.Get("Allow"), ", "), method) {
				t.Errorf("%s %s is both rejected and listed in Allow: %+v", method, name, p)
			}
		}
	}
	// Nor does Allow name a method that another path would have.
	for name, allow := range map[string]string{
		"/api/projects": "GET, HEAD, POST", "/api/sections": "GET, HEAD, POST", "/api/tags": "GET, HEAD, POST",
		"/api/todos": "GET, HEAD, POST", "/api/todos/batch": "POST", "/api/todos/counts": "GET, HEAD", "/api/todos/trash": "DELETE, GET, HEAD", "/api/todos/parse": "POST",
		path + "/comments": "GET, HEAD, POST", path + "/comments/" + absentID: "DELETE, PATCH", "/api/todos/comment-counts": "GET, HEAD",
		path: "DELETE, GET, HEAD, PATCH, PUT", "/api/stream/tasks": "GET, HEAD", "/api/auth/tokens": "GET, HEAD, POST", "/": "GET, HEAD",
		"/api/notifications/read-all": "POST", "/mcp": "POST", "/.well-known/jwks.json": "GET, HEAD",
	} {
		for _, method := range []string{"OPTIONS", "PROPFIND", "BREW"} {
			if r := do(t, u.Client, client.Request{Method: method, Path: name}); r.Status != 405 || r.Header.Get("Allow") != allow {
				t.Errorf("%s %s: %d, Allow %q, want %q", method, name, r.Status, r.Header.Get("Allow"), allow)
			}
		}
	}
	for _, method := range []string{"PUT", "PATCH", "DELETE"} {
		for _, name := range []string{"/api/todos/batch", "/api/todos/counts", "/api/todos/quick"} {
			expectProblem(t, do(t, u.Client, client.Request{Method: method, Path: name}), http.StatusMethodNotAllowed)
		}
	}
	// Headers that override the method elsewhere have no effect.
	for _, header := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"} {
		r := client.Request{Method: "GET", Path: path, Header: map[string]string{header: "DELETE", "X-Original-URL": "/api/history", "X-Rewrite-URL": "/api/history"}}
		expectStatus(t, do(t, u.Client, r), http.StatusOK)
	}
	expectProblem(t, do(t, u.Client, client.Request{Method: "POST", Path: path + "?_method=DELETE"}), http.StatusMethodNotAllowed)
	same(t, "the task", check.Must(u.Task(t.Context(), task.ID))(t), task)
}

func TestHeaders_TooLong(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	long := "X-Long: " + strings.Repeat("a", 4<<20) + "\r\n"
	if r := exchange(t, rawRequest("GET", "/api/todos", u, long)); r.Status < 400 || r.Status > 499 {
		t.Fatalf("%d", r.Status)
	}
	many := strings.Repeat("X-Many: a\r\n", 200_000)
	if r := exchange(t, rawRequest("GET", "/api/todos", u, many)); r.Status < 400 || r.Status > 499 {
		t.Fatalf("%d", r.Status)
	}
	for _, header := range []string{"If-Match", "If-None-Match", "traceparent", "Last-Event-ID", "Accept", "Cookie", "ce-id"} {
		r := do(t, u.Client, client.Request{Method: "GET", Path: "/api/todos", Header: map[string]string{header: strings.Repeat(`"a",`, 5000)}})
		if r.Status >= 500 {
			t.Fatalf("%s: %d", header, r.Status)
		}
	}
	for name, header := range map[string]string{
		"NUL": "X-Nul: a\x00b\r\n", "no name": ": x\r\n", "space in the name": "X Y: z\r\n", "two lengths": "Content-Length: 1\r\nContent-Length: 2\r\n",
		"length is none": "Content-Length: -1\r\n", "unknown coding": "Transfer-Encoding: gzip\r\n",
	} {
		if r := exchange(t, rawRequest("POST", "/api/todos", u, header)); r.Status < 400 || (r.Status > 499 && r.Status != 501) {
			t.Fatalf("%s: %d", name, r.Status)
		}
	}
}

// TestSecurityHeaders are on every response: dashboard, API, and rejections.
func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for _, path := range []string{"/", "/api/todos", "/api/nothing", "/api/auth/me", "/no/such/page"} {
		r := do(t, u.Client, client.Request{Method: "GET", Path: path, Header: map[string]string{"Origin": "https://evil.example"}})
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "", "Content-Security-Policy": "frame-ancestors", "X-Frame-Options": "DENY",
		} {
			if got := r.Header.Get(name); got == "" || !strings.Contains(got, want) {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		for _, name := range []string{"Server", "X-Powered-By", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"} {
			if got := r.Header.Get(name); got != "" {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
}

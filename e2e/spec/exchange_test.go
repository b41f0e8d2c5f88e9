package spec

import (
	"net/http"
	"strings"
	"testing"
)

func TestCheckExchange_AcceptsWhatIsDocumented(t *testing.T) {
	t.Parallel()
	s, docs := Load(t), loadDocuments(t)
	task := "/api/todos/019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f"
	list := exchange{
		method: http.MethodGet, reqHeader: header("Authorization", bearer),
		path:   "/api/todos?status=open&priority=high&project=&tag=a&tag=b&due_before=2026-12-01T08:00:00%2B01:00&sort=-due_at&limit=10&cursor=eyJ9",
		status: 200, respHeader: header("Content-Type", "application/json"), respBody: openExample(t, docs, "TaskPage"),
	}
	unfiltered := list
	unfiltered.path = "/api/todos?status=&q=&sort=&due_after=&parent_id=&cursor="
	command := exchange{
		method: http.MethodPost, path: "/api/events", reqBody: `{"title":"Buy milk"}`,
		reqHeader: header("Authorization", bearer, "Content-Type", "application/json", "ce-specversion", "1.0", "ce-id", "1",
			"ce-source", "/laptop", "ce-type", "task.create"),
		status: 200, respHeader: header("Content-Type", "application/cloudevents+json"), respBody: openExample(t, docs, "TaskEvent"),
	}
	structured := command
	structured.reqHeader = header("Authorization", bearer, "Content-Type", "application/cloudevents+json")
	structured.reqBody = openExample(t, docs, "CompleteCommand")
	empty := command
	empty.reqHeader.Del("Content-Type")
	empty.reqBody, empty.status, empty.respHeader, empty.respBody = "", 204, http.Header{}, ""
	login := exchange{
		method: http.MethodPost, path: "/api/auth/login", reqBody: openExample(t, docs, "Login"), reqHeader: header("Content-Type", "application/json"),
		status: 200, respBody: openExample(t, docs, "Session"),
		respHeader: header("Content-Type", "application/json", "Cache-Control", "no-store",
			"Set-Cookie", "taskwire_refresh=q; Path=/api/auth; Max-Age=2592000; HttpOnly; SameSite=Strict",
			"Set-Cookie", "taskwire_session=a.b.c; Path=/api/stream; Max-Age=900; HttpOnly; Secure; SameSite=Strict"),
	}
	refresh := login
	refresh.path, refresh.reqBody, refresh.reqHeader = "/api/auth/refresh", "", header("Cookie", "taskwire_refresh=q")
	away := refused(t, 503, "unavailable")
	away.respHeader.Set("Retry-After", "2")
	denied := refused(t, 401, "unauthenticated")
	denied.reqHeader = http.Header{}
	denied.respHeader.Set("WWW-Authenticate", `Bearer realm="taskwire"`)
	for name, x := range map[string]exchange{
		"create":                createTask(t),
		"list":                  list,
		"filters without value": unfiltered,
		"no change since":       {method: "GET", path: task, reqHeader: header("Authorization", bearer, "If-None-Match", `"1"`), status: 304, respHeader: header("ETag", `"1"`)},
		"head":                  {method: "HEAD", path: task, reqHeader: header("Authorization", bearer), status: 200, respHeader: header("ETag", `"1"`)},
		"delete":                {method: "DELETE", path: task, reqHeader: header("Authorization", bearer, "If-Match", `"1", "2"`), status: 204},
		"merge patch":           {method: "PATCH", path: task, reqHeader: header("Authorization", bearer, "Content-Type", "application/merge-patch+json"), reqBody: `{"due_at":null,"version":3}`, status: 200, respHeader: header("Content-Type", "application/json", "ETag", `"1"`), respBody: openExample(t, docs, "Task")},
		"complete":              {method: "PATCH", path: task + "/complete", reqHeader: header("Authorization", bearer, "Content-Type", "application/json"), reqBody: `{"completed":true}`, status: 200, respHeader: header("Content-Type", "application/json", "ETag", `"2"`), respBody: openExample(t, docs, "CompletedOccurrence")},
		"batch":                 {method: "POST", path: "/api/todos/batch", reqHeader: header("Authorization", bearer, "Content-Type", "application/json"), reqBody: openExample(t, docs, "Batch"), status: 200, respHeader: header("Content-Type", "application/json"), respBody: openExample(t, docs, "BatchResults")},
		"history":               {method: "GET", path: "/api/history?after=0&limit=200", reqHeader: header("Authorization", bearer), status: 200, respHeader: header("Content-Type", "application/json"), respBody: openExample(t, docs, "HistoryPage")},
		"binary command":        command,
		"structured command":    structured,
		"command without data":  empty,
		"login":                 login,
		"refresh":               refresh,
		"stream by cookie":      {method: "GET", path: "/api/stream/tasks", reqHeader: header("Cookie", "taskwire_session=a.b.c", "Last-Event-ID", "4f1d-3"), status: 200, respHeader: header("Content-Type", "text/event-stream", "Cache-Control", "no-store")},
		"keys":                  {method: "GET", path: "/.well-known/jwks.json", status: 200, respHeader: header("Content-Type", "application/json"), respBody: openExample(t, docs, "KeySet")},
		"health":                {method: "GET", path: "/health/readiness", status: 200, respHeader: header("Content-Type", "text/plain; charset=utf-8"), respBody: "OK"},
		"a page":                {method: "GET", path: "/index.html", status: 200, respHeader: header("Content-Type", "text/html"), respBody: "<html>"},
		"wrong on purpose":      refused(t, 422, "invalid"),
		"away":                  away,
		"no token":              denied,
		"front door":            {method: "GET", path: "/api/auth/me", status: 431, respHeader: header("Content-Type", "application/problem+json"), respBody: problem(431, "headers-too-large")},
		"front door, the query": {method: "GET", path: "/api/auth/me?%zz", status: 400, respHeader: header("Content-Type", "application/problem+json"), respBody: strings.Replace(problem(400, "malformed"), `"detail":"x"`, `"detail":"the query of the URL is malformed"`, 1)},
		"front door, no route":  {method: "GET", path: "/api/nothing", status: 421, respHeader: header("Content-Type", "application/problem+json"), respBody: problem(421, "misdirected")},
		"unknown route":         {method: "GET", path: "/api/nothing", status: 404, respHeader: header("Content-Type", "application/problem+json"), respBody: problem(404, "not-found")},
		"unknown method":        {method: "PUT", path: "/api/todos", status: 405, respHeader: header("Content-Type", "application/problem+json", "Allow", "GET, POST"), respBody: problem(405, "method-not-allowed")},
	} {
		if err := x.check(t, s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheckExchange_RefusesWhatIsNot(t *testing.T) {
	t.Parallel()
	s, docs := Load(t), loadDocuments(t)
	task := openExample(t, docs, "Task")
	with := func(x exchange, change func(*exchange)) exchange { change(&x); return x }
	for name, x := range map[string]exchange{
		"undocumented status":    with(createTask(t), func(x *exchange) { x.status = 202 }),
		"server error":           refused(t, 500, "internal"),
		"undocumented route":     with(createTask(t), func(x *exchange) { x.path = "/api/todo" }),
		"undocumented method":    with(createTask(t), func(x *exchange) { x.method = "PUT" }),
		"404 that is no problem": {method: "GET", path: "/api/nothing", status: 404, respHeader: header("Content-Type", "text/plain"), respBody: "404 page not found"},
		"405 without Allow":      {method: "PUT", path: "/api/todos", status: 405, respHeader: header("Content-Type", "application/problem+json"), respBody: problem(405, "method-not-allowed")},
		"no Location":            with(createTask(t), func(x *exchange) { x.respHeader.Del("Location") }),
		"no ETag":                with(createTask(t), func(x *exchange) { x.respHeader.Del("ETag") }),
		"weak ETag":              with(createTask(t), func(x *exchange) { x.respHeader.Set("ETag", `W/"1"`) }),
		"no token":               with(createTask(t), func(x *exchange) { x.reqHeader.Del("Authorization") }),
		"wrong media type":       with(createTask(t), func(x *exchange) { x.respHeader.Set("Content-Type", "text/plain") }),
		"no JSON":                with(createTask(t), func(x *exchange) { x.respBody = "{" }),
		"empty body":             with(createTask(t), func(x *exchange) { x.respBody = "" }),
		"unknown member":         with(createTask(t), func(x *exchange) { x.respBody = strings.Replace(task, `"title"`, `"deleted_at":null,"title"`, 1) }),
		"member missing":         with(createTask(t), func(x *exchange) { x.respBody = strings.Replace(task, `"position":"a1",`, "", 1) }),
		"time with an offset": with(createTask(t), func(x *exchange) {
			x.respBody = strings.Replace(task, "2026-12-01T08:00:00Z", "2026-12-01T09:00:00+01:00", 1)
		}),
		"id that is no UUIDv7":      with(createTask(t), func(x *exchange) { x.respBody = strings.Replace(task, "7a10", "4a10", 1) }),
		"impossible date":           with(createTask(t), func(x *exchange) { x.respBody = strings.Replace(task, "2026-12-01", "2026-02-30", 1) }),
		"unknown member was taken":  with(createTask(t), func(x *exchange) { x.reqBody = `{"title":"x","prority":"high"}` }),
		"missing title was taken":   with(createTask(t), func(x *exchange) { x.reqBody = `{}` }),
		"long title was taken":      with(createTask(t), func(x *exchange) { x.reqBody = `{"title":"` + strings.Repeat("x", 501) + `"}` }),
		"wrong media was taken":     with(createTask(t), func(x *exchange) { x.reqHeader.Set("Content-Type", "text/plain") }),
		"problem of another status": with(refused(t, 422, "invalid"), func(x *exchange) { x.respBody = problem(400, "malformed") }),
		"problem as plain JSON":     with(refused(t, 422, "invalid"), func(x *exchange) { x.respHeader.Set("Content-Type", "application/json") }),
		"503 without Retry-After":   refused(t, 503, "unavailable"),
		"401 without a challenge":   refused(t, 401, "unauthenticated"),
		"204 with a body":           {method: "DELETE", path: "/api/todos/019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f", reqHeader: header("Authorization", bearer), status: 204, respBody: "{}"},
		"limit that was taken":      {method: "GET", path: "/api/todos?limit=201", reqHeader: header("Authorization", bearer), status: 200, respHeader: header("Content-Type", "application/json"), respBody: openExample(t, docs, "TaskPage")},
		"front door in plain text":  {method: "GET", path: "/api/auth/me", status: 431, respHeader: header("Content-Type", "text/plain"), respBody: "too large"},
		"400 of an operation":       {method: "GET", path: "/api/auth/me", status: 400, respHeader: header("Content-Type", "application/problem+json"), respBody: problem(400, "malformed")},
		"head of another status":    {method: "HEAD", path: "/api/todos", reqHeader: header("Authorization", bearer), status: 418},
		"cookie without HttpOnly": {
			method: "POST", path: "/api/auth/login", reqBody: openExample(t, docs, "Login"), reqHeader: header("Content-Type", "application/json"),
			status: 200, respBody: openExample(t, docs, "Session"),
			respHeader: header("Content-Type", "application/json", "Cache-Control", "no-store", "Set-Cookie", "taskwire_refresh=q; Path=/api/auth; SameSite=Strict"),
		},
		"caused event that contradicts itself": {
			method: "POST", path: "/api/events", reqBody: openExample(t, docs, "CreateCommand"),
			reqHeader: header("Authorization", bearer, "Content-Type", "application/cloudevents+json"),
			status:    200, respHeader: header("Content-Type", "application/cloudevents+json"),
			respBody: strings.Replace(openExample(t, docs, "TaskEvent"), `"00000000000000000002"`, `"00000000000000000003"`, 1),
		},
		"deleted task in a batch": {
			method: "POST", path: "/api/todos/batch", reqBody: openExample(t, docs, "Batch"), reqHeader: header("Authorization", bearer, "Content-Type", "application/json"),
			status: 200, respHeader: header("Content-Type", "application/json"), respBody: `{"results":[{"status":200,"id":"019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f","task":null}]}`,
		},
	} {
		if x.check(t, s) == nil {
			t.Errorf("%s passes", name)
		}
	}
}

package e2e

import (
	"crypto/rand"
	"net/http"
	"strings"

	"taskwire.dev/e2e/client"
)

// route is one that wants a token, with a request that is good but for who sends it.
type route struct {
	request client.Request
	scope   string // that a personal access token needs; "" is any, "session" is none of them
	foreign int    // the answer to another user for what has an id; 0 where the route has none
}

func (r route) String() string { return r.request.Method + " " + r.request.Path }

const (
	scopeRead  = "tasks:read"
	scopeWrite = "tasks:write"
	scopeMCP   = "mcp"
)

// routes are all that want a token, about the task, the personal access token and the notification with these ids.
func routes(taskID, tokenID, notificationID string) []route {
	task := "/api/todos/" + taskID
	notification := client.NotificationPath + "/" + notificationID
	title := client.Fields{"title": "Taken over"}
	merge := map[string]string{"Content-Type": mergePatch}
	event := func(kind, subject, data string) client.Request {
		e := client.Event{ID: rand.Text(), Source: "/routes", Type: kind, Subject: subject}
		if data != "" {
			e.Data = []byte(data)
		}
		return e.Binary()
	}
	return []route{
		{client.Request{Method: http.MethodGet, Path: "/api/todos"}, scopeRead, 0},
		{client.Request{Method: http.MethodGet, Path: "/api/todos/counts"}, scopeRead, 0},
		{client.Request{Method: http.MethodPost, Path: "/api/todos", JSON: title}, scopeWrite, 0},
		{client.Request{Method: http.MethodPost, Path: "/api/todos", JSON: client.Fields{"title": "x", "parent_id": taskID}}, scopeWrite, 422},
		{client.Request{Method: http.MethodPost, Path: "/api/todos/recurrence-preview", JSON: client.Fields{"rrule": "FREQ=DAILY"}}, scopeRead, 0},
		{client.Request{Method: http.MethodGet, Path: task}, scopeRead, 404},
		{client.Request{Method: http.MethodPut, Path: task, JSON: title}, scopeWrite, 404},
		{client.Request{Method: http.MethodPatch, Path: task, JSON: title, Header: merge}, scopeWrite, 404},
		{client.Request{Method: http.MethodPatch, Path: task + "/complete", JSON: client.Fields{"completed": true}}, scopeWrite, 404},
		{client.Request{Method: http.MethodGet, Path: task + "/history"}, scopeRead, 404},
		{batch(client.Fields{"op": "update", "id": taskID, "task": title}), scopeWrite, 404},
		{batch(client.Fields{"op": "complete", "id": taskID}), scopeWrite, 404},
		{batch(client.Fields{"op": "delete", "id": taskID}), scopeWrite, 404},
		{client.Request{Method: http.MethodGet, Path: "/api/history"}, scopeRead, 0},
		{client.Request{Method: http.MethodGet, Path: "/api/preferences"}, scopeRead, 0},
		{client.Request{Method: http.MethodPut, Path: "/api/preferences", JSON: client.Fields{"timezone": "Asia/Tokyo"}}, scopeWrite, 0},
		{event("task.create", "", `{"title":"x"}`), scopeWrite, 0},
		{event("task.update", taskID, `{"title":"x"}`), scopeWrite, 404},
		{event("task.complete", taskID, ""), scopeWrite, 404},
		{event("task.reopen", taskID, ""), scopeWrite, 404},
		{event("task.delete", taskID, ""), scopeWrite, 404},
		{client.Request{Method: http.MethodGet, Path: client.NotificationPath}, scopeRead, 0},
		{client.Request{Method: http.MethodGet, Path: client.NotificationPath + "/unread-count"}, scopeRead, 0},
		{client.Request{Method: http.MethodPatch, Path: notification + "/read"}, scopeWrite, 404},
		{client.Request{Method: http.MethodPost, Path: notification + "/snooze", JSON: client.Fields{"for": "PT1H"}}, scopeWrite, 404},
		{client.Request{Method: http.MethodPost, Path: client.NotificationPath + "/read-all"}, scopeWrite, 0},
		{client.Request{Method: http.MethodGet, Path: client.StreamPath}, scopeRead, 0},
		{client.Request{Method: http.MethodGet, Path: "/api/status"}, "", 0},
		{client.Request{Method: http.MethodGet, Path: "/api/auth/me"}, "", 0},
		{rpc("list_tasks", nil), scopeMCP, 0},
		{rpc("recent_changes", nil), scopeMCP, 0},
		{client.Request{Method: http.MethodGet, Path: "/api/auth/tokens"}, "session", 0},
		{client.Request{Method: http.MethodPost, Path: "/api/auth/tokens", JSON: client.Fields{"name": "x", "scopes": []string{"mcp"}}}, "session", 0},
		{client.Request{Method: http.MethodDelete, Path: "/api/auth/tokens/" + tokenID}, "session", 404},
		{client.Request{Method: http.MethodDelete, Path: task}, scopeWrite, 404},
		{client.Request{Method: http.MethodPost, Path: task + "/restore"}, scopeWrite, 404},
	}
}

// endless reports whether a good answer to the request never ends.
func (r route) endless() bool { return strings.HasPrefix(r.request.Path, client.StreamPath) }

package e2e

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/spec"
)

// target is what the requests of the matrix are about.
type target struct{ task, event, token, notification string }

// nothing names what is not there.
var nothing = target{absentID, absentID, absentID, absentID}

// target makes a task for requests that may change or delete it, and takes what else there is.
func (u *user) target(t *testing.T, token *client.CreatedToken, told client.Notification) target {
	t.Helper()
	task := u.create(t, client.Fields{"title": "Top secret", "project": "Classified", "tags": []string{"hush"}})
	page := check.Must(u.HistoryPage(t.Context(), "/api/todos/"+task.ID+"/history", nil))(t)
	return target{task: task.ID, event: page.Items[0].ID, token: token.ID, notification: told.ID}
}

// request is one of a documented operation, good but for who sends it.
type request struct {
	client.Request
	operation spec.Operation
	good      int // the answer to its owner; 0 is any 2xx
	foreign   int // the answer to another user; 0 where nothing of anybody is named
}

func (r request) String() string { return r.operation.ID + " " + r.Method + " " + r.Path }

// allows reports whether the operation lets a personal access token with this scope in, of no administrator.
func (r request) allows(scope string) bool {
	for _, need := range r.operation.Needs {
		if need != scope {
			return false
		}
	}
	return true
}

func (r request) admin() bool {
	for _, need := range r.operation.Needs {
		if need == "admin" {
			return true
		}
	}
	return false
}

// requests gives at least one request of every operation that docs/openapi.yaml has at the front door. An operation that
// cannot be requested by what the document says of it needs an entry in special, and fails the test until it has one.
func requests(t *testing.T, at target) []request {
	t.Helper()
	var all []request
	for _, o := range check.Must(documents(t).Operations())(t) {
		if o.Internal {
			continue
		}
		if variants := special(o, at); variants != nil {
			for _, r := range variants {
				r.operation = o
				if r.Path == "" {
					r.Path = o.Path
				}
				if r.Method == "" {
					r.Method = o.Method
				}
				all = append(all, r)
			}
			continue
		}
		path, named := fill(o.Path, at)
		if strings.Contains(path, "{") {
			t.Fatalf("%s: nothing is known to put into %s: add it to fill", o.ID, path)
		}
		r := request{operation: o, Request: client.Request{Method: o.Method, Path: path}}
		if named && !strings.HasPrefix(o.Path, deadLettersPath) {
			r.foreign = http.StatusNotFound
		}
		if o.Media != "" {
			if o.Example == nil {
				t.Fatalf("%s: its body has no example in the document: add one, or the operation to special", o.ID)
			}
			r.Body = []byte(strings.ReplaceAll(string(o.Example), absentID, at.task))
			r.Header = map[string]string{"Content-Type": o.Media}
		}
		all = append(all, r)
	}
	if len(all) < 40 {
		t.Fatalf("only %d requests of all operations", len(all))
	}
	return all
}

// fill puts the ids into a path, and reports whether there was one to put.
func fill(path string, at target) (filled string, named bool) {
	for prefix, id := range map[string]string{
		"/api/todos/{id}": at.task, "/api/history/{event_id}": at.event, "/api/auth/tokens/{id}": at.token,
		"/api/notifications/{id}": at.notification, deadLettersPath + "/{id}": absentID,
	} {
		if rest, ok := strings.CutPrefix(path, prefix); ok {
			return prefix[:strings.IndexByte(prefix, '{')] + id + rest, true
		}
	}
	return path, false
}

// special are the requests of operations that the document's first example is not enough for: those that name a task in
// their body, and those that must not succeed as often as they are tried.
func special(o spec.Operation, at target) []request {
	title := client.Fields{"title": "Taken over"}
	event := func(kind, subject, data string, foreign int) request {
		e := client.Event{ID: rand.Text(), Source: "/matrix", Type: kind, Subject: subject}
		if data != "" {
			e.Data = json.RawMessage(data)
		}
		return request{Request: e.Binary(), foreign: foreign}
	}
	with := func(body any, good, foreign int) request {
		return request{Request: client.Request{JSON: body}, good: good, foreign: foreign}
	}
	switch o.ID {
	case "register", "login": // anybody's, and dear when they succeed
		return []request{with(client.Fields{}, http.StatusUnprocessableEntity, 0)}
	case "createTask":
		return []request{with(title, 0, 0), with(client.Fields{"title": "x", "parent_id": at.task}, 0, http.StatusUnprocessableEntity)}
	case "batchTasks":
		return []request{
			{Request: batch(client.Fields{"op": "update", "id": at.task, "task": title}), foreign: http.StatusNotFound},
			{Request: batch(client.Fields{"op": "complete", "id": at.task}), foreign: http.StatusNotFound},
			{Request: batch(client.Fields{"op": "delete", "id": at.task}), foreign: http.StatusNotFound},
		}
	case "sendCommand":
		return []request{
			event("task.create", "", `{"title":"x"}`, 0),
			event("task.update", at.task, `{"title":"x"}`, http.StatusNotFound),
			event("task.complete", at.task, "", http.StatusNotFound),
			event("task.reopen", at.task, "", http.StatusNotFound),
			event("task.delete", at.task, "", http.StatusNotFound),
		}
	case "undo": // without the example's body, which is about a batch
		path, _ := fill(o.Path, at)
		return []request{{Request: client.Request{Path: path}, foreign: http.StatusNotFound}}
	case "callMCP": // refusals of tools are answers with 200
		var all []request
		for tool, arguments := range map[string]client.Fields{
			"list_tasks": nil, "recent_changes": nil, "get_task": {"id": at.task}, "update_task": {"id": at.task, "title": "x"},
			"complete_task": {"id": at.task}, "delete_task": {"id": at.task},
		} {
			r := request{Request: rpc(tool, arguments)}
			if arguments != nil {
				r.foreign = http.StatusOK
			}
			all = append(all, r)
		}
		return all
	case "getDeadLetter", "discardDeadLetter", "redriveDeadLetter":
		path, _ := fill(o.Path, at)
		return []request{{Request: client.Request{Path: path}, good: http.StatusNotFound}}
	}
	return nil
}

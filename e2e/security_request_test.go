package e2e

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/spec"
)

// target is the data that the requests of the matrix refer to.
type target struct{ task, event, token, notification, session, project, section, tag, comment string }

// nothing refers to data that does not exist.
var nothing = target{absentID, absentID, absentID, absentID, absentID, absentID, absentID, absentID, absentID}

// target creates a task for requests that may change or delete it, and uses existing data otherwise.
func (u *user) target(t *testing.T, token *client.CreatedToken, told client.Notification) target {
	t.Helper()
	task := u.create(t, client.Fields{"title": "Top secret", "project": "Classified", "section": "Vault", "tags": []string{"hush"}})
	page := check.Must(u.HistoryPage(t.Context(), "/api/todos/"+task.ID+"/history", nil))(t)
	other := u.As(check.Must(anybody(t).Login(t.Context(), u.Email, u.Password))(t).AccessToken)
	return target{
		task: task.ID, event: page.Items[0].ID, token: token.ID, notification: told.ID, session: currentSession(t, other),
		project: u.label(t, "/api/projects", "Classified").ID, section: u.label(t, "/api/sections", "Vault").ID, tag: u.label(t, "/api/tags", "hush").ID,
		comment: u.comment(t, task.ID, "Top secret too").ID,
	}
}

// request is a request of a documented operation, valid except for its sender.
type request struct {
	client.Request
	operation spec.Operation
	good      int // the status for its owner; 0 is any 2xx
	foreign   int // the status for another user; 0 if it refers to no one's data
}

func (r request) String() string { return r.operation.ID + " " + r.Method + " " + r.Path }

// allows reports whether the operation accepts a personal access token with this scope of a user who is not an
// administrator.
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

// requests returns at least one request of every operation in docs/openapi.yaml that the gateway serves. An operation
// whose request cannot be built from the document needs an entry in special, and fails the test until it has one.
func requests(t *testing.T, at target) []request {
	t.Helper()
	var all []request
	for _, o := range check.Must(documents(t).Operations())(t) {
		if o.Internal {
			continue
		}
		if absent(t, o.ID) {
			path, _ := fill(o.Path, at)
			all = append(all, request{operation: o, Request: client.Request{Method: o.Method, Path: path}, good: http.StatusServiceUnavailable})
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
			t.Fatalf("%s: unknown parameter in %s: add it to fill", o.ID, path)
		}
		r := request{operation: o, Request: client.Request{Method: o.Method, Path: path}}
		if named && !strings.HasPrefix(o.Path, deadLettersPath) && !strings.HasPrefix(o.Path, usersPath) {
			r.foreign = http.StatusNotFound
		}
		if named && strings.HasPrefix(o.Path, usersPath) {
			r.good = http.StatusNotFound // there is no such user
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
		t.Fatalf("only %d requests for all operations", len(all))
	}
	return all
}

// absent reports whether an operation needs a store of telemetry that this stack does not have. Its owner gets 503; others must be
// refused as if it were there.
func absent(t *testing.T, operation string) bool {
	t.Helper()
	traces, rules := tracesURL, os.Getenv("TASKWIRE_RULES_URL")
	if !onCluster {
		observed := check.Must(laptop())(t).Observe // one option starts both
		traces, rules = observed.TracesURL, observed.MetricsURL
	}
	return operation == "getTrace" && traces == "" || operation == "listAlerts" && rules == ""
}

// absentTrace is a trace that no store has.
const absentTrace = "4bf92f3577b34da6a3ce929d0e0e4736"

// fill inserts the ids into a path, and reports whether there was a place for one.
func fill(path string, at target) (filled string, named bool) {
	for prefix, id := range map[string]string{
		"/api/todos/{id}": at.task, "/api/todos/trash/{id}": at.task, "/api/history/{event_id}": at.event, "/api/auth/tokens/{id}": at.token,
		"/api/notifications/{id}": at.notification, deadLettersPath + "/{id}": absentID,
		"/api/admin/traces/{trace_id}": absentTrace, "/api/auth/sessions/{id}": at.session, usersPath + "/{id}": absentID,
		"/api/auth/factors/passkeys/{id}": absentID, "/api/auth/oidc/identities/{id}": absentID, "/api/auth/apps/{id}": absentID,
		"/api/projects/{id}": at.project, "/api/sections/{id}": at.section, "/api/tags/{id}": at.tag, "/api/views/{id}": absentID,
	} {
		if rest, ok := strings.CutPrefix(path, prefix); ok {
			return prefix[:strings.IndexByte(prefix, '{')] + id + rest, true
		}
	}
	return path, false
}

// special has the requests of operations for which the document's first example is not enough: those with a task's id
// in their body, and those that must not succeed each time.
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
	case "register", "login", "requestReset", "confirmReset", "finishSignIn", "signInWithPasskey", "startProviderSignIn", "signInWithProvider": // open to anyone, and expensive or limited if they succeed
		return []request{with(client.Fields{}, http.StatusUnprocessableEntity, 0)}
	case "addPasskey", "confirmTotp", "confirmSession", "linkIdentity", "startIdentityVisit": // what they need is made by an authenticator or a provider
		return []request{with(client.Fields{}, http.StatusUnprocessableEntity, 0)}
	case "renamePasskey", "removePasskey": // the account has none, and no app
		path, _ := fill(o.Path, at)
		r := request{Request: client.Request{Path: path}, good: http.StatusNotFound, foreign: http.StatusNotFound}
		if o.ID == "renamePasskey" {
			r.JSON = client.Fields{"name": "Mine"}
		}
		return []request{r}
	case "unlinkIdentity": // the account has none
		path, _ := fill(o.Path, at)
		return []request{{Request: client.Request{Path: path}, good: http.StatusNotFound, foreign: http.StatusNotFound}}
	case "removeTotp":
		return []request{{good: http.StatusNotFound}}
	case "getConfirmOptions", "newRecoveryCodes":
		return []request{{good: http.StatusConflict}}
	case "createProject", "createTag": // names are unique
		return []request{with(client.Fields{"name": rand.Text()}, 0, 0)}
	case "createSection": // of a project of the user's
		return []request{{Request: client.Request{JSON: client.Fields{"name": rand.Text(), "project_id": at.project}}}}
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
	case "addComment": // without the example's id
		path, _ := fill(o.Path, at)
		return []request{{Request: client.Request{Path: path, JSON: client.Fields{"text": "x"}}, foreign: http.StatusNotFound}}
	case "editComment", "deleteComment":
		path, _ := fill(o.Path, at)
		r := request{Request: client.Request{Path: strings.ReplaceAll(path, "{comment}", at.comment)}, foreign: http.StatusNotFound}
		if o.ID == "editComment" {
			r.JSON = client.Fields{"text": "Taken over"}
		}
		return []request{r}
	case "skipTask": // the task does not recur
		path, _ := fill(o.Path, at)
		return []request{{Request: client.Request{Path: path}, good: http.StatusConflict, foreign: http.StatusNotFound}}
	case "purgeTask": // the task is not in the trash
		path, _ := fill(o.Path, at)
		return []request{{Request: client.Request{Path: path}, good: http.StatusNotFound, foreign: http.StatusNotFound}}
	case "putView": // the ids of views are the user's
		path, _ := fill(o.Path, at)
		return []request{{Request: client.Request{Path: path, JSON: client.Fields{"name": "Saved"}}}}
	case "deleteView": // which the request before has made
		path, _ := fill(o.Path, at)
		return []request{{Request: client.Request{Path: path}}}
	case "undo": // without the example's body, which is for a batch
		path, _ := fill(o.Path, at)
		return []request{{Request: client.Request{Path: path}, foreign: http.StatusNotFound}}
	case "callMCP": // a tool's refusal is a response with 200
		var all []request
		for tool, arguments := range map[string]client.Fields{
			"list_tasks": nil, "recent_changes": nil, "get_task": {"id": at.task}, "update_task": {"id": at.task, "title": "x"},
			"complete_task": {"id": at.task}, "delete_task": {"id": at.task}, "comment_task": {"id": at.task, "text": "x"}, "list_comments": {"id": at.task},
		} {
			r := request{Request: rpc(tool, arguments)}
			if arguments != nil {
				r.foreign = http.StatusOK
			}
			all = append(all, r)
		}
		return all
	case "getDeadLetter", "discardDeadLetter", "redriveDeadLetter", "getTrace":
		path, _ := fill(o.Path, at)
		return []request{{Request: client.Request{Path: path}, good: http.StatusNotFound}}
	}
	return nil
}

package e2e

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/shared/eventually"
)

// undoRequest undoes an event; it omits a scope of "".
func undoRequest(event, scope string) client.Request {
	r := client.Request{Method: http.MethodPost, Path: "/api/history/" + event + "/undo"}
	if scope != "" {
		r.JSON = client.Fields{"scope": scope}
	}
	return r
}

// newest is the id of the user's newest event.
func (u *user) newest(t *testing.T) string {
	t.Helper()
	history := check.Must(u.History(t.Context(), 0))(t)
	return history[len(history)-1].ID
}

// undone undoes the newest event and returns the resulting task; nil if it is deleted.
func (u *user) undone(t *testing.T) *client.Task {
	t.Helper()
	answer := do(t, u.Client, undoRequest(u.newest(t), ""))
	expectStatus(t, answer, http.StatusOK)
	var task *client.Task
	check.NoError(t, json.Unmarshal(answer.Body, &task))
	return task
}

// TestUndo_EachKindOfChange, and the undo of the undo.
func TestUndo_EachKindOfChange(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "One", "tags": []string{"a"}})
	if got := u.undone(t); got != nil {
		t.Fatalf("a creation undone leaves %+v", got)
	}
	expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/todos/" + task.ID}), http.StatusNotFound)
	if got := u.undone(t); got == nil || got.Title != "One" {
		t.Fatalf("a deletion undone gives %+v", got)
	}
	check.Must(u.PatchTask(t.Context(), task.ID, client.Fields{"title": "Two", "tags": []string{}, "due_at": "2027-01-01T09:00:00Z"}))(t)
	if got := u.undone(t); got.Title != "One" || len(got.Tags) != 1 || got.DueAt != nil {
		t.Errorf("an update undone gives %+v", got)
	}
	if got := u.undone(t); got.Title != "Two" || got.DueAt == nil {
		t.Errorf("and that undone %+v", got)
	}
	complete := client.Request{Method: http.MethodPatch, Path: "/api/todos/" + task.ID + "/complete", JSON: client.Fields{"completed": true}}
	expectStatus(t, do(t, u.Client, complete), http.StatusOK)
	if got := u.undone(t); got.Completed {
		t.Error("a completion undone is still one")
	}
	if got := u.undone(t); !got.Completed {
		t.Error("a reopening undone is still one")
	}
	// Each undo is an event like any other.
	if history := check.Must(u.History(t.Context(), 0))(t); len(history) != 9 || history[8].EventType != "task.completed" {
		t.Errorf("%d events", len(history))
	}
}

// TestUndo_Conflict names the fields that were changed again, and changes nothing.
func TestUndo_Conflict(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "One"})
	check.Must(u.PatchTask(t.Context(), task.ID, client.Fields{"title": "Two", "priority": "low"}))(t)
	renamed := u.newest(t)
	check.Must(u.PatchTask(t.Context(), task.ID, client.Fields{"title": "Three"}))(t)
	p := expectProblem(t, do(t, u.Client, undoRequest(renamed, "")), http.StatusConflict, "/title")
	if len(p.Errors) != 1 {
		t.Errorf("errors: %+v", p.Errors)
	}
	if seq, _ := u.state(t); seq != 3 {
		t.Errorf("a refused undo changed something: seq %d", seq)
	}
	u.undone(t) // deletes "Three"
	expectStatus(t, do(t, u.Client, undoRequest(renamed, "event")), http.StatusOK)
	expectProblem(t, do(t, u.Client, undoRequest(renamed, "")), http.StatusConflict, "/title", "/priority")
}

// TestUndo_Batch undoes everything that one request changed, newest first, all or none.
func TestUndo_Batch(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	kept := u.create(t, client.Fields{"title": "Kept"})
	parent := u.create(t, client.Fields{"title": "Parent"})
	child := u.create(t, client.Fields{"title": "Child", "parent_id": parent.ID})
	expectStatus(t, do(t, u.Client, batch(
		client.Fields{"op": "update", "id": kept.ID, "task": client.Fields{"title": "Changed"}},
		client.Fields{"op": "create", "task": client.Fields{"title": "Made"}},
		client.Fields{"op": "delete", "id": parent.ID},
		client.Fields{"op": "complete", "id": kept.ID},
	)), http.StatusOK)
	history := check.Must(u.History(t.Context(), 0))(t)
	if len(history) != 8 {
		t.Fatalf("%d events", len(history))
	}
	for _, wrong := range []any{client.Fields{"scope": "all"}, client.Fields{"scop": "batch"}, []string{}} {
		expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodPost, Path: "/api/history/" + history[5].ID + "/undo", JSON: wrong}), http.StatusUnprocessableEntity)
	}
	answer := do(t, u.Client, undoRequest(history[5].ID, "batch")) // any event of the batch identifies it
	expectStatus(t, answer, http.StatusOK)
	var out struct {
		Results []struct {
			ID   string       `json:"id"`
			Task *client.Task `json:"task"`
		} `json:"results"`
	}
	check.NoError(t, json.Unmarshal(answer.Body, &out))
	if len(out.Results) != 4 {
		t.Fatalf("%s", answer.Body)
	}
	for _, r := range out.Results {
		switch r.ID {
		case kept.ID:
			if r.Task.Title != "Kept" || r.Task.Completed {
				t.Errorf("%+v", r.Task)
			}
		case parent.ID, child.ID:
			if r.Task == nil {
				t.Errorf("%s is gone", r.ID)
			}
		default:
			if r.Task != nil {
				t.Errorf("what the batch made is there: %+v", r.Task)
			}
		}
	}
	// The undo is itself a change of one request.
	expectStatus(t, do(t, u.Client, undoRequest(u.newest(t), "batch")), http.StatusOK)
	if got := check.Must(u.Task(t.Context(), kept.ID))(t); got.Title != "Changed" || !got.Completed {
		t.Errorf("redone: %+v", got)
	}
	expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/todos/" + child.ID}), http.StatusNotFound)
	if _, tasks := u.state(t); tasks != 2 {
		t.Errorf("%d tasks", tasks)
	}
}

// TestUndo_OnlyOncePerKey: a repeated request gets the first response.
func TestUndo_OnlyOncePerKey(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	u.create(t, client.Fields{"title": "One"})
	r := undoRequest(u.newest(t), "")
	r.Header = map[string]string{"Idempotency-Key": rand.Text()}
	first := do(t, u.Client, r)
	expectStatus(t, first, http.StatusOK)
	if again := do(t, u.Client, r); again.Status != http.StatusOK || !bytes.Equal(again.Body, first.Body) {
		t.Errorf("%d %s", again.Status, again.Body)
	}
	if seq, _ := u.state(t); seq != 2 {
		t.Errorf("seq %d", seq)
	}
	r.JSON = client.Fields{"scope": "batch"}
	expectProblem(t, do(t, u.Client, r), http.StatusUnprocessableEntity)
}

// TestUndo_AReopenedOccurrenceTakesItsSuccessorAlong: undoing a completion also withdraws its successor.
func TestUndo_AReopenedOccurrenceTakesItsSuccessorAlong(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Weekly", "due_at": "2027-01-04T09:00:00Z", "timezone": "Europe/Berlin", "recurrence": client.Fields{"rrule": "FREQ=WEEKLY", "mode": "schedule"}})
	expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodPatch, Path: "/api/todos/" + task.ID + "/complete", JSON: client.Fields{"completed": true}}), http.StatusOK)
	completed := check.Must(u.History(t.Context(), 0))(t)[1].ID // the successor may already exist
	eventually.Within(t, timeout, "the next occurrence", func() bool { _, tasks := u.state(t); return tasks == 2 })
	expectStatus(t, do(t, u.Client, undoRequest(completed, "")), http.StatusOK)
	if _, tasks := u.state(t); tasks != 1 {
		t.Errorf("%d tasks: the successor stayed", tasks)
	}
	if got := check.Must(u.Task(t.Context(), task.ID))(t); got.Completed {
		t.Error("it is completed still")
	}
}

// TestUndo_OfABatchIsTheUsersOwn: the matrix tries the undo of one change as other users.
func TestUndo_OfABatchIsTheUsersOwn(t *testing.T) {
	t.Parallel()
	u, other := newUser(t), newUser(t)
	u.create(t, client.Fields{"title": "Mine"})
	r := undoRequest(u.newest(t), "batch")
	expectProblem(t, do(t, u.As(""), r), http.StatusUnauthorized)
	expectProblem(t, do(t, other.Client, r), http.StatusNotFound)
	reads := check.Must(u.CreateToken(t.Context(), "reads", scopeRead))(t)
	expectProblem(t, do(t, u.As(reads.Secret), r), http.StatusForbidden)
	for _, id := range []string{"019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f", "x"} {
		expectProblem(t, do(t, u.Client, undoRequest(id, "")), http.StatusNotFound)
	}
	if seq, _ := u.state(t); seq != 1+u.minted.Load() {
		t.Errorf("seq %d", seq)
	}
	created := check.Must(u.History(t.Context(), 0))(t)[0].ID
	writes := check.Must(u.CreateToken(t.Context(), "writes", scopeWrite))(t)
	expectStatus(t, do(t, u.As(writes.Secret), undoRequest(created, "")), http.StatusOK)
}

package e2e

import (
	"net/http"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// TestImport_KeepsItsTimes: tasks from elsewhere keep when they were created and completed, in every form of a create.
func TestImport_KeepsItsTimes(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	imported := client.Fields{"title": "Old", "created_at": "2019-03-01T09:30:00+01:00", "completed_at": "2019-03-02t10:00:00.5z"}
	created, completed := time.Date(2019, 3, 1, 8, 30, 0, 0, time.UTC), time.Date(2019, 3, 2, 10, 0, 0, 500_000_000, time.UTC)
	check.Must(u.CreateTask(t.Context(), imported))(t)
	expectStatus(t, do(t, u.Client, batch(client.Fields{"op": "create", "task": imported})), http.StatusOK)
	data := `{"title":"Old","created_at":"2019-03-01T08:30:00Z","completed_at":"2019-03-02T10:00:00.5Z"}`
	expectStatus(t, do(t, u.Client, command("task.create", "", data).Binary()), http.StatusOK)
	tasks := check.Must(u.ListTasks(t.Context(), nil))(t).Items
	if len(tasks) != 3 {
		t.Fatalf("%d tasks", len(tasks))
	}
	for _, task := range tasks {
		if !task.Completed || task.CompletedAt == nil || !task.CompletedAt.Equal(completed) || !task.CreatedAt.Equal(created) || task.UpdatedAt.Before(started) {
			t.Errorf("%+v", task)
		}
	}
	reopened := check.Must(u.CompleteTask(t.Context(), tasks[0].ID, false))(t)
	if reopened.CompletedAt != nil || !reopened.CreatedAt.Equal(created) {
		t.Errorf("reopened: %+v", reopened)
	}
	if again := check.Must(u.CompleteTask(t.Context(), tasks[0].ID, true))(t); again.CompletedAt.Before(started) {
		t.Errorf("completed again: %+v", again)
	}
	// A change of an existing task ignores them, so that a task that was read can be sent back.
	put := check.Must(u.ReplaceTask(t.Context(), tasks[1].ID, client.Fields{"title": "Old", "completed": true, "created_at": "2020-01-01T00:00:00Z", "completed_at": "x"}))(t)
	if !put.CreatedAt.Equal(created) || !put.CompletedAt.Equal(completed) {
		t.Errorf("replaced: %+v", put)
	}
}

func TestImport_Bounds(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	past, future := "2019-03-01T09:30:00Z", time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	for _, c := range []struct {
		in    client.Fields
		field string // "" is taken
	}{
		{client.Fields{"created_at": past}, ""},
		{client.Fields{"completed_at": past}, ""},
		{client.Fields{"completed_at": past, "completed": true, "created_at": past}, ""},
		{client.Fields{"completed_at": nil, "created_at": nil}, ""},
		{client.Fields{"created_at": time.Now().Add(time.Minute).UTC().Format(time.RFC3339)}, ""}, // the client's clock
		{client.Fields{"created_at": future}, "/created_at"},
		{client.Fields{"completed_at": future}, "/completed_at"},
		{client.Fields{"completed_at": past, "completed": false}, "/completed_at"},
		{client.Fields{"completed_at": past, "created_at": "2019-03-01T09:30:01Z"}, "/completed_at"},
		{client.Fields{"completed_at": 1551432600}, "/completed_at"},
		{client.Fields{"created_at": "2019-03-01"}, "/created_at"},
		{client.Fields{"created_at": client.Fields{}}, "/created_at"},
		{client.Fields{"created_at": "0000-01-01T00:00:00Z"}, "/created_at"},
	} {
		c.in["title"] = "Bounded"
		r := do(t, u.Client, client.Request{Method: "POST", Path: "/api/todos", JSON: c.in})
		if c.field != "" {
			expectProblem(t, r, 422, c.field)
			r = do(t, u.Client, batch(client.Fields{"op": "create", "task": c.in}))
			expectProblem(t, r, 422, "/operations/0/task"+c.field)
			continue
		}
		var task client.Task
		check.NoError(t, r.Decode("create", http.StatusCreated, &task))
		if task.CompletedAt != nil && task.CompletedAt.Before(task.CreatedAt) {
			t.Errorf("%v: %+v", c.in, task)
		}
	}
}

// TestImport_LostAnswer: a retry with a chosen id is compared with its times.
func TestImport_LostAnswer(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	in := client.Fields{"id": newID(), "title": "Old", "completed_at": "2019-03-02T10:00:00Z"}
	first := do(t, u.Client, creation(in))
	expectStatus(t, first, http.StatusCreated)
	sameAnswer(t, first, do(t, u.Client, creation(in)))
	in["completed_at"] = "2019-03-02T10:00:01Z"
	expectProblem(t, do(t, u.Client, creation(in)), http.StatusConflict)
}

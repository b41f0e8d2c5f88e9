package e2e

import (
	"net/http"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

func batch(operations ...any) client.Request {
	return client.Request{Method: http.MethodPost, Path: "/api/todos/batch", JSON: map[string]any{"operations": operations}}
}

func TestBatch_DoesAllInOrder(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Old"})
	gone := u.create(t, client.Fields{"title": "Gone"})
	results := check.Must(u.Batch(t.Context(),
		client.Operation{Op: "create", Task: client.Fields{"title": "New", "parent_id": task.ID}},
		client.Operation{Op: "update", ID: task.ID, Task: client.Fields{"priority": "low"}},
		client.Operation{Op: "complete", ID: task.ID},
		client.Operation{Op: "complete", ID: task.ID, Task: client.Fields{"completed": true}},
		client.Operation{Op: "complete", ID: task.ID, Task: client.Fields{"completed": false}},
		client.Operation{Op: "delete", ID: gone.ID},
	))(t)
	statuses := make([]int, len(results))
	for i, r := range results {
		statuses[i] = r.Status
	}
	same(t, "statuses", statuses, []int{201, 200, 200, 200, 200, 204})
	if v := results[4].Task; v.Version != 4 || v.Completed || v.Priority != "low" {
		t.Fatalf("the task at the end: %+v", v)
	}
	if results[5].Task != nil || results[5].ID != gone.ID || results[0].ID != results[0].Task.ID {
		t.Fatalf("%+v", results)
	}
	same(t, "what was created", check.Must(u.Task(t.Context(), results[0].ID))(t), results[0].Task)
	var kinds []string
	for _, e := range check.Must(u.History(t.Context(), 2))(t) {
		kinds = append(kinds, e.EventType)
	}
	same(t, "events", kinds, []string{"task.created", "task.updated", "task.completed", "task.updated", "task.deleted"})
}

// TestBatch_AllOrNothing has the invalid operation last, so that all others would already have been applied.
func TestBatch_AllOrNothing(t *testing.T) {
	t.Parallel()
	u, other := newUser(t), newUser(t)
	task := u.create(t, client.Fields{"title": "Mine"})
	foreign := other.create(t, client.Fields{"title": "Theirs"})
	good := client.Fields{"op": "create", "task": client.Fields{"title": "Good"}}
	const absent = "019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f"
	for name, c := range map[string]struct {
		bad    any
		status int
		field  string
	}{
		"no title":          {client.Fields{"op": "create", "task": client.Fields{}}, 422, "/operations/2/task/title"},
		"no task":           {client.Fields{"op": "create"}, 422, ""},
		"unknown op":        {client.Fields{"op": "restore", "id": task.ID}, 422, "/operations/2/op"},
		"no op":             {client.Fields{"id": task.ID}, 422, "/operations/2/op"},
		"no id":             {client.Fields{"op": "delete"}, 422, "/operations/2/id"},
		"id is no UUID":     {client.Fields{"op": "delete", "id": "x"}, 422, "/operations/2/id"},
		"bad patch":         {client.Fields{"op": "update", "id": task.ID, "task": client.Fields{"title": ""}}, 422, "/operations/2/task/title"},
		"patch of a type":   {client.Fields{"op": "update", "id": task.ID, "task": client.Fields{"title": 1}}, 422, "/operations/2/task/title"},
		"unknown member":    {client.Fields{"op": "update", "id": task.ID, "task": client.Fields{"colour": 1}}, 422, "/operations/2/task/colour"},
		"no patch":          {client.Fields{"op": "update", "id": task.ID}, 422, "/operations/2/task"},
		"absent":            {client.Fields{"op": "complete", "id": absent}, 404, "/operations/2"},
		"somebody else's":   {client.Fields{"op": "complete", "id": foreign.ID}, 404, "/operations/2"},
		"foreign parent":    {client.Fields{"op": "create", "task": client.Fields{"title": "x", "parent_id": foreign.ID}}, 422, "/operations/2/task/parent_id"},
		"below itself":      {client.Fields{"op": "update", "id": task.ID, "task": client.Fields{"parent_id": task.ID}}, 422, "/operations/2/task/parent_id"},
		"no boolean":        {client.Fields{"op": "complete", "id": task.ID, "task": client.Fields{"completed": "yes"}}, 422, "/operations/2/task/completed"},
		"operation unknown": {client.Fields{"op": "delete", "id": task.ID, "why": "x"}, 422, ""},
		"no object":         {"delete", 422, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := do(t, u.Client, batch(good, client.Fields{"op": "update", "id": task.ID, "task": client.Fields{"title": "Changed"}}, c.bad))
			if c.field == "" {
				expectProblem(t, r, c.status)
				return
			}
			expectProblem(t, r, c.status, c.field)
		})
	}
	same(t, "the task", check.Must(u.Task(t.Context(), task.ID))(t), task)
	if seq, tasks := u.state(t); seq != 1 || tasks != 1 {
		t.Fatalf("something was changed: seq %d, %d tasks", seq, tasks)
	}
}

// TestBatch_NamesAllThatIsWrong: one response lists all errors.
func TestBatch_NamesAllThatIsWrong(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	r := do(t, u.Client, batch(
		client.Fields{"op": "create", "task": client.Fields{"title": "", "priority": "x"}},
		client.Fields{"op": "create", "task": client.Fields{"title": "Good"}},
		client.Fields{"op": "fly"},
	))
	expectProblem(t, r, 422, "/operations/0/task/title", "/operations/0/task/priority", "/operations/2/op")
}

func TestBatch_Size(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	operations := make([]any, 101)
	for i := range operations {
		operations[i] = client.Fields{"op": "create", "task": client.Fields{"title": "One of many"}}
	}
	expectProblem(t, do(t, u.Client, batch()), 422, "/operations")
	expectProblem(t, do(t, u.Client, batch(operations...)), 422, "/operations")
	expectStatus(t, do(t, u.Client, batch(operations[:100]...)), http.StatusOK)
	if seq, tasks := u.state(t); seq != 100 || tasks != 100 {
		t.Fatalf("seq %d, %d tasks", seq, tasks)
	}
}

// TestBatch_SeesItsOwnChanges: a later operation sees the result of an earlier one.
func TestBatch_SeesItsOwnChanges(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Once"})
	r := do(t, u.Client, batch(
		client.Fields{"op": "delete", "id": task.ID},
		client.Fields{"op": "update", "id": task.ID, "task": client.Fields{"title": "Again"}},
	))
	expectProblem(t, r, http.StatusNotFound, "/operations/1")
	expectStatus(t, u.get(t, task.ID), http.StatusOK)
	child := u.create(t, client.Fields{"title": "Child"})
	// Together these form a cycle; neither does alone.
	r = do(t, u.Client, batch(
		client.Fields{"op": "update", "id": child.ID, "task": client.Fields{"parent_id": task.ID}},
		client.Fields{"op": "update", "id": task.ID, "task": client.Fields{"parent_id": child.ID}},
	))
	expectProblem(t, r, 422, "/operations/1/task/parent_id")
}

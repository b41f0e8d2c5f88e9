package e2e

import (
	"net/http"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// family is a task with two children, the first of which has a child.
type family struct{ root, child, grandchild, second *client.Task }

func newFamily(t *testing.T, u *user) family {
	t.Helper()
	root := u.create(t, client.Fields{"title": "Root"})
	child := u.create(t, client.Fields{"title": "Child", "parent_id": root.ID})
	return family{
		root: root, child: child, second: u.create(t, client.Fields{"title": "Second", "parent_id": root.ID}),
		grandchild: u.create(t, client.Fields{"title": "Grandchild", "parent_id": child.ID}),
	}
}

func (f family) all() []*client.Task { return []*client.Task{f.root, f.child, f.grandchild, f.second} }

func (u *user) get(t *testing.T, id string) *client.Response {
	t.Helper()
	return do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/todos/" + id})
}

func TestDelete_TakesSubtasksAlong_RestoreBringsThemBack(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	f := newFamily(t, u)
	bystander := u.create(t, client.Fields{"title": "Bystander"})
	check.NoError(t, u.DeleteTask(t.Context(), f.root.ID))

	for _, task := range f.all() {
		expectProblem(t, u.get(t, task.ID), http.StatusNotFound)
	}
	if seq, tasks := u.state(t); seq != 9 || tasks != 1 {
		t.Fatalf("seq %d with %d tasks; want 5 + 4 events, 1 task", seq, tasks)
	}
	history := check.Must(u.History(t.Context(), 5))(t)
	for _, e := range history {
		if e.EventType != "task.deleted" || e.Task != nil {
			t.Fatalf("event: %+v", e)
		}
		same(t, "changed_fields", e.ChangedFields, map[string]client.Change{"deleted": {From: false, To: true}})
	}
	if history[0].TaskID != f.root.ID {
		t.Fatalf("the first deleted task is %s, want the named one", history[0].TaskID)
	}

	restored := check.Must(u.RestoreTask(t.Context(), f.root.ID))(t)
	if restored.Version != f.root.Version+2 || restored.Title != "Root" {
		t.Fatalf("restored: %+v", restored)
	}
	for _, task := range f.all() {
		got := check.Must(u.Task(t.Context(), task.ID))(t)
		task.Version, task.UpdatedAt = task.Version+2, got.UpdatedAt
		same(t, "a restored task", got, task)
	}
	for _, e := range check.Must(u.History(t.Context(), 9))(t) {
		if e.EventType != "task.updated" || e.Task == nil {
			t.Fatalf("event: %+v", e)
		}
	}
	same(t, "the bystander", check.Must(u.Task(t.Context(), bystander.ID))(t), bystander)
}

// TestRestore_LeavesWhatWasDeletedBefore: only the subtasks deleted together with the task are restored with it.
func TestRestore_LeavesWhatWasDeletedBefore(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	f := newFamily(t, u)
	check.NoError(t, u.DeleteTask(t.Context(), f.second.ID))
	check.NoError(t, u.DeleteTask(t.Context(), f.root.ID))
	check.Must(u.RestoreTask(t.Context(), f.root.ID))(t)
	expectProblem(t, u.get(t, f.second.ID), http.StatusNotFound)
	expectStatus(t, u.get(t, f.grandchild.ID), http.StatusOK)
	check.Must(u.RestoreTask(t.Context(), f.second.ID))(t)
	expectStatus(t, u.get(t, f.second.ID), http.StatusOK)
}

func TestRestore_BelowADeletedParent_IsAConflict(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	f := newFamily(t, u)
	check.NoError(t, u.DeleteTask(t.Context(), f.root.ID))
	seq, _ := u.state(t)
	restore := client.Request{Method: http.MethodPost, Path: "/api/todos/" + f.child.ID + "/restore"}
	expectProblem(t, do(t, u.Client, restore), http.StatusConflict)
	if after, _ := u.state(t); after != seq {
		t.Fatal("a rejected restore caused an event")
	}
}

// TestDeleted_IsGoneForEveryVerb: a deleted task can only be restored or looked up in the history.
func TestDeleted_IsGoneForEveryVerb(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Gone"})
	check.NoError(t, u.DeleteTask(t.Context(), task.ID))
	path := "/api/todos/" + task.ID
	for _, r := range []client.Request{
		{Method: http.MethodGet, Path: path},
		{Method: http.MethodPut, Path: path, JSON: client.Fields{"title": "x"}},
		{Method: http.MethodPatch, Path: path, JSON: client.Fields{"title": "x"}, Header: map[string]string{"Content-Type": mergePatch}},
		{Method: http.MethodPatch, Path: path + "/complete", JSON: client.Fields{"completed": true}},
		{Method: http.MethodDelete, Path: path},
	} {
		expectProblem(t, do(t, u.Client, r), http.StatusNotFound)
	}
	page := check.Must(u.HistoryPage(t.Context(), path+"/history", nil))(t)
	if len(page.Items) != 2 {
		t.Fatalf("history of the deleted task: %+v", page.Items)
	}
	expectProblem(t, do(t, u.Client, client.Request{
		Method: http.MethodPost, Path: "/api/todos", JSON: client.Fields{"title": "x", "parent_id": task.ID},
	}), 422, "/parent_id")
}

func TestParent_NeverBelowItself(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	f := newFamily(t, u)
	patch := map[string]string{"Content-Type": mergePatch}
	seq, _ := u.state(t)
	for _, below := range []*client.Task{f.root, f.child, f.grandchild} {
		in := client.Fields{"title": "Root", "parent_id": below.ID}
		path := "/api/todos/" + f.root.ID
		expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodPatch, Path: path, JSON: in, Header: patch}), 422, "/parent_id")
		expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodPut, Path: path, JSON: in}), 422, "/parent_id")
	}
	if after, _ := u.state(t); after != seq {
		t.Fatal("a rejected move caused an event")
	}
	// Moving to a sibling or up is allowed.
	moved := check.Must(u.PatchTask(t.Context(), f.grandchild.ID, client.Fields{"parent_id": f.second.ID}))(t)
	if *moved.ParentID != f.second.ID {
		t.Fatalf("%+v", moved)
	}
	freed := check.Must(u.PatchTask(t.Context(), f.grandchild.ID, client.Fields{"parent_id": nil}))(t)
	if freed.ParentID != nil {
		t.Fatalf("%+v", freed)
	}
}

// TestParent_DepthIsBounded, whether tasks are added one below the other or a whole tree is moved.
func TestParent_DepthIsBounded(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	chain := func(n int) []*client.Task {
		out := []*client.Task{u.create(t, client.Fields{"title": "Top"})}
		for len(out) < n {
			out = append(out, u.create(t, client.Fields{"title": "Below", "parent_id": out[len(out)-1].ID}))
		}
		return out
	}
	deepest := 1
	last := u.create(t, client.Fields{"title": "Level 1"})
	for ; deepest < 50; deepest++ {
		in := client.Fields{"title": "Deeper", "parent_id": last.ID}
		r := do(t, u.Client, client.Request{Method: http.MethodPost, Path: "/api/todos", JSON: in})
		if r.Status != http.StatusCreated {
			expectProblem(t, r, 422, "/parent_id")
			break
		}
		check.NoError(t, r.Decode("create", http.StatusCreated, last))
	}
	if deepest < 5 || deepest > 20 {
		t.Fatalf("tasks can be %d levels deep", deepest)
	}
	tree := chain(deepest)
	other := u.create(t, client.Fields{"title": "Other"})
	in := client.Fields{"parent_id": other.ID}
	r := do(t, u.Client, client.Request{
		Method: http.MethodPatch, Path: "/api/todos/" + tree[0].ID, JSON: in, Header: map[string]string{"Content-Type": mergePatch},
	})
	expectProblem(t, r, 422, "/parent_id")
}

package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// label is a project or a tag.
type label struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Color   *string `json:"color"`
	Version int64   `json:"version"`
}

// label returns the project or tag of that name, which exists as soon as a task has it.
func (u *user) label(t *testing.T, path, name string) label {
	t.Helper()
	var page struct{ Items []label }
	check.NoError(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: path, Query: url.Values{"limit": {"200"}}}).Decode(path, http.StatusOK, &page))
	for _, l := range page.Items {
		if l.Name == name {
			return l
		}
	}
	t.Fatalf("%s has no %q: %+v", path, name, page.Items)
	return label{}
}

// relabelFrame is a frame about a project, as far as it is compared.
type relabelFrame struct {
	ChangeType string `json:"change_type"`
	Seq        int64  `json:"seq"`
	Project    label  `json:"project"`
	Relabels   []struct {
		From, To *string
		Count    int
		Tasks    []string
	} `json:"relabels"`
}

// TestProject_IsRenamedForEveryDevice: one event for all tasks, live and replayed, in one sequence with those of tasks; undone by
// its own undo.
func TestProject_IsRenamedForEveryDevice(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	s := check.Must(u.OpenStream(t.Context(), "", nil))(t)
	t.Cleanup(s.Close)
	hello := check.Must(s.NextEvent(check.Within(t, timeout)))(t)
	var ids []string
	for i := range 3 {
		ids = append(ids, u.create(t, client.Fields{"title": fmt.Sprint("task ", i), "project": "Home"}).ID)
	}
	home := u.label(t, "/api/projects", "Home")
	path := "/api/projects/" + home.ID
	expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodPatch, Path: path, JSON: client.Fields{"name": "House", "color": "teal"}}), http.StatusOK)
	u.create(t, client.Fields{"title": "another", "project": "house"})

	read := func(s *client.Stream, seq int64) (f relabelFrame) {
		t.Helper()
		for {
			frame := check.Must(s.NextEvent(check.Within(t, timeout)))(t)
			check.NoError(t, documents(t).CheckFrame(frame.Event, frame.Data))
			if frame.Event != "sync.project-changed" {
				continue
			}
			check.NoError(t, json.Unmarshal(frame.Data, &f))
			if f.Seq == seq {
				return f
			}
		}
	}
	renamed := read(s, 4)
	if renamed.ChangeType != "updated" || renamed.Project.Name != "House" || len(renamed.Relabels) != 1 || renamed.Relabels[0].Count != 3 || *renamed.Relabels[0].To != "House" {
		t.Fatalf("%+v", renamed)
	}
	replayed := check.Must(u.OpenStream(t.Context(), hello.ID, nil))(t)
	t.Cleanup(replayed.Close)
	same(t, "the replayed frame", read(replayed, 4), renamed)
	for _, id := range ids {
		if task := check.Must(u.Task(t.Context(), id))(t); *task.Project != "House" || task.Version != 2 {
			t.Errorf("%+v", task)
		}
	}

	var page struct {
		Items []struct{ ID string }
	}
	check.NoError(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/history", Query: url.Values{"after": {"3"}, "limit": {"1"}}}).Decode("history", http.StatusOK, &page))
	expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodPost, Path: "/api/history/" + page.Items[0].ID + "/undo"}), http.StatusOK)
	if undone := read(s, 6); undone.Project.Name != "Home" || undone.Relabels[0].Count != 4 {
		t.Errorf("%+v", undone)
	}
	other := newUser(t)
	expectProblem(t, do(t, other.Client, client.Request{Method: http.MethodDelete, Path: path}), http.StatusNotFound)
	expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodDelete, Path: path, Query: url.Values{"tasks": {"trash"}}}), http.StatusNoContent)
	if gone := read(s, 11); gone.ChangeType != "deleted" || len(gone.Relabels) != 0 {
		t.Errorf("%+v", gone)
	}
	if left := check.Must(u.AllTasks(t.Context(), nil, nil))(t); len(left) != 0 {
		t.Errorf("%d tasks", len(left))
	}
}

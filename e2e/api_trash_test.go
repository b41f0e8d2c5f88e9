package e2e

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// trashPage is a page of GET /api/todos/trash.
type trashPage struct {
	Items []struct {
		Task      client.Task `json:"task"`
		DeletedAt time.Time   `json:"deleted_at"`
		Subtasks  int         `json:"subtasks"`
	} `json:"items"`
	NextCursor *string `json:"next_cursor"`
}

func (u *user) trash(t *testing.T, query url.Values) (page trashPage) {
	t.Helper()
	r := do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/todos/trash", Query: query})
	check.NoError(t, r.Decode("the trash", http.StatusOK, &page))
	return page
}

// TestTrash_ListsTheUsersDeletedTasks: latest first, a family as one, page by page, until they are restored.
func TestTrash_ListsTheUsersDeletedTasks(t *testing.T) {
	t.Parallel()
	u, other := newUser(t), newUser(t)
	f := newFamily(t, u)
	last := u.create(t, client.Fields{"title": "Deleted last"})
	u.create(t, client.Fields{"title": "Stays"})
	check.NoError(t, u.DeleteTask(t.Context(), f.root.ID))
	check.NoError(t, u.DeleteTask(t.Context(), last.ID))

	first := u.trash(t, url.Values{"limit": {"1"}})
	if len(first.Items) != 1 || first.Items[0].Task.ID != last.ID || first.NextCursor == nil {
		t.Fatalf("the first page: %+v", first)
	}
	second := u.trash(t, url.Values{"limit": {"1"}, "cursor": {*first.NextCursor}})
	if len(second.Items) != 1 || second.Items[0].Task.ID != f.root.ID || second.Items[0].Subtasks != 2 || second.NextCursor != nil {
		t.Fatalf("the second page: %+v", second)
	}
	if p := other.trash(t, nil); len(p.Items) != 0 {
		t.Fatalf("another user's: %+v", p)
	}

	check.Must(u.RestoreTask(t.Context(), f.root.ID))(t)
	if p := u.trash(t, nil); len(p.Items) != 1 || p.Items[0].Task.ID != last.ID {
		t.Fatalf("after the restore: %+v", p)
	}
	expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/todos/trash", Query: url.Values{"cursor": {"x"}}}), http.StatusUnprocessableEntity)
}

// TestTrash_IsEmptied: for good, with events that every screen gets; and only the user's own.
func TestTrash_IsEmptied(t *testing.T) {
	t.Parallel()
	u, other := newUser(t), newUser(t)
	f := newFamily(t, u)
	last := u.create(t, client.Fields{"title": "Deleted last"})
	trash := func(as *user, method, path string) *client.Response {
		return do(t, as.Client, client.Request{Method: method, Path: "/api/todos/trash" + path})
	}
	expectProblem(t, trash(u, http.MethodDelete, "/"+last.ID), http.StatusNotFound) // it is not there yet
	check.NoError(t, u.DeleteTask(t.Context(), f.root.ID))
	check.NoError(t, u.DeleteTask(t.Context(), last.ID))
	expectProblem(t, trash(other, http.MethodDelete, "/"+last.ID), http.StatusNotFound)
	check.NoError(t, trash(other, http.MethodDelete, "").Decode("emptied", http.StatusOK, &struct{}{}))

	check.NoError(t, trash(u, http.MethodDelete, "/"+last.ID).Decode("purged", http.StatusNoContent, nil))
	var emptied struct {
		Deleted int
		More    bool
	}
	check.NoError(t, trash(u, http.MethodDelete, "").Decode("emptied", http.StatusOK, &emptied))
	if emptied.Deleted != 1 || emptied.More {
		t.Errorf("%+v", emptied)
	}
	if p := u.trash(t, nil); len(p.Items) != 0 {
		t.Errorf("left: %+v", p)
	}
	expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodPost, Path: "/api/todos/" + f.root.ID + "/restore"}), http.StatusNotFound)
}

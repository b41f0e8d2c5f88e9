package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// TestDryRun_EveryChange: a dry run gets the same response as the change, follows the same rules, and stores nothing.
func TestDryRun_EveryChange(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Stays"})
	gone := u.create(t, client.Fields{"title": "Gone"})
	check.NoError(t, u.DeleteTask(t.Context(), gone.ID))
	path := "/api/todos/" + task.ID
	seq, tasks := u.state(t)
	dry := url.Values{"dry_run": {"true"}}
	for _, c := range []struct {
		request client.Request
		status  int
		says    string // a member of the response, with its value
		value   any
	}{
		{client.Request{Method: "POST", Path: "/api/todos", JSON: client.Fields{"title": "New"}}, 201, "title", "New"},
		{client.Request{Method: "POST", Path: "/api/todos", JSON: client.Fields{"title": ""}}, 422, "status", 422.0},
		{client.Request{Method: "PUT", Path: path, JSON: client.Fields{"title": "Put"}}, 200, "title", "Put"},
		{client.Request{Method: "PATCH", Path: path, JSON: client.Fields{"priority": "high"}}, 200, "version", 2.0},
		{client.Request{Method: "PATCH", Path: path, JSON: client.Fields{"priority": "high"}, Header: map[string]string{"If-Match": `"7"`}}, 412, "status", 412.0},
		{client.Request{Method: "PATCH", Path: path + "/complete", JSON: client.Fields{"completed": true}}, 200, "completed", true},
		{client.Request{Method: "DELETE", Path: path}, 204, "", nil},
		{client.Request{Method: "DELETE", Path: "/api/todos/" + gone.ID}, 404, "status", 404.0},
		{client.Request{Method: "POST", Path: "/api/todos/" + gone.ID + "/restore"}, 200, "title", "Gone"},
	} {
		c.request.Query = dry
		r := do(t, u.Client, keyed(c.request, "one key for all, since none is kept"))
		expectStatus(t, r, c.status)
		var got map[string]any
		if c.says != "" {
			check.NoError(t, json.Unmarshal(r.Body, &got))
			if got[c.says] != c.value {
				t.Errorf("%s %s: %s", c.request.Method, c.request.Path, r.Body)
			}
		}
	}
	expectProblem(t, do(t, u.Client, client.Request{Method: "DELETE", Path: path, Query: url.Values{"dry_run": {"yes"}}}), http.StatusUnprocessableEntity, "/dry_run")
	if s, n := u.state(t); s != seq || n != tasks {
		t.Fatalf("something was stored: seq %d and %d, %d and %d tasks", seq, s, tasks, n)
	}
	same(t, "the task", check.Must(u.Task(t.Context(), task.ID))(t), task)
}

func TestCounts(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	counts := func() (c struct {
		Seq, Open  int64
		ByPriority map[string]int64 `json:"by_priority"`
	},
	) {
		t.Helper()
		r := do(t, u.Client, client.Request{Method: "GET", Path: "/api/todos/counts"})
		check.NoError(t, r.Decode("counts", http.StatusOK, &c))
		return c
	}
	if c := counts(); c.Seq != 0 || c.Open != 0 || len(c.ByPriority) != 5 {
		t.Errorf("of nothing: %+v", c)
	}
	u.create(t, client.Fields{"title": "A", "priority": "high"})
	u.create(t, client.Fields{"title": "B", "priority": "high"})
	u.create(t, client.Fields{"title": "C", "completed": true})
	gone := u.create(t, client.Fields{"title": "D"})
	u.create(t, client.Fields{"title": "E"})
	check.NoError(t, u.DeleteTask(t.Context(), gone.ID))
	if c := counts(); c.Seq != 6 || c.Open != 3 || c.ByPriority["high"] != 2 || c.ByPriority["none"] != 1 || c.ByPriority["low"] != 0 {
		t.Errorf("%+v", c)
	}
}

package e2e

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// conditional are the changes that support conditions.
var conditional = map[string]func(id string, header map[string]string) client.Request{
	"PUT": func(id string, h map[string]string) client.Request {
		return client.Request{Method: "PUT", Path: "/api/todos/" + id, JSON: client.Fields{"title": "New"}, Header: h}
	},
	"PATCH": func(id string, h map[string]string) client.Request {
		return client.Request{Method: "PATCH", Path: "/api/todos/" + id, JSON: client.Fields{"title": "New"}, Header: h}
	},
	"complete": func(id string, h map[string]string) client.Request {
		return client.Request{Method: "PATCH", Path: "/api/todos/" + id + "/complete", JSON: client.Fields{"completed": true}, Header: h}
	},
	"DELETE": func(id string, h map[string]string) client.Request {
		return client.Request{Method: "DELETE", Path: "/api/todos/" + id, Header: h}
	},
}

// condition is one value of a header, for a task with version 2.
type condition struct {
	header string
	met    bool
}

// tryConditions sends each value of a header with each change that supports it.
func tryConditions(t *testing.T, name string, conditions []condition) {
	t.Helper()
	u := newUser(t)
	for change, request := range conditional {
		t.Run(change, func(t *testing.T) {
			t.Parallel()
			for _, c := range conditions {
				t.Run(c.header, func(t *testing.T) {
					t.Parallel()
					task := u.create(t, client.Fields{"title": "Old"})
					task = check.Must(u.PatchTask(t.Context(), task.ID, client.Fields{"priority": "low"}))(t)
					r := do(t, u.Client, request(task.ID, map[string]string{name: c.header}))
					if c.met {
						if r.Status/100 != 2 {
							t.Fatalf("%d %s", r.Status, r.Body)
						}
						return
					}
					expectProblem(t, r, http.StatusPreconditionFailed)
					same(t, "the task", check.Must(u.Task(t.Context(), task.ID))(t), task)
				})
			}
		})
	}
}

// TestIfMatch tries every form of the header on every method that supports it.
func TestIfMatch(t *testing.T) {
	t.Parallel()
	tryConditions(t, "If-Match", []condition{
		{`"2"`, true},
		{`*`, true},
		{`"1", "2", "7"`, true},
		{`"x" , "2"`, true},
		{`"1"`, false},
		{`"3"`, false},
		{`W/"2"`, false}, // If-Match compares strongly (RFC 9110, 13.1.1)
		{`"02"`, false},
		{`"+2"`, false},
		{`2`, false},
		{`"x"`, false},
		{`"2`, false},
		{`"99999999999999999999"`, false},
	})
}

// TestIfNoneMatch_OnAChange compares weakly, unlike If-Match (RFC 9110, 13.1.2).
func TestIfNoneMatch_OnAChange(t *testing.T) {
	t.Parallel()
	tryConditions(t, "If-None-Match", []condition{
		{`"2"`, false},
		{`*`, false},
		{`W/"2"`, false},
		{`"1", "2", "7"`, false},
		{`"1"`, true},
		{`"3"`, true},
		{`"02"`, true},
		{`2`, true},
		{`"2`, true},
	})
}

// TestConditions_BothMustHold: RFC 9110, 13.2.2, checks If-Match first, then If-None-Match.
func TestConditions_BothMustHold(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for _, c := range []struct {
		match, none string
		met         bool
	}{{`"1"`, `"2"`, true}, {`*`, `"2"`, true}, {`"1"`, `"1"`, false}, {`*`, `*`, false}, {`"2"`, `"2"`, false}} {
		task := u.create(t, client.Fields{"title": "Old"})
		r := do(t, u.Client, conditional["PATCH"](task.ID, map[string]string{"If-Match": c.match, "If-None-Match": c.none}))
		if !c.met {
			expectProblem(t, r, http.StatusPreconditionFailed)
		} else if r.Status != http.StatusOK {
			t.Errorf("%+v: %d %s", c, r.Status, r.Body)
		}
	}
}

// TestConditions_OnWhatIsNotThere_IsNotFound: 412 would reveal that the task once existed.
func TestConditions_OnWhatIsNotThere_IsNotFound(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Gone"})
	check.NoError(t, u.DeleteTask(t.Context(), task.ID))
	for name, tag := range map[string]string{"If-Match": `"9"`, "If-None-Match": "*"} {
		for _, request := range conditional {
			expectProblem(t, do(t, u.Client, request(task.ID, map[string]string{name: tag})), http.StatusNotFound)
		}
	}
}

// TestIfMatch_OfManyWritersOneWins is the lost update that If-Match prevents.
func TestIfMatch_OfManyWritersOneWins(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Contended"})
	var won atomic.Int32
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			r, err := u.Do(t.Context(), client.Request{
				Method: "PATCH", Path: "/api/todos/" + task.ID, JSON: client.Fields{"title": fmt.Sprint("Writer ", i)},
				Header: map[string]string{"If-Match": `"1"`, "Content-Type": mergePatch},
			})
			switch {
			case err != nil:
				t.Error(err)
			case r.Status == http.StatusOK:
				won.Add(1)
			case r.Status != http.StatusPreconditionFailed:
				t.Errorf("%d %s", r.Status, r.Body)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Fatalf("%d writers won", won.Load())
	}
}

func TestIfNoneMatch(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Cached"})
	for header, fresh := range map[string]bool{
		`"1"`: true, `W/"1"`: true, `*`: true, `"0", "1"`: true, // weak comparison (RFC 9110, 13.1.2)
		`"2"`: false, `1`: false, `""`: false, `"11"`: false,
	} {
		t.Run(header, func(t *testing.T) {
			t.Parallel()
			r := do(t, u.Client, client.Request{Method: "GET", Path: "/api/todos/" + task.ID, Header: map[string]string{"If-None-Match": header}})
			if r.Header.Get("ETag") != `"1"` {
				t.Fatalf("ETag %q", r.Header.Get("ETag"))
			}
			if fresh {
				expectStatus(t, r, http.StatusNotModified)
				if len(r.Body) > 0 {
					t.Fatalf("a 304 with a body: %s", r.Body)
				}
				return
			}
			expectStatus(t, r, http.StatusOK)
		})
	}
}

func TestHead_IsGetWithoutABody(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Headed"})
	for _, path := range []string{"/api/todos", "/api/todos/" + task.ID, "/api/history", "/api/preferences"} {
		r := do(t, u.Client, client.Request{Method: http.MethodHead, Path: path})
		expectStatus(t, r, http.StatusOK)
		if len(r.Body) > 0 {
			t.Fatalf("HEAD %s has a body", path)
		}
	}
}

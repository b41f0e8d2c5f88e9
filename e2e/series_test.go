package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/shared/eventually"
)

// monday is in the future, at 09:00 in UTC.
var monday = time.Date(2098, 3, 3, 9, 0, 0, 0, time.UTC)

// weekly creates a series of Mondays.
func (u *user) weekly(t *testing.T, rule string) *client.Task {
	t.Helper()
	return u.create(t, client.Fields{
		"title": "Water the plants", "due_at": monday, "timezone": "UTC", "recurrence": client.Fields{"rrule": rule, "mode": "schedule"},
	})
}

// edit patches an occurrence in a scope; "" is the default.
func (u *user) edit(t *testing.T, id, scope string, patch client.Fields) client.Task {
	t.Helper()
	r := do(t, u.Client, client.Request{Method: http.MethodPatch, Path: "/api/todos/" + id, Query: scoped(scope), JSON: patch})
	expectStatus(t, r, http.StatusOK)
	var task client.Task
	check.NoError(t, json.Unmarshal(r.Body, &task))
	return task
}

func scoped(scope string) url.Values {
	if scope == "" {
		return nil
	}
	return url.Values{"scope": {scope}}
}

// TestSeries_AMovedOccurrenceMovesAllLaterOnes: this one and all later ones is what an edit means by default.
func TestSeries_AMovedOccurrenceMovesAllLaterOnes(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	first := u.weekly(t, "FREQ=WEEKLY;BYDAY=MO;COUNT=4")
	u.complete(t, first.ID)
	second := u.successor(t, monday.AddDate(0, 0, 7))
	wednesday := monday.AddDate(0, 0, 9).Add(8 * time.Hour)
	moved := u.edit(t, second.ID, "", client.Fields{"due_at": wednesday})
	if moved.Recurrence.RRule != "FREQ=WEEKLY;BYDAY=WE;COUNT=4" || *moved.SeriesID != first.ID {
		t.Errorf("moved: %+v", moved)
	}
	if next := u.complete(t, second.ID); next == nil || !next.Equal(wednesday.AddDate(0, 0, 7)) {
		t.Fatalf("the third is due at %v", next)
	}
	third := u.successor(t, wednesday.AddDate(0, 0, 7))
	u.complete(t, third.ID)
	fourth := u.successor(t, wednesday.AddDate(0, 0, 14))
	if next := u.complete(t, fourth.ID); next != nil {
		t.Errorf("COUNT=4, and after the fourth comes %v", next)
	}
}

// TestSeries_AnOccurrenceIsEditedAlone, and an undo restores it; the next one is as the series was.
func TestSeries_AnOccurrenceIsEditedAlone(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.weekly(t, "FREQ=WEEKLY")
	alone := u.edit(t, task.ID, "this", client.Fields{"title": "Water the palm", "due_at": monday.AddDate(0, 0, 2), "tags": []string{"palm"}})
	if alone.Title != "Water the palm" || !alone.DueAt.Equal(monday.AddDate(0, 0, 2)) || !alone.Occurrence.Equal(monday) {
		t.Errorf("%+v", alone)
	}
	if got := u.undone(t); got.Title != task.Title || !got.DueAt.Equal(monday) || len(got.Tags) != 0 {
		t.Errorf("undone: %+v", got)
	}
	if got := u.undone(t); got.Title != "Water the palm" {
		t.Errorf("and that undone: %+v", got)
	}
	for field, value := range map[string]any{"recurrence": nil, "timezone": "Europe/Berlin"} {
		r := client.Request{Method: http.MethodPatch, Path: "/api/todos/" + task.ID, Query: scoped("this"), JSON: client.Fields{field: value}}
		expectProblem(t, do(t, u.Client, r), 422, "/"+field)
	}
	expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodPatch, Path: "/api/todos/" + task.ID, Query: scoped("series"), JSON: client.Fields{}}), 422, "/scope")
	u.complete(t, task.ID)
	next := u.successor(t, monday.AddDate(0, 0, 7))
	if next.Title != task.Title || len(next.Tags) != 0 {
		t.Errorf("the next: %+v", next)
	}
}

// TestSeries_ASkipHappensOnce, with a key however often it is sent, and says so in the history.
func TestSeries_ASkipHappensOnce(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.weekly(t, "FREQ=WEEKLY")
	skip := client.Request{Method: http.MethodPost, Path: "/api/todos/" + task.ID + "/skip", Header: map[string]string{"Idempotency-Key": "skip"}}
	var bodies []string
	for range 3 {
		r := do(t, u.Client, skip)
		expectStatus(t, r, http.StatusOK)
		bodies = append(bodies, string(r.Body))
	}
	if bodies[0] != bodies[1] || bodies[1] != bodies[2] {
		t.Errorf("three answers: %s", bodies)
	}
	var answer completed
	check.NoError(t, json.Unmarshal([]byte(bodies[0]), &answer))
	if string(answer.Next) != `"2098-03-10T09:00:00Z"` || answer.Completed {
		t.Errorf("%s", bodies[0])
	}
	next := u.successor(t, monday.AddDate(0, 0, 7))
	if _, tasks := u.state(t); tasks != 1 {
		t.Errorf("%d tasks", tasks)
	}
	history := check.Must(u.HistoryPage(t.Context(), "/api/todos/"+task.ID+"/history", nil))(t)
	last := history.Items[len(history.Items)-1]
	if said, _ := json.Marshal(last.ChangedFields["series"].To); last.EventType != "task.deleted" || !jsonHas(said, "series", "skipped", true) {
		t.Errorf("the history ends with %+v", last)
	}
	expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodPost, Path: skip.Path}), 404)

	// Undone, the task is back and its successor is gone.
	expectStatus(t, do(t, u.Client, undoRequest(last.ID, "")), http.StatusOK)
	check.Must(u.Task(t.Context(), task.ID))(t)
	expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/todos/" + next.ID}), 404)
	u.complete(t, task.ID)
	u.successor(t, monday.AddDate(0, 0, 7))
	expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodPost, Path: skip.Path}), 409) // completed
	once := u.create(t, client.Fields{"title": "Once"})
	expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodPost, Path: "/api/todos/" + once.ID + "/skip"}), 409)
}

// jsonHas reports whether an object has a member of a member with a value.
func jsonHas(raw []byte, outer, inner string, want any) bool {
	var all map[string]map[string]any
	_ = json.Unmarshal(raw, &all) // members of other types are left out
	return all[outer][inner] == want
}

// TestSeries_ADeletionSkipsOrEnds: by default it ends the series.
func TestSeries_ADeletionSkipsOrEnds(t *testing.T) {
	t.Parallel()
	for scope, goesOn := range map[string]bool{"": false, "series": false, "this": true} {
		u := newUser(t)
		task := u.weekly(t, "FREQ=WEEKLY")
		remove := client.Request{Method: http.MethodDelete, Path: "/api/todos/" + task.ID, Query: scoped(scope)}
		expectStatus(t, do(t, u.Client, remove), http.StatusNoContent)
		if goesOn {
			u.successor(t, monday.AddDate(0, 0, 7))
			continue
		}
		// Another series of the same user, deleted after it, is followed: then so was this one, if ever.
		other := u.weekly(t, "FREQ=WEEKLY")
		expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodDelete, Path: "/api/todos/" + other.ID, Query: scoped("this")}), http.StatusNoContent)
		eventually.Within(t, timeout, "the occurrence after the skipped one", func() bool { _, tasks := u.state(t); return tasks > 0 })
		if _, tasks := u.state(t); tasks != 1 {
			t.Errorf("%q: %d tasks", scope, tasks)
		}
	}
	u := newUser(t)
	task := u.weekly(t, "FREQ=WEEKLY")
	u.complete(t, task.ID)
	u.successor(t, monday.AddDate(0, 0, 7))
	expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodDelete, Path: "/api/todos/" + task.ID, Query: scoped("series")}), 409)
	expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodDelete, Path: "/api/todos/" + task.ID}), http.StatusNoContent)
	u.successor(t, monday.AddDate(0, 0, 7))
}

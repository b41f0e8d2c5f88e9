package e2e

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/shared/eventually"
)

// completed is the response to the completion of an occurrence.
type completed struct {
	client.Task
	Next json.RawMessage `json:"next_occurrence_at"`
}

// complete completes a recurring task and returns when the next one is due; nil if the series has ended.
func (u *user) complete(t *testing.T, id string) *time.Time {
	t.Helper()
	r := do(t, u.Client, client.Request{Method: http.MethodPatch, Path: "/api/todos/" + id + "/complete", JSON: client.Fields{"completed": true}})
	expectStatus(t, r, http.StatusOK)
	var answer completed
	check.NoError(t, json.Unmarshal(r.Body, &answer))
	if answer.Next == nil {
		t.Fatalf("no next_occurrence_at: %s", r.Body)
	}
	if !answer.Completed || answer.SeriesID == nil || answer.Occurrence == nil {
		t.Fatalf("not an occurrence of a series: %s", r.Body)
	}
	var next *time.Time
	check.NoError(t, json.Unmarshal(answer.Next, &next))
	return next
}

// successor waits for the occurrence at a time.
func (u *user) successor(t *testing.T, at time.Time) client.Task {
	t.Helper()
	var found client.Task
	eventually.Within(t, timeout, "an occurrence at "+at.String(), func() bool {
		page := check.Must(u.ListTasks(t.Context(), url.Values{"status": {"open"}, "limit": {"200"}}))(t)
		for _, task := range page.Items {
			if task.ParentID == nil && task.DueAt != nil && task.DueAt.Equal(at) {
				found = task
				return true
			}
		}
		return false
	})
	return found
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	return check.Must(time.LoadLocation(name))(t)
}

// TestRecurrence_EveryMondayNineOClockAcrossBothChangesOfTheClocks completes each Monday of most of a year.
func TestRecurrence_EveryMondayNineOClockAcrossBothChangesOfTheClocks(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	berlin := zone(t, "Europe/Berlin")
	monday := time.Date(2098, 3, 17, 9, 0, 0, 0, berlin)
	task := check.Must(u.CreateTask(t.Context(), client.Fields{
		"title": "Water the plants", "due_at": monday, "timezone": "Europe/Berlin", "tags": []string{"garden"}, "reminders": []string{"PT1H"},
		"recurrence": client.Fields{"rrule": "FREQ=WEEKLY;BYDAY=MO;UNTIL=20981103"},
	}))(t)
	series := task.ID
	changes := 0
	for _, offset := monday.Zone(); ; {
		next := u.complete(t, task.ID)
		monday = monday.AddDate(0, 0, 7)
		if monday.Month() == time.November && monday.Day() > 3 {
			if next != nil {
				t.Fatalf("after UNTIL comes %v", next)
			}
			break
		}
		if next == nil || !next.Equal(monday) {
			t.Fatalf("next is %v, want %v", next, monday)
		}
		found := u.successor(t, monday)
		if found.Title != task.Title || *found.SeriesID != series || !found.Occurrence.Equal(monday) || found.Tags[0] != "garden" || (*found.Reminders)[0] != "PT1H" {
			t.Fatalf("%+v", found)
		}
		task = &found
		if _, now := monday.Zone(); now != offset {
			changes++
			offset = now
		}
	}
	if changes != 2 {
		t.Errorf("the clocks changed %d times, want 2", changes)
	}
	if all := check.Must(u.AllTasks(t.Context(), url.Values{"status": {"completed"}, "limit": {"200"}}, nil))(t); len(all) != 34 {
		t.Errorf("%d completed occurrences remain, want 34", len(all))
	}
}

func TestRecurrence_TwoDevicesAndAReopening(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	due := time.Date(2098, 6, 1, 8, 0, 0, 0, time.UTC)
	task := check.Must(u.CreateTask(t.Context(), client.Fields{"title": "Exercise", "due_at": due, "recurrence": client.Fields{"rrule": "FREQ=DAILY", "mode": "schedule"}}))(t)
	check.Must(u.CreateTask(t.Context(), client.Fields{"title": "Warm up", "parent_id": task.ID}))(t)
	done := make(chan error, 4)
	for range cap(done) {
		go func() {
			_, err := u.CompleteTask(t.Context(), task.ID, true)
			done <- err
		}()
	}
	for range cap(done) {
		check.NoError(t, <-done)
	}
	next := u.successor(t, due.AddDate(0, 0, 1))
	var below []client.Task
	eventually.Within(t, timeout, "the subtask, open again", func() bool {
		below = check.Must(u.AllTasks(t.Context(), url.Values{"parent_id": {next.ID}}, nil))(t)
		return len(below) == 1
	})
	if below[0].Title != "Warm up" || below[0].Completed {
		t.Errorf("%+v", below[0])
	}
	// Reopening withdraws an unchanged successor, and the next completion creates it again.
	check.Must(u.CompleteTask(t.Context(), task.ID, false))(t)
	expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/todos/" + next.ID}), 404)
	u.complete(t, task.ID)
	again := u.successor(t, due.AddDate(0, 0, 1))
	if again.ID != next.ID {
		t.Errorf("it was created again as %s, want %s", again.ID, next.ID)
	}
	// A changed successor stays.
	check.Must(u.PatchTask(t.Context(), again.ID, client.Fields{"title": "Exercise more"}))(t)
	check.Must(u.CompleteTask(t.Context(), task.ID, false))(t)
	check.Must(u.Task(t.Context(), again.ID))(t)
}

func TestRecurrence_EveryWayOfCompletingSaysWhenItGoesOn(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	due := time.Date(2098, 6, 1, 8, 0, 0, 0, time.UTC)
	want := `"next_occurrence_at":"2098-06-02T08:00:00Z"`
	for name, request := range map[string]func(id string) client.Request{
		"complete": func(id string) client.Request {
			return client.Request{Method: http.MethodPatch, Path: "/api/todos/" + id + "/complete", JSON: client.Fields{"completed": true}}
		},
		"patch": func(id string) client.Request {
			return client.Request{Method: http.MethodPatch, Path: "/api/todos/" + id, JSON: client.Fields{"completed": true}}
		},
		"put": func(id string) client.Request {
			return client.Request{Method: http.MethodPut, Path: "/api/todos/" + id, JSON: client.Fields{
				"title": "x", "due_at": due, "completed": true, "recurrence": client.Fields{"rrule": "FREQ=DAILY"},
			}}
		},
		"batch": func(id string) client.Request { return batch(client.Fields{"op": "complete", "id": id}) },
		"event": func(id string) client.Request {
			return client.Event{ID: rand.Text(), Source: "/recurrence", Type: "task.complete", Subject: id}.Binary()
		},
	} {
		task := check.Must(u.CreateTask(t.Context(), client.Fields{"title": "x", "due_at": due, "recurrence": client.Fields{"rrule": "FREQ=DAILY"}}))(t)
		r := do(t, u.Client, request(task.ID))
		expectStatus(t, r, http.StatusOK)
		if !bytes.Contains(r.Body, []byte(want)) {
			t.Errorf("%s: %s", name, r.Body)
		}
	}
}

func TestRecurrence_Preview(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	preview := func(in client.Fields) *client.Response {
		return do(t, u.Client, client.Request{Method: http.MethodPost, Path: "/api/todos/recurrence-preview", JSON: in})
	}
	for _, c := range []struct {
		in   client.Fields
		want []string
	}{
		{
			client.Fields{"rrule": "FREQ=WEEKLY;BYDAY=MO", "due_at": "2098-03-24T08:00:00Z", "timezone": "Europe/Berlin", "count": 3},
			[]string{"2098-03-31T07:00:00Z", "2098-04-07T07:00:00Z", "2098-04-14T07:00:00Z"},
		},
		{
			client.Fields{"rrule": "FREQ=MONTHLY", "mode": "schedule", "due_at": "2098-01-31T08:00:00Z"},
			[]string{"2098-03-31T08:00:00Z", "2098-05-31T08:00:00Z", "2098-07-31T08:00:00Z", "2098-08-31T08:00:00Z", "2098-10-31T08:00:00Z"},
		},
		{
			client.Fields{"rrule": "FREQ=YEARLY", "due_at": "2096-02-29T08:00:00Z", "count": 2},
			[]string{"2104-02-29T08:00:00Z", "2108-02-29T08:00:00Z"},
		},
		{client.Fields{"rrule": "FREQ=DAILY;COUNT=3", "due_at": "2098-01-01T08:00:00Z", "count": 50}, []string{"2098-01-02T08:00:00Z", "2098-01-03T08:00:00Z"}},
		{client.Fields{"rrule": "FREQ=DAILY;COUNT=1", "due_at": "2098-01-01T08:00:00Z"}, []string{}},
	} {
		r := preview(c.in)
		expectStatus(t, r, http.StatusOK)
		var got struct {
			Occurrences []string `json:"occurrences"`
		}
		check.NoError(t, json.Unmarshal(r.Body, &got))
		same(t, compact(c.in), got.Occurrences, c.want)
	}
	// Without a due time it counts from now, in whole days of the user's time zone.
	expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodPut, Path: "/api/preferences", JSON: client.Fields{"timezone": "Asia/Tokyo"}}), 200)
	var days struct {
		Occurrences []time.Time `json:"occurrences"`
	}
	check.NoError(t, json.Unmarshal(preview(client.Fields{"rrule": "FREQ=DAILY", "mode": "completion", "count": 1}).Body, &days))
	if at := days.Occurrences[0].In(zone(t, "Asia/Tokyo")); at.Hour() != 0 || at.Before(time.Now()) || at.After(time.Now().AddDate(0, 0, 2)) {
		t.Errorf("the next day is %v", at)
	}
	expectProblem(t, preview(client.Fields{"rrule": "FREQ=SECONDLY", "mode": "x", "due_at": "soon", "timezone": "Mars/Base", "count": 51}), 422,
		"/rrule", "/mode", "/due_at", "/timezone", "/count")
	expectProblem(t, preview(client.Fields{}), 422, "/rrule")
	expectProblem(t, preview(client.Fields{"rrule": "FREQ=DAILY", "colour": "red"}), 422, "/colour")
}

package e2e

import (
	"net/http"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

const mergePatch = "application/merge-patch+json"

func (u *user) create(t *testing.T, in client.Fields) *client.Task {
	t.Helper()
	return check.Must(u.CreateTask(t.Context(), in))(t)
}

// lastEvent is the newest entry of the history.
func (u *user) lastEvent(t *testing.T) client.AuditEvent {
	t.Helper()
	history := check.Must(u.History(t.Context(), 0))(t)
	return history[len(history)-1]
}

func TestPut_ReplacesAllButPosition(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, full())
	got := check.Must(u.ReplaceTask(t.Context(), task.ID, client.Fields{"title": "Bare"}))(t)
	same(t, "the task", got, client.Task{
		ID: task.ID, Title: "Bare", Priority: "none", Tags: []string{}, Position: task.Position, Version: 2,
		CreatedAt: task.CreatedAt, UpdatedAt: got.UpdatedAt,
	})
	if !got.UpdatedAt.After(task.UpdatedAt) {
		t.Fatalf("updated_at did not move: %v", got.UpdatedAt)
	}
	e := u.lastEvent(t)
	same(t, "the event's task", e.Task, got)
	if e.EventType != "task.updated" || len(e.ChangedFields) != 10 {
		t.Fatalf("the event: %+v", e)
	}
	same(t, "title", e.ChangedFields["title"], client.Change{From: "Water the plants", To: "Bare"})
	same(t, "due_at", e.ChangedFields["due_at"], client.Change{From: "2026-12-01T08:00:00.123456Z"})
}

// TestPut_WhatWasRead_ChangesNothing: a task that is sent back as it was read gets no event and keeps its version.
func TestPut_WhatWasRead_ChangesNothing(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, full())
	raw := do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/todos/" + task.ID})
	back := do(t, u.Client, client.Request{
		Method: http.MethodPut, Path: "/api/todos/" + task.ID, Body: raw.Body, Header: map[string]string{"Content-Type": "application/json"},
	})
	expectStatus(t, back, http.StatusOK)
	if string(back.Body) != string(raw.Body) || back.Header.Get("ETag") != `"1"` {
		t.Fatalf("changed:\n%s\n%s", raw.Body, back.Body)
	}
	if seq, _ := u.state(t); seq != 1 {
		t.Fatalf("there is an event: seq %d", seq)
	}
}

func TestPatch_ChangesOnlyWhatItNames(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for _, c := range []struct {
		name  string
		patch client.Fields
		want  func(*client.Task)
	}{
		{"title", client.Fields{"title": "Other"}, func(x *client.Task) { x.Title = "Other" }},
		{"null description", client.Fields{"description": nil}, func(x *client.Task) { x.Description = "" }},
		{"null priority", client.Fields{"priority": nil}, func(x *client.Task) { x.Priority = "none" }},
		{"null project", client.Fields{"project": nil}, func(x *client.Task) { x.Project = nil }},
		{"null tags", client.Fields{"tags": nil}, func(x *client.Task) { x.Tags = []string{} }},
		{"tags are replaced, not merged", client.Fields{"tags": []string{"z"}}, func(x *client.Task) { x.Tags = []string{"z"} }},
		{"null due_at", client.Fields{"due_at": nil}, func(x *client.Task) { x.DueAt = nil }},
		{"null timezone of a recurring task", client.Fields{"timezone": nil}, func(x *client.Task) { utc := "UTC"; x.Timezone = &utc }}, // the user's
		{"null reminders", client.Fields{"reminders": nil}, func(x *client.Task) { x.Reminders = nil }},
		{"no reminders", client.Fields{"reminders": []string{}}, func(x *client.Task) { x.Reminders = &[]any{} }},
		{"another reminder", client.Fields{"reminders": []any{"PT0S", client.Fields{"at": "2026-12-01T09:00:00+01:00"}}}, func(x *client.Task) {
			x.Reminders = &[]any{"PT0S", map[string]any{"at": "2026-12-01T08:00:00Z"}}
		}},
		{"overdue_reminders", client.Fields{"overdue_reminders": false}, func(x *client.Task) { x.OverdueReminders = new(bool) }},
		{"a day replaces a moment", client.Fields{"due_date": "2026-12-02"}, func(x *client.Task) { day := "2026-12-02"; x.DueAt, x.DueDate = nil, &day }},
		{"null recurrence", client.Fields{"recurrence": nil}, func(x *client.Task) { x.Recurrence = nil }},
		{
			"recurrence merges",
			client.Fields{"recurrence": client.Fields{"rrule": "FREQ=DAILY"}},
			func(x *client.Task) { x.Recurrence.RRule = "FREQ=DAILY" },
		},
		{
			"null inside recurrence",
			client.Fields{"recurrence": client.Fields{"mode": nil}},
			func(x *client.Task) { x.Recurrence.Mode = "schedule" },
		},
		{"reopened", client.Fields{"completed": false}, func(x *client.Task) { x.Completed, x.CompletedAt = false, nil }},
		{"null completed", client.Fields{"completed": nil}, func(x *client.Task) { x.Completed, x.CompletedAt = false, nil }},
		{"position", client.Fields{"position": "Zz"}, func(x *client.Task) { x.Position = "Zz" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			task := u.create(t, full())
			got := check.Must(u.PatchTask(t.Context(), task.ID, c.patch))(t)
			c.want(task)
			task.Version, task.UpdatedAt = 2, got.UpdatedAt
			same(t, "the patched task", got, task)
			same(t, "read again", check.Must(u.Task(t.Context(), task.ID))(t), task)
		})
	}
}

func TestPatch_NullPositionGoesToTheEnd(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	first := u.create(t, client.Fields{"title": "First"})
	last := u.create(t, client.Fields{"title": "Last"})
	got := check.Must(u.PatchTask(t.Context(), first.ID, client.Fields{"position": nil}))(t)
	if got.Position <= last.Position {
		t.Fatalf("position %q is not after %q", got.Position, last.Position)
	}
}

// TestUnchanged_MakesNoEventAndNoVersion tries every request that does not change anything.
func TestUnchanged_MakesNoEventAndNoVersion(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, full())
	put := full()
	patch := map[string]string{"Content-Type": mergePatch}
	path := "/api/todos/" + task.ID
	for name, r := range map[string]client.Request{
		"PUT":                  {Method: http.MethodPut, Path: path, JSON: put},
		"PATCH of nothing":     {Method: http.MethodPatch, Path: path, JSON: client.Fields{}, Header: patch},
		"PATCH with the same":  {Method: http.MethodPatch, Path: path, JSON: client.Fields{"title": task.Title, "tags": task.Tags}, Header: patch},
		"PATCH, other offset":  {Method: http.MethodPatch, Path: path, JSON: client.Fields{"due_at": "2026-12-01T05:00:00.123456-03:00"}, Header: patch},
		"PATCH of server data": {Method: http.MethodPatch, Path: path, JSON: client.Fields{"version": 9, "id": "x", "updated_at": nil}, Header: patch},
		"complete":             {Method: http.MethodPatch, Path: path + "/complete", JSON: client.Fields{"completed": true}},
		"restore":              {Method: http.MethodPost, Path: path + "/restore"},
	} {
		t.Run(name, func(t *testing.T) {
			r := do(t, u.Client, r)
			expectStatus(t, r, http.StatusOK)
			if r.Header.Get("ETag") != `"1"` {
				t.Fatalf("ETag %s: %s", r.Header.Get("ETag"), r.Body)
			}
		})
	}
	if seq, _ := u.state(t); seq != 1 {
		t.Fatalf("there are events: seq %d", seq)
	}
	same(t, "the task", check.Must(u.Task(t.Context(), task.ID))(t), task)
}

func TestComplete_IsIdempotent_AndReopens(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Twice"})
	done := check.Must(u.CompleteTask(t.Context(), task.ID, true))(t)
	if !done.Completed || done.CompletedAt == nil || done.Version != 2 {
		t.Fatalf("completed: %+v", done)
	}
	same(t, "completed again", check.Must(u.CompleteTask(t.Context(), task.ID, true))(t), done)
	reopened := check.Must(u.CompleteTask(t.Context(), task.ID, false))(t)
	if reopened.Completed || reopened.CompletedAt != nil || reopened.Version != 3 {
		t.Fatalf("reopened: %+v", reopened)
	}
	same(t, "reopened again", check.Must(u.CompleteTask(t.Context(), task.ID, false))(t), reopened)
	var kinds []string
	for _, e := range check.Must(u.History(t.Context(), 0))(t) {
		kinds = append(kinds, e.EventType)
	}
	same(t, "events", kinds, []string{"task.created", "task.completed", "task.updated"})
}

// TestPatch_ThatCompletes_IsACompletion: however a task is completed, task.completed is published.
func TestPatch_ThatCompletes_IsACompletion(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "By patch"})
	got := check.Must(u.PatchTask(t.Context(), task.ID, client.Fields{"completed": true, "title": "Done"}))(t)
	e := u.lastEvent(t)
	if e.EventType != "task.completed" || len(e.ChangedFields) != 2 || !got.Completed {
		t.Fatalf("%+v", e)
	}
}

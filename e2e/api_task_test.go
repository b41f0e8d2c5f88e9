package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// full has every writable field, none at its default.
func full() client.Fields {
	return client.Fields{
		"title": "Water the plants", "description": "Both balconies.\n\tNot the cactus.", "completed": true, "priority": "high",
		"project": "Home", "tags": []string{"garden", "Ünïcode ✓"}, "due_at": "2026-12-01T09:00:00.123456+01:00",
		"timezone": "Europe/Berlin", "reminders": []string{"PT1H", "P1D"},
		"recurrence": client.Fields{"rrule": "FREQ=WEEKLY;BYDAY=MO", "mode": "completion"}, "position": "b0kV",
	}
}

func TestCreate_OnlyTitle_HasDefaults(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	before := time.Now().Add(-time.Minute)
	r := do(t, u.Client, client.Request{Method: http.MethodPost, Path: "/api/todos", JSON: client.Fields{"title": "  Buy milk \t"}})
	expectStatus(t, r, http.StatusCreated)
	var task client.Task
	check.NoError(t, r.Decode("create", http.StatusCreated, &task))

	want := client.Task{
		ID: task.ID, Title: "Buy milk", Priority: "none", Tags: []string{}, Position: task.Position,
		Version: 1, CreatedAt: task.CreatedAt, UpdatedAt: task.CreatedAt,
	}
	same(t, "the task", task, want)
	if r.Header.Get("Location") != "/api/todos/"+task.ID || r.Header.Get("ETag") != `"1"` {
		t.Fatalf("headers: %v", r.Header)
	}
	if task.CreatedAt.Before(before) || task.CreatedAt.After(time.Now().Add(time.Minute)) {
		t.Fatalf("created_at is %v", task.CreatedAt)
	}
	got := do(t, u.Client, client.Request{Method: http.MethodGet, Path: r.Header.Get("Location")})
	if string(got.Body) != string(r.Body) || got.Header.Get("ETag") != `"1"` {
		t.Fatalf("the created and the read task differ:\n%s\n%s", r.Body, got.Body)
	}
}

func TestCreate_EveryField_IsKept(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	parent := check.Must(u.CreateTask(t.Context(), client.Fields{"title": "Parent"}))(t)
	in := full()
	in["parent_id"] = parent.ID
	task := check.Must(u.CreateTask(t.Context(), in))(t)

	due := time.Date(2026, 12, 1, 8, 0, 0, 123456000, time.UTC)
	project, zone := "Home", "Europe/Berlin"
	want := client.Task{
		ID: task.ID, Title: "Water the plants", Description: "Both balconies.\n\tNot the cactus.", Completed: true,
		CompletedAt: task.CompletedAt, Priority: "high", Project: &project, Tags: []string{"garden", "Ünïcode ✓"}, DueAt: &due,
		Timezone: &zone, Reminders: &[]any{"PT1H", "P1D"},
		Recurrence: &client.Recurrence{RRule: "FREQ=WEEKLY;BYDAY=MO", Mode: "completion"}, ParentID: &parent.ID, Position: "b0kV",
		Version: 1, CreatedAt: task.CreatedAt, UpdatedAt: task.UpdatedAt,
	}
	same(t, "the task", task, want)
	if task.CompletedAt == nil {
		t.Fatal("a task created as completed has no completed_at")
	}
	same(t, "read again", check.Must(u.Task(t.Context(), task.ID))(t), task)
}

func TestCreate_NullIsTheDefault(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	in := client.Fields{"title": "Nulls"}
	for name := range full() {
		if name != "title" {
			in[name] = nil
		}
	}
	task := check.Must(u.CreateTask(t.Context(), in))(t)
	same(t, "the task", task, client.Task{
		ID: task.ID, Title: "Nulls", Priority: "none", Tags: []string{}, Position: task.Position, Version: 1,
		CreatedAt: task.CreatedAt, UpdatedAt: task.UpdatedAt,
	})
}

// TestCreate_LimitsAtBothEnds sends the largest valid value and one that is larger by one.
func TestCreate_LimitsAtBothEnds(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	list := func(n int, each string) []string {
		out := make([]string, n)
		for i := range out {
			out[i] = each + strings.Repeat("x", i%40) + string(rune('a'+i/40))
		}
		return out
	}
	// The widest character, so that counting bytes instead of characters fails.
	wide := func(n int) string { return strings.Repeat("😀", n) }
	reminders := func(n int) []string {
		out := make([]string, n)
		for i := range out {
			out[i] = "PT" + string(rune('1'+i%9)) + strings.Repeat("0", i/9) + "M"
		}
		return out
	}
	for _, c := range []struct {
		name      string
		field     string
		good, bad any
	}{
		{"title", "/title", wide(500), wide(501)},
		{"shortest title", "/title", "x", ""},
		{"title of space", "/title", " x ", " \t "},
		{"description", "/description", wide(20000), wide(20001)},
		{"project", "/project", wide(100), wide(101)},
		{"tags", "/tags", list(50, "t"), list(51, "t")},
		{"tag", "/tags", []string{wide(50)}, []string{wide(51)}},
		{"empty tag", "/tags", []string{}, []string{" "}},
		{"reminders", "/reminders", reminders(10), reminders(11)},
		{"reminder", "/reminders", []string{"P365D"}, []string{"P366D"}},
		{"least reminder", "/reminders", []string{"PT0S"}, []string{"-PT1S"}},
		{"reminder at a moment", "/reminders", []any{client.Fields{"at": "2026-12-01T09:00:00+01:00"}}, []any{client.Fields{"at": "9:00"}}},
		{"due_date", "/due_date", "9999-12-31", "2026-12-1"},
		{"first due_date", "/due_date", "0001-01-01", "0000-12-31"},
		{"leap day as a date", "/due_date", "2028-02-29", "2027-02-29"},
		{"rrule", "/recurrence/rrule", client.Fields{"rrule": rule(500)}, client.Fields{"rrule": rule(501)}},
		{"position", "/position", "a0" + strings.Repeat("z", 198), "a0" + strings.Repeat("z", 199)},
		{"due_at", "/due_at", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-01:00"},
		{"first due_at", "/due_at", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00"},
		{"leap day", "/due_at", "2028-02-29T00:00:00Z", "2027-02-29T00:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			member, _, _ := strings.Cut(c.field[1:], "/")
			in := client.Fields{"title": "Limits", member: c.good}
			created := do(t, u.Client, client.Request{Method: http.MethodPost, Path: "/api/todos", JSON: in})
			expectStatus(t, created, http.StatusCreated)
			in[member] = c.bad
			expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodPost, Path: "/api/todos", JSON: in}), 422, c.field)
		})
	}
}

// rule is a recurrence rule of exactly n characters.
func rule(n int) string {
	s := "FREQ=MONTHLY;BYMONTHDAY="
	for len(s)+3 <= n {
		s += "1,"
	}
	return s + strings.Repeat("1", n-len(s))
}

func TestCreate_TextIsTidied(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := check.Must(u.CreateTask(t.Context(), client.Fields{
		"title": " a ", "project": "  ", "tags": []string{" x ", "x", "y"}, "reminders": []string{"PT1H", "PT1H"},
	}))(t)
	if task.Title != "a" || task.Project != nil {
		t.Fatalf("%+v", task)
	}
	same(t, "tags", task.Tags, []string{"x", "y"})
	same(t, "reminders", task.Reminders, &[]any{"PT1H"})
}

// TestCreate_PositionsGrow: a new task is last, even after another one was moved to the end.
func TestCreate_PositionsGrow(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	last := ""
	for i := range 70 { // past the last one-digit key
		in := client.Fields{"title": "In a row"}
		if i == 35 {
			in["position"] = "b0G"
		}
		task := check.Must(u.CreateTask(t.Context(), in))(t)
		if task.Position <= last {
			t.Fatalf("position %q is not after %q", task.Position, last)
		}
		last = task.Position
	}
}

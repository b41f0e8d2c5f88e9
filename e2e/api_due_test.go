package e2e

import (
	"net/http"
	"net/url"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// TestADay_IsTheUsersEverywhere: a task that is due on a day has no time in any answer, and is found on that day of the
// user's calendar.
func TestADay_IsTheUsersEverywhere(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	put := client.Request{Method: http.MethodPut, Path: "/api/preferences", JSON: client.Fields{"timezone": "Pacific/Auckland", "day_start": "08:00"}}
	expectStatus(t, do(t, u.Client, put), http.StatusOK)
	task := check.Must(u.CreateTask(t.Context(), client.Fields{"title": "Tax return", "due_date": "2026-12-01", "timezone": "America/New_York"}))(t)
	if task.DueAt != nil || task.DueDate == nil || *task.DueDate != "2026-12-01" {
		t.Fatalf("%+v", task)
	}
	// 00:30 on 1 December in Auckland.
	moment := check.Must(u.CreateTask(t.Context(), client.Fields{"title": "Call", "due_at": "2026-11-30T11:30:00Z"}))(t)
	for query, want := range map[string][]string{
		"due_on=2026-12-01&sort=due_at":                {task.ID, moment.ID},
		"due_on=2026-11-30":                            {},
		"due_from=2026-12-01&due_to=2026-12-02":        {task.ID, moment.ID},
		"due_to=2026-12-01":                            {},
		"due_from=2026-11-30T11:00:01Z":                {moment.ID},
		"due_before=2026-11-30T11:00:01Z":              {task.ID},
		"due_from=2026-12-01&due_to=2026-12-01":        {},
		"due_from=2026-11-01&sort=-due_at&status=open": {moment.ID, task.ID},
	} {
		values := check.Must(url.ParseQuery(query))(t)
		var got []string
		for _, found := range check.Must(u.AllTasks(t.Context(), values, func() {}))(t) {
			got = append(got, found.ID)
		}
		if len(got)+len(want) > 0 {
			same(t, query, got, want)
		}
	}
	for _, name := range []string{"due_from", "due_to", "due_on"} {
		expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/todos?" + name + "=tomorrow"}), 422, "/"+name)
	}
}

func TestADay_AndAMomentExcludeEachOther(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	both := client.Fields{"title": "Both", "due_at": "2026-12-01T08:00:00Z", "due_date": "2026-12-01"}
	expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodPost, Path: "/api/todos", JSON: both}), 422, "/due_at", "/due_date")
	task := u.create(t, client.Fields{"title": "Moment", "due_at": "2026-12-01T08:00:00Z"})
	day := check.Must(u.PatchTask(t.Context(), task.ID, client.Fields{"due_date": "2026-12-02"}))(t)
	if day.DueAt != nil || day.DueDate == nil || *day.DueDate != "2026-12-02" {
		t.Fatalf("%+v", day)
	}
	if back := u.undone(t); back.DueAt == nil || back.DueDate != nil {
		t.Fatalf("undone: %+v", back)
	}
}

// TestADay_Recurs: the occurrences of a task that is due on a day are days.
func TestADay_Recurs(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{
		"title": "Water the plants", "due_date": "2099-11-30", "recurrence": client.Fields{"rrule": "FREQ=MONTHLY;BYMONTHDAY=-1"},
	})
	r := do(t, u.Client, client.Request{Method: http.MethodPatch, Path: "/api/todos/" + task.ID + "/complete", JSON: client.Fields{"completed": true}})
	var done struct {
		NextOccurrenceDate string `json:"next_occurrence_date"`
		NextOccurrenceAt   string `json:"next_occurrence_at"`
	}
	check.NoError(t, r.Decode("complete", http.StatusOK, &done))
	if done.NextOccurrenceDate != "2099-12-31" || done.NextOccurrenceAt != "2099-12-31T00:00:00Z" {
		t.Fatalf("%+v", done)
	}
	timed := client.Fields{"title": "x", "due_date": "2099-11-30", "recurrence": client.Fields{"rrule": "FREQ=DAILY;BYHOUR=9"}}
	expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodPost, Path: "/api/todos", JSON: timed}), 422, "/recurrence/rrule")
}

package function

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"taskwire.dev/migrations"
)

func (b *bundle) usage(t *testing.T) usage {
	t.Helper()
	return decoded[usage](t, b.send("GET", "/api/todos/usage", ""))
}

// full checks that an answer is the refusal at a bound, which the detail names.
func full(t *testing.T, what string, code int, body string, bound int) {
	t.Helper()
	if code != http.StatusConflict || !strings.Contains(body, "/problems/quota-exceeded") || !strings.Contains(body, fmt.Sprintf("you can have %d", bound)) {
		t.Errorf("%s at the bound: %d %s", what, code, body)
	}
}

func TestTasksAreBounded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if u := b.usage(t); u != (usage{MaxTasks: 1_000_000, MaxBytes: 1 << 30}) {
		t.Errorf("before the first task: %+v", u)
	}
	first := b.created(t, `{"title":"one"}`)
	b.Exec(t, `UPDATE user_stream SET max_tasks = 3 WHERE user_id = $1`, b.who.UserID)
	series := b.created(t, `{"title":"two","due_at":"2098-06-02T08:00:00Z","recurrence":{"rrule":"FREQ=DAILY","mode":"schedule"}}`)
	two := `{"operations":[{"op":"create","task":{"title":"three"}},{"op":"create","task":{"title":"four"}}]}`
	w := b.send("POST", "/api/todos/batch", two)
	full(t, "a batch", w.Code, w.Body.String(), 3)
	if u := b.usage(t); u.Tasks != 2 {
		t.Errorf("a batch that was refused left %+v", u)
	}
	b.created(t, `{"title":"three"}`)
	w = b.send("POST", "/api/todos", `{"title":"four"}`)
	full(t, "a task", w.Code, w.Body.String(), 3)

	// What adds no task goes on: also a completion, after which the platform adds the next occurrence.
	for _, q := range [][3]string{
		{"PATCH", "/api/todos/" + first.ID.String(), `{"title":"one, and longer"}`},
		{"PATCH", "/api/todos/" + series.ID.String() + "/complete", `{"completed":true}`},
		{"POST", "/api/todos/batch", `{"operations":[{"op":"delete","id":"` + first.ID.String() + `"},{"op":"create","task":{"title":"four"}}]}`},
	} {
		if w := b.send(q[0], q[1], q[2]); w.Code != http.StatusOK {
			t.Errorf("%v at the bound: %d %s", q, w.Code, w.Body)
		}
	}
	// The trash does not count, so a task cannot come back while there is no room.
	w = b.send("POST", "/api/todos/"+first.ID.String()+"/restore", "")
	full(t, "a task from the trash", w.Code, w.Body.String(), 3)
	b.send("DELETE", "/api/todos/"+series.ID.String(), "")
	if w := b.send("POST", "/api/todos/"+first.ID.String()+"/restore", ""); w.Code != http.StatusOK {
		t.Errorf("with room: %d %s", w.Code, w.Body)
	}
	b.counted(t)
}

func TestBytesAreBounded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one := b.created(t, `{"title":"grün","description":"1234"}`)
	if u := b.usage(t); u.Bytes != 9 {
		t.Errorf("%+v", u)
	}
	b.Exec(t, `UPDATE user_stream SET max_bytes = 10 WHERE user_id = $1`, b.who.UserID)
	path := "/api/todos/" + one.ID.String()
	w := b.send("PATCH", path, `{"description":"123456"}`)
	full(t, "a longer text", w.Code, w.Body.String(), 10)
	// A user beyond the bound can complete and shorten.
	b.Exec(t, `UPDATE user_stream SET max_bytes = 5 WHERE user_id = $1`, b.who.UserID)
	for _, q := range [][3]string{{"PATCH", path, `{"description":"123"}`}, {"PATCH", path, `{"priority":"high"}`}, {"PATCH", path + "/complete", `{"completed":true}`}} {
		if w := b.send(q[0], q[1], q[2]); w.Code != http.StatusOK {
			t.Errorf("%v beyond the bound: %d %s", q, w.Code, w.Body)
		}
	}
	if u := b.usage(t); u != (usage{Tasks: 1, MaxTasks: 1_000_000, Bytes: 8, MaxBytes: 5}) {
		t.Errorf("%+v", u)
	}
	b.counted(t)
}

// counted checks that the counters say what is there, and that they can be counted again.
func (b *bundle) counted(t *testing.T) {
	t.Helper()
	if wrong, err := migrations.CountUsage(t.Context(), b.Direct("taskwire_owner")); err != nil || wrong != 0 {
		t.Errorf("the counters of %d users are wrong: %v", wrong, err)
	}
	b.Exec(t, `UPDATE user_stream SET tasks = 7`)
	found := 0
	check := func() (migrations.Progress, error) {
		found = 0
		return migrations.CheckRebuild(t.Context(), b.Direct("taskwire_owner"), func(migrations.Difference) { found++ }, func(migrations.Progress) {})
	}
	if _, err := check(); err != nil || found != 1 {
		t.Errorf("rebuild-check found %d differences: %v", found, err)
	}
	if wrong, err := migrations.CountUsage(t.Context(), b.Direct("taskwire_owner")); err != nil || wrong != 1 {
		t.Errorf("%d counters were corrected: %v", wrong, err)
	}
	if _, err := check(); err != nil || found != 0 {
		t.Errorf("rebuild-check found %d differences: %v", found, err)
	}
}

package cloudevent

import (
	"encoding/json"
	"strings"
	"testing"

	"taskwire.dev/shared/task"
)

func TestGlance(t *testing.T) {
	t.Parallel()
	e := created(t)
	record := TaskEvent(e)
	s, ok := Glance(record)
	if !ok || s.Type != "task.created" || s.UserID != e.UserID || s.Seq() != e.Seq {
		t.Fatalf("%+v, %d, %v", s, s.Seq(), ok)
	}
	if s, ok := Glance(TaskUpdate(e)); !ok || s.Type != TypeTaskChanged || s.Seq() != e.Seq {
		t.Fatalf("%+v, %d, %v", s, s.Seq(), ok)
	}
	if !s.Sampled() {
		t.Errorf("not sampled: %s", record)
	}
	e.Traceparent = strings.TrimSuffix(e.Traceparent, "01") + "00"
	if s, ok := Glance(TaskEvent(e)); !ok || s.Sampled() {
		t.Errorf("sampled: %s", e.Traceparent)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(record, &members); err != nil {
		t.Fatal(err)
	}
	sorted, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]string{
		"members in another order": string(sorted),
		"spaces":                   strings.Replace(string(record), ":", ": ", 1),
		"another source":           strings.Replace(string(record), "/tasks", "/lists", 1),
		"no user":                  strings.Replace(string(record), e.UserID.String(), strings.Repeat("x", sizeID), 1),
		"an empty record":          "",
		"no JSON":                  "\xff",
	} {
		if s, ok := Glance([]byte(other)); ok {
			t.Errorf("%s: %+v", name, s)
		}
	}
	for end := range record { // cut off anywhere
		if s, ok := Glance(record[:end]); ok && (s.Type != "task.created" || s.UserID != e.UserID || s.Seq() > e.Seq) {
			t.Fatalf("%s: %+v", record[:end], s)
		}
	}
}

func TestLacks(t *testing.T) {
	t.Parallel()
	e := created(t)
	for name, c := range map[string]struct {
		change func(*task.Task)
		want   bool
	}{
		"none":                   {func(*task.Task) {}, true},
		"only in the title":      {func(t *task.Task) { t.Title = `"recurrence":{"rrule":"FREQ=DAILY"}` }, true},
		"a rule":                 {func(t *task.Task) { t.Recurrence = &task.Recurrence{RRule: "FREQ=DAILY"} }, false},
		"a tag, to be safe":      {func(t *task.Task) { t.Tags = []string{"recurrence"} }, false},
		"a project that ends so": {func(t *task.Task) { p := `no "recurrence`; t.Project = &p }, false},
	} {
		changed := *e.Task
		c.change(&changed)
		s, ok := Glance(TaskEvent(task.Event{ID: e.ID, UserID: e.UserID, TaskID: e.TaskID, EventType: task.Completed, Task: &changed}))
		if got := s.Lacks("recurrence"); !ok || got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

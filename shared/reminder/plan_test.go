package reminder_test

import (
	"testing"
	"time"

	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func ptr[T any](v T) *T { return &v }

func TestPlanOfATask(t *testing.T) {
	t.Parallel()
	now, due := at("2026-12-01T06:00:00Z"), at("2026-12-01T08:00:00Z")
	for name, c := range map[string]struct {
		change   func(*task.Task)
		upcoming []string
		byLead   bool
		none     bool
	}{
		"reminders of its own":        {func(t *task.Task) { t.Reminders = []string{"P1D", "PT1H"} }, []string{"2026-11-30T08:00:00Z", "2026-12-01T07:00:00Z"}, false, false},
		"none, so the user's lead":    {func(*task.Task) {}, nil, true, false},
		"due already":                 {func(t *task.Task) { t.DueAt = ptr(now) }, nil, false, false},
		"not due at all":              {func(t *task.Task) { t.DueAt = nil }, nil, false, true},
		"completed":                   {func(t *task.Task) { t.Completed = true }, nil, false, true},
		"deleted":                     {func(t *task.Task) { t.DeletedAt = ptr(now) }, nil, false, true},
		"a week, and half of an hour": {func(t *task.Task) { t.Reminders = []string{"P1W", "PT0.5H"} }, []string{"2026-11-24T08:00:00Z", "2026-12-01T07:30:00Z"}, false, false},
	} {
		subject := &task.Task{DueAt: ptr(due), Reminders: []string{}}
		c.change(subject)
		p := reminder.PlanOf(subject, now)
		if p.DueAt.IsZero() != c.none || p.ByLead != c.byLead || len(p.Upcoming) != len(c.upcoming) {
			t.Errorf("%s: %+v", name, p)
			continue
		}
		for i, want := range c.upcoming {
			if !p.Upcoming[i].At.Equal(at(want)) {
				t.Errorf("%s: %v, want %s", name, p.Upcoming[i].At, want)
			}
		}
	}
}

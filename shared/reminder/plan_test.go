package reminder_test

import (
	"slices"
	"testing"
	"time"

	"taskwire.dev/shared/preference"
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

// plan formats a plan, one line for each row, in order.
func plan(rows []reminder.Row) (lines []string) {
	for _, r := range rows {
		line := r.Kind
		if r.Kind == reminder.Upcoming {
			line = r.Window
		}
		if r.Late {
			line += " late"
		}
		lines = append(lines, line+" "+r.At.UTC().Format(time.RFC3339))
	}
	return lines
}

func TestPlanOfATask(t *testing.T) {
	t.Parallel()
	now, due := at("2026-12-01T06:00:00Z"), at("2026-12-01T08:00:00Z")
	day, _ := task.ParseDate("2026-12-01")
	berlin := "Europe/Berlin"
	const overdue = "overdue 2026-12-01T08:00:00Z"
	none := []string(nil)
	for name, c := range map[string]struct {
		change func(*task.Task)
		want   []string
	}{
		"reminders of its own":  {func(t *task.Task) { t.Reminders = []task.Reminder{"PT90M", "PT1H"} }, []string{"PT90M 2026-12-01T06:30:00Z", "PT1H 2026-12-01T07:00:00Z", overdue}},
		"the user's lead":       {func(*task.Task) {}, []string{"PT1H 2026-12-01T07:00:00Z", overdue}},
		"none":                  {func(t *task.Task) { t.Reminders = []task.Reminder{} }, []string{overdue}},
		"when due":              {func(t *task.Task) { t.Reminders = []task.Reminder{"PT0S"} }, []string{"PT0S 2026-12-01T08:00:00Z", overdue}},
		"half of an hour":       {func(t *task.Task) { t.Reminders = []task.Reminder{"PT0.5H"} }, []string{"PT0.5H 2026-12-01T07:30:00Z", overdue}},
		"the last of the past":  {func(t *task.Task) { t.Reminders = []task.Reminder{"P1D", "P1W", "PT1H"} }, []string{"PT1H 2026-12-01T07:00:00Z", "P1D late 2026-11-30T08:00:00Z", overdue}},
		"equal moments":         {func(t *task.Task) { t.Reminders = []task.Reminder{"PT60M", "PT1H", "2026-12-01T07:00:00Z"} }, []string{"PT60M 2026-12-01T07:00:00Z", overdue}},
		"equal moments, past":   {func(t *task.Task) { t.Reminders = []task.Reminder{"P1D", "PT24H"} }, []string{"P1D late 2026-11-30T08:00:00Z", overdue}},
		"at a moment":           {func(t *task.Task) { t.Reminders = []task.Reminder{"2026-12-02T00:00:00Z"} }, []string{"2026-12-02T00:00:00Z 2026-12-02T00:00:00Z", overdue}},
		"a moment, without due": {func(t *task.Task) { t.DueAt, t.Reminders = nil, []task.Reminder{"2026-12-02T00:00:00Z", "PT1H"} }, []string{"2026-12-02T00:00:00Z 2026-12-02T00:00:00Z"}},
		"due already":           {func(t *task.Task) { t.DueAt, t.Reminders = ptr(now), []task.Reminder{"PT1H", "2026-11-01T00:00:00Z"} }, []string{"overdue 2026-12-01T06:00:00Z"}},
		"not due at all":        {func(t *task.Task) { t.DueAt = nil }, none},
		"completed":             {func(t *task.Task) { t.Completed = true }, none},
		"deleted":               {func(t *task.Task) { t.DeletedAt = ptr(now) }, none},
		"a day": {
			func(t *task.Task) { t.DueAt, t.DueDate, t.Reminders = nil, &day, []task.Reminder{"PT15M", "PT0S"} },
			[]string{"PT15M 2026-12-01T07:15:00Z", "PT0S 2026-12-01T07:30:00Z", "overdue 2026-12-02T07:30:00Z"},
		},
		"a day is one of the user's": {
			func(t *task.Task) { t.DueAt, t.DueDate, t.Timezone = nil, &day, &berlin },
			[]string{"PT1H 2026-12-01T06:30:00Z", "overdue 2026-12-02T07:30:00Z"},
		},
	} {
		subject := &task.Task{DueAt: ptr(due)}
		c.change(subject)
		p := preference.Default()
		p.DayStart = "07:30"
		if got := plan(reminder.Plan(subject, p, now, false)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// The occurrence that a completion makes does not ring for what has passed; the user has just been here.
func TestAContinuedSeriesRemindsOnlyOfWhatIsToCome(t *testing.T) {
	t.Parallel()
	subject := &task.Task{DueAt: ptr(at("2026-12-01T08:00:00Z")), Reminders: []task.Reminder{"P1D", "PT1H"}}
	got := plan(reminder.Plan(subject, preference.Default(), at("2026-12-01T06:00:00Z"), true))
	if want := []string{"PT1H 2026-12-01T07:00:00Z", "overdue 2026-12-01T08:00:00Z"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

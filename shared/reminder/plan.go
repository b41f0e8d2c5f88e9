// Package reminder decides when to remind a user about a task. It knows two kinds of reminders: before a task is due,
// and on each local day on which it is overdue. The table task_reminder has a row for each reminder that is still to be
// sent; Plan returns the rows of a task. functions/overdue-check decides what to do with a row that is due.
package reminder

import (
	"time"

	"github.com/sosodev/duration"

	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/task"
)

// Kinds of reminders. They are also the kinds of the resulting notifications.
const (
	Upcoming = "upcoming" // a duration before the task is due
	Overdue  = "overdue"  // on each local day, from the due time on
)

// EventPrefix and the kind are the type of a reminder's CloudEvent.
const EventPrefix = "reminder."

// Plan is the set of rows that a task has in the ledger. The zero Plan is that of a task without reminders.
type Plan struct {
	DueAt    time.Time // when the task is overdue
	Upcoming []Time    // none once the task is due
	ByLead   bool      // one more, the user's reminder_lead before DueAt, since the task lists none
}

// Time is one reminder before a task is due.
type Time struct {
	Window string // the duration, as the user wrote it
	At     time.Time
}

// Touched reports whether the event can have changed the plan of its task. Most cannot: events of tasks without a due
// date, and changes of other fields.
func Touched(e task.Event) bool {
	if _, moved := e.ChangedFields["due_at"]; moved {
		return true
	}
	if e.Row().DueAt == nil {
		return false
	}
	for _, field := range []string{"reminders", "completed", "deleted", "timezone"} {
		if _, changed := e.ChangedFields[field]; changed {
			return true
		}
	}
	return false
}

// PlanOf returns the plan of a task after a change at the time now. A reminder whose time has passed is still planned
// while the task is not due: a task created ten minutes before it is due gets its reminder at once.
func PlanOf(t *task.Task, now time.Time) Plan {
	if t.DueAt == nil || t.Completed || t.DeletedAt != nil {
		return Plan{}
	}
	p := Plan{DueAt: *t.DueAt}
	if !now.Before(p.DueAt) {
		return p
	}
	p.ByLead = len(t.Reminders) == 0
	for _, window := range t.Reminders {
		p.Upcoming = append(p.Upcoming, Time{window, p.DueAt.Add(-Span(window))})
	}
	return p
}

// Span returns the length of an ISO 8601 duration that was validated when it was stored (task.CheckDuration).
func Span(window string) time.Duration {
	d, err := duration.Parse(window)
	if err != nil {
		return 0
	}
	return d.ToTimeDuration()
}

// DefaultLead is the reminder_lead of a user who has not set one.
func DefaultLead() string { return preference.Default().ReminderLead }

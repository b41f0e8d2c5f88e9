package notification

import (
	"time"

	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock"
)

// Undated is the body of a notification about a task without a due date.
const Undated = "Reminder"

// Body returns when the task of a reminder is due, in words for a reader in the zone of due at the moment at, and the same as content.
func Body(kind string, due reminder.Due, at time.Time) (string, *Content) {
	verb, text := "Due ", TextDue
	if kind == reminder.Overdue || due.At != nil && due.At.Before(at) ||
		due.On != nil && due.On.Midnight().Before(task.DateOf(wallclock.Of(at, due.Zone)).Midnight()) {
		verb, text = "Was due ", TextWasDue
	}
	switch {
	case due.On != nil:
		return verb + due.On.Midnight().Format("Mon, 2 Jan 2006"), Say(text, "due_date", due.On.String())
	case due.At != nil:
		return verb + due.At.In(due.Zone).Format("Mon, 2 Jan 2006, 15:04 MST"),
			Say(text, "due_at", due.At.UTC().Format(time.RFC3339), "timezone", due.Zone.String())
	default:
		return Undated, Say(TextReminder)
	}
}

// Package reminder decides when to remind a user about a task. It knows two kinds of reminders: before a task is due,
// and on each local day on which it is overdue. The table task_reminder has a row for each reminder that is still to be
// sent; Plan returns the rows of a task. functions/overdue-check decides what to do with a row that is due.
package reminder

import (
	"slices"
	"time"

	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/task"
)

// Kinds of reminders. They are also the kinds of the resulting notifications.
const (
	Upcoming = "upcoming" // a duration before the task is due, or at a moment
	Overdue  = "overdue"  // on each local day on which it is overdue
)

// EventPrefix and the kind are the type of a reminder's CloudEvent.
const EventPrefix = "reminder."

// Row is one row of the ledger.
type Row struct {
	Kind   string
	Window string    // of an upcoming one the duration or the moment, as the user wrote it
	ByLead bool      // it is the user's reminder_lead, since the task does not choose
	Key    time.Time // the due date that it is sent for, once; a reminder at a moment is sent for that moment
	At     time.Time
	Late   bool // At has passed: it is sent only if no other reminder was sent for the due date
}

// Touched reports whether the event can have changed the plan of its task. Most cannot: events of tasks without a due
// date, and changes of other fields.
func Touched(e task.Event) bool {
	return changes(e, "due_at", "due_date", "reminders") || e.Row().CanRemind() && changes(e, "overdue_reminders", "completed", "deleted", "timezone")
}

func changes(e task.Event, fields ...string) bool {
	return slices.ContainsFunc(fields, func(field string) bool { _, changed := e.ChangedFields[field]; return changed })
}

// Replans reports whether a change of preferences can change what is planned for the user's tasks.
func Replans(from, to preference.Preferences) bool {
	return from.Timezone != to.Timezone || from.DayStart != to.DayStart || from.ReminderLead != to.ReminderLead || from.OverdueReminders != to.OverdueReminders
}

// Rewritten reports whether an event says anew when its task is to be reminded of, so that a reminder whose moment has passed is sent
// at once. Otherwise only one that was still to be sent is.
func Rewritten(e task.Event) bool {
	return changes(e, "due_at", "due_date", "reminders", "completed", "deleted")
}

// Plan returns the rows of a task after a change at the time now. Of the reminders whose moment has passed only the
// last one is planned, so that a task created ten minutes before it is due gets one reminder and not five. None is
// planned when the task is due, or when it continues a series: the user has just completed the one before it.
func Plan(t *task.Task, p preference.Preferences, now time.Time, continues bool) []Row {
	if t.Completed || t.DeletedAt != nil || !t.CanRemind() {
		return nil
	}
	due := DueOf(t, p)
	rows := upcoming(t, p, due, now, continues)
	if due.Dated() {
		rows = append(rows, Row{Kind: Overdue, Key: due.Key(), At: due.Overdue()})
	}
	return rows
}

func upcoming(t *task.Task, p preference.Preferences, due Due, now time.Time, continues bool) (rows []Row) {
	windows := t.Reminders
	if windows == nil {
		windows = []task.Reminder{task.Reminder(p.ReminderLead)}
	}
	past := due.Dated() && !now.Before(due.Anchor())
	var late *Row
	moments := map[int64]bool{} // however they are written, equal moments are one reminder
	for _, window := range windows {
		row := Row{Kind: Upcoming, Window: string(window), ByLead: t.Reminders == nil}
		if at, ok := window.At(); ok {
			row.Key, row.At = at, at
		} else if due.Dated() && !past {
			row.Key, row.At = due.Key(), Before(due.Anchor(), row.Window, due.Zone)
		} else {
			continue
		}
		switch at := row.At.UnixNano(); {
		case moments[at]:
		case row.At.After(now):
			rows = append(rows, row)
			moments[at] = true
		case late == nil || row.At.After(late.At):
			row.Late = true
			late = &row
		}
	}
	if late != nil && !past && !continues {
		rows = append(rows, *late)
	}
	return rows
}

package reminder

import (
	"slices"
	"time"

	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock"
)

// Sent identifies a reminder that was sent, as its notification and the ledger store it.
type Sent struct {
	Kind   string
	Window string    // for Upcoming the duration before the task is due or the moment, for Overdue the local day
	Key    time.Time // the due date that it was sent for (Due.Key), or the moment
}

// StillDue reports whether the task is open and the reminder is still true of it: an upcoming one while the task has
// that reminder for that due date, an overdue one while the task is overdue.
func (s Sent) StillDue(t *task.Task, p preference.Preferences, now time.Time) bool {
	if t.Completed || t.DeletedAt != nil {
		return false
	}
	due := DueOf(t, p)
	if s.Kind == Overdue {
		if !due.Dated() || t.OverdueReminders != nil && !*t.OverdueReminders {
			return false
		}
		// The sender's clock may be ahead of this one: what it has decided for this due date counts.
		return due.Key().Equal(s.Key) || !now.Before(due.overdueFrom())
	}
	sentAt, atMoment := task.Reminder(s.Window).At()
	switch {
	case atMoment:
	case !due.Dated() || !due.Key().Equal(s.Key):
		return false
	case t.Reminders == nil:
		return true // a change of reminder_lead is not a change of the task
	default:
		sentAt = Before(due.Anchor(), s.Window, due.Zone)
	}
	return slices.ContainsFunc(t.Reminders, func(r task.Reminder) bool {
		at, ok := r.At()
		if !ok {
			if !due.Dated() {
				return false
			}
			at = Before(due.Anchor(), string(r), due.Zone)
		}
		return at.Equal(sentAt)
	})
}

// overdueFrom returns when the task becomes overdue: when it is due, or at the midnight that ends its day.
func (d Due) overdueFrom() time.Time {
	if d.On != nil {
		return wallclock.At(d.On.AddDays(1).Midnight(), d.Zone)
	}
	return *d.At
}

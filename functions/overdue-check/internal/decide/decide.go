// Package decide decides about the rows of the reminder ledger that are due.
package decide

import (
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock"
)

// Due is a row of the ledger that is due, with what is needed to decide about it.
type Due struct {
	UserID   uuid.UUID
	TaskID   uuid.UUID
	Kind     string
	Window   string    // for Upcoming
	Key      time.Time // what it is sent for (reminder.Row)
	RemindAt time.Time
	SentOn   *time.Time // for Overdue: the local day that it was last sent on, at 00:00 UTC

	Title            string
	Due              reminder.Due
	Upcoming         []task.Reminder // for Overdue: the task's other reminders, planned or sent
	OverdueReminders bool            // the task's choice, or the user's
	Epoch            string          // of the user's log: another one after a restore
}

// Verdict is the decision about a row.
type Verdict struct {
	Send   *reminder.Reminder // nil: nothing to send now
	Again  bool               // the guard knows that Send was sent: it is sent again only if it never became a notification
	Rest   bool               // an earlier claim of the tick sent so many to the user that Send belongs into a digest
	Next   *time.Time         // when the row is due next; nil: never
	SentOn *time.Time         // for Overdue: the local day that has its reminder
}

// Decide decides about a row at the time now.
//
// An upcoming reminder that is late, as after an outage, is still sent. An overdue task gets a reminder when it is due,
// unless it has another one at that moment, and then on each local day at the wall-clock time of its due date, so never
// in the middle of the night unless it is due then. One that was due on a day gets them at the start of the user's day,
// from the next day on. Days without a tick are not made up for.
func Decide(d Due, now time.Time) Verdict {
	r := &reminder.Reminder{
		Kind: d.Kind, Epoch: d.Epoch, TaskID: d.TaskID, UserID: d.UserID, Title: d.Title, DueAt: d.Due.At, DueDate: d.Due.On,
		Window: d.Window, RemindAt: d.RemindAt,
	}
	if d.Kind == reminder.Upcoming {
		r.ID = reminder.NameID(d.RemindAt, d.TaskID, d.Kind, d.Window, d.Key.UTC().Format(time.RFC3339Nano))
		return Verdict{Send: r}
	}
	if !d.OverdueReminders {
		return Verdict{SentOn: d.SentOn} // until the preference is changed
	}
	at := d.Due.Overdue()
	if last := d.lastReminded(at); last != nil {
		if next := d.Due.OnDay(last.AddDays(1)); next.After(at) {
			at = next
		}
	}
	if now.Before(at) {
		return Verdict{Next: &at, SentOn: d.SentOn} // due again, or the zone has changed
	}
	today := d.localDay(now)
	next := now
	// More than one iteration only where clocks go back across midnight: they may have shown the next day's time
	// already.
	for date := today.AddDays(1); !next.After(now); date = date.AddDays(1) {
		next = d.Due.OnDay(date)
	}
	r.Window, r.RemindAt = today.String(), at
	sentOn := today.Midnight()
	// One for each task and day, wherever the due date is moved within the day.
	r.ID = reminder.NameID(sentOn, d.TaskID, d.Kind, r.Window)
	return Verdict{Send: r, Next: &next, SentOn: &sentOn}
}

// lastReminded returns the last local day that has its reminder: the last one that was sent, or the first day if
// another reminder is at the moment of the first one (such as PT0S, when it is due).
func (d Due) lastReminded(first time.Time) *task.Date {
	if d.SentOn != nil {
		day := task.DateOf(*d.SentOn)
		return &day
	}
	for _, r := range d.Upcoming {
		at, ok := r.At()
		if !ok {
			at = reminder.Before(d.Due.Anchor(), string(r), d.Due.Zone)
		}
		if at.Equal(first) {
			day := d.localDay(first)
			return &day
		}
	}
	return nil
}

func (d Due) localDay(t time.Time) task.Date { return task.DateOf(wallclock.Of(t, d.Due.Zone)) }

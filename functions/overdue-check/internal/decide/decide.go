// Package decide decides about the rows of the reminder ledger that are due.
package decide

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/wallclock"
)

// Due is a row of the ledger that is due, with what is needed to decide about it.
type Due struct {
	UserID   uuid.UUID
	TaskID   uuid.UUID
	Kind     string
	Window   string // for Upcoming
	DueAt    time.Time
	RemindAt time.Time
	SentOn   *time.Time // for Overdue: the local day that it was last sent on, at 00:00 UTC

	Title            string
	Timezone         string // the task's own, or the user's
	OverdueReminders bool   // the user's preference
	Epoch            string // of the user's log: another one after a restore
}

// Verdict is the decision about a row.
type Verdict struct {
	Send   *reminder.Reminder // nil: nothing to send now
	Again  bool               // the guard knows that Send was sent: it is sent again only if it never became a notification
	Next   *time.Time         // when the row is due next; nil: never
	SentOn *time.Time         // for Overdue: the local day that has its reminder
}

const day = 24 * time.Hour

// Decide decides about a row at the time now.
//
// An upcoming reminder that is late, as after an outage, is still sent. An overdue task gets a reminder when it is due,
// and then on each local day at the wall-clock time of its due date, so never in the middle of the night unless it is
// due then. Days without a tick are not made up for.
func Decide(d Due, now time.Time) Verdict {
	r := &reminder.Reminder{Kind: d.Kind, Epoch: d.Epoch, TaskID: d.TaskID, UserID: d.UserID, Title: d.Title, DueAt: d.DueAt, Window: d.Window, RemindAt: d.RemindAt}
	if d.Kind == reminder.Upcoming {
		r.ID = id(d.RemindAt, d.TaskID, d.Kind, d.Window, d.DueAt.UTC().Format(time.RFC3339Nano))
		return Verdict{Send: r}
	}
	if !d.OverdueReminders {
		return Verdict{SentOn: d.SentOn} // until the preference is changed
	}
	zone := wallclock.Zone(d.Timezone) // UTC for a zone that is no longer known
	at := d.DueAt
	if d.SentOn != nil {
		if next := onDay(d.SentOn.Add(day), d.DueAt, zone); next.After(at) {
			at = next
		}
	}
	if now.Before(at) {
		return Verdict{Next: &at, SentOn: d.SentOn} // due again, or the zone has changed
	}
	today := wallclock.DateOf(wallclock.Of(now, zone))
	next := now
	// More than one iteration only where clocks go back across midnight: they may have shown the next day's time
	// already.
	for date := today.Add(day); !next.After(now); date = date.Add(day) {
		next = onDay(date, d.DueAt, zone)
	}
	r.Window, r.RemindAt = today.Format(time.DateOnly), at
	// One for each task and day, wherever the due date is moved within the day.
	r.ID = id(today, d.TaskID, d.Kind, r.Window)
	return Verdict{Send: r, Next: &next, SentOn: &today}
}

// onDay returns when the clocks of the zone show the time of day of due on a date.
func onDay(date, due time.Time, zone *time.Location) time.Time {
	timeOfDay := wallclock.TimeOf(wallclock.Of(due, zone)).Truncate(time.Second)
	return wallclock.At(date.Add(timeOfDay), zone)
}

// id returns the UUIDv7 of a reminder: the same for the same reminder, so that a consumer recognizes a duplicate
// however it came about. Its time is that of the reminder, the rest a hash of the reminder's identity.
func id(at time.Time, taskID uuid.UUID, parts ...string) uuid.UUID {
	h := sha256.New()
	h.Write(taskID[:])
	for _, part := range parts {
		h.Write([]byte("\x00" + part))
	}
	var u uuid.UUID
	copy(u[:], h.Sum(nil))
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(max(0, at.UnixMilli())))
	copy(u[:6], ms[2:])
	u[6] = u[6]&0x0f | 0x70 // RFC 9562, 5.7
	u[8] = u[8]&0x3f | 0x80
	return u
}

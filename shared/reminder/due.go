package reminder

import (
	"time"

	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock"
)

// Due is when a task is due, for a user. It is a moment, or a day in the user's own zone, or neither.
type Due struct {
	At       *time.Time
	On       *task.Date
	Zone     *time.Location
	DayStart time.Duration // the user's, since midnight
}

// DueOf returns when a task is due for a user. The zone of a task is the zone of its moments: a day is always one of
// the user's.
func DueOf(t *task.Task, p preference.Preferences) Due {
	d := Due{At: t.DueAt, On: t.DueDate, Zone: wallclock.Zone(p.Timezone), DayStart: DayStart(p)}
	if t.Timezone != nil && t.DueDate == nil {
		d.Zone = wallclock.Zone(*t.Timezone)
	}
	return d
}

// DayStart returns when reminders of a day begin to count, since midnight.
func DayStart(p preference.Preferences) time.Duration {
	start, ok := preference.ParseDayStart(p.DayStart)
	if !ok {
		start, _ = preference.ParseDayStart(preference.Default().DayStart)
	}
	return start
}

// Dated reports whether the task is due at all.
func (d Due) Dated() bool { return d.At != nil || d.On != nil }

// Anchor returns the moment from which the task's reminders are counted back: when it is due, or the start of the
// user's day.
func (d Due) Anchor() time.Time {
	if d.On != nil {
		return d.onDay(*d.On)
	}
	return *d.At
}

// Overdue returns the moment of the first reminder that the task is overdue: when it is due, or the start of the user's
// day after its day. (It is overdue from midnight, when nobody wants to be reminded.)
func (d Due) Overdue() time.Time {
	if d.On != nil {
		return d.onDay(d.On.AddDays(1))
	}
	return *d.At
}

// OnDay returns the moment of the reminder of an overdue task on a later day: at its own time of day, so never in the
// middle of the night unless it is due then.
func (d Due) OnDay(day task.Date) time.Time {
	if d.On != nil {
		return d.onDay(day)
	}
	timeOfDay := wallclock.TimeOf(wallclock.Of(*d.At, d.Zone)).Truncate(time.Second)
	return wallclock.At(day.Midnight().Add(timeOfDay), d.Zone)
}

func (d Due) onDay(day task.Date) time.Time {
	return wallclock.At(day.Midnight().Add(d.DayStart), d.Zone)
}

// Key identifies a due date in the ledger: the moment, or the midnight of the day in UTC, so that a reminder that was
// sent for a day stays sent when its user moves to another zone.
func (d Due) Key() time.Time {
	if d.On != nil {
		return d.On.Midnight()
	}
	return *d.At
}

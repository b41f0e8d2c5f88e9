package task

import (
	"time"

	"taskwire.dev/shared/wallclock"
)

// due returns when a task is due, as rules count it: the instant of DueAt, or midnight in UTC of DueDate. nil is not at all.
func (t *Task) due() *time.Time {
	if t.DueDate == nil {
		return t.DueAt
	}
	midnight := t.DueDate.Midnight()
	return &midnight
}

// calendar is what the rule of a series is evaluated in. That of a series of days is UTC, where every day begins at midnight; its
// days are those of the user's own zone.
type calendar struct {
	zone *time.Location
	days *time.Location // the user's zone, only for a series of days
}

func (l *Ledger) calendarOf(usual *Task) calendar {
	if usual.DueDate == nil {
		return calendar{zone: l.Zone(usual)}
	}
	return calendar{zone: time.UTC, days: wallclock.Zone(l.Preferences.Timezone)}
}

// of returns an instant as the rule counts it: in a series of days, the day on which it is for the user.
func (c calendar) of(at time.Time) time.Time {
	if c.days == nil {
		return at
	}
	return DateOf(wallclock.Of(at, c.days)).Midnight()
}

// due is Task.due in the calendar of the series, although the one occurrence was moved from a day to a moment or back.
func (c calendar) due(t *Task) (time.Time, bool) {
	switch {
	case t.DueAt != nil:
		return c.of(*t.DueAt), true
	case t.DueDate == nil:
		return time.Time{}, false
	case c.days == nil:
		return t.DueDate.Start(c.zone), true
	}
	return t.DueDate.Midnight(), true
}

func (c calendar) next(at time.Time, place Place) *Next {
	if c.days == nil {
		return &Next{At: &at, place: place}
	}
	on := DateOf(at)
	start := on.Start(c.days).UTC()
	return &Next{At: &start, On: &on, place: place}
}

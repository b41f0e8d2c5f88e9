package recurrence

import (
	"time"

	"github.com/teambition/rrule-go"

	"taskwire.dev/shared/wallclock"
)

// AfterCompletion returns the occurrence after one that was completed at an instant, for rules that count from the completion. It
// is INTERVAL periods after the completion, or on the day nearest to that which the rule names: of the occurrences of the rule
// with INTERVAL=1, begun on the day of the completion, the nearest one, and of two equally near ones the later one. A month that does
// not have the day of the completion has its last day instead. The occurrence is always after the completion and later than after.
// nth is the number of the completed occurrence in the series, from 1, for COUNT.
func (s Series) AfterCompletion(completed, after time.Time, nth int) (time.Time, bool) {
	if s.Rule.count > 0 && nth >= s.Rule.count {
		return time.Time{}, false
	}
	wall := wallclock.Of(completed, s.Zone)
	start := wallclock.DateOf(wall).Add(wallclock.TimeOf(wallclock.Of(s.Start, s.Zone)))
	target := addPeriods(wall, s.Rule.option.Freq, max(s.Rule.option.Interval, 1))
	floor := latest(completed, after)
	every := s
	every.Rule.count, every.Rule.until, every.Rule.option.Interval = 0, until{}, 1
	every.Rule.clampDay(start)
	best, found := every.nearest(start, target, floor)
	if !found || s.Rule.until.excludes(wallclock.Of(best, s.Zone), best) {
		return time.Time{}, false
	}
	return best, true
}

// nearest returns the occurrence nearest to a wall-clock time, of those after floor. It begins to look shortly before the target,
// and farther back only if it finds none: an interval may be a thousand years of days.
func (s Series) nearest(start, target time.Time, floor time.Time) (time.Time, bool) {
	var before, next time.Time
	for _, days := range []int{40, 400, 4000, 400_000} {
		from := latest(wallclock.At(target.AddDate(0, 0, -days), s.Zone), floor)
		for at := range s.instants(start, from) {
			if !at.After(floor) {
				continue
			}
			if next = at; !wallclock.Of(at, s.Zone).Before(target) {
				break
			}
			before, next = at, time.Time{}
		}
		if !before.IsZero() || from.Equal(floor) {
			break
		}
	}
	switch {
	case before.IsZero():
		return next, !next.IsZero()
	case next.IsZero() || nearer(wallclock.Of(before, s.Zone), wallclock.Of(next, s.Zone), target):
		return before, true
	}
	return next, true
}

// nearer reports whether before is nearer to the target than next. Days count, and times only on one and the same day: a task that
// was done in the morning is due on the right day, and not in the night before because that is fewer hours away.
func nearer(before, next, target time.Time) bool {
	day := wallclock.DateOf(target)
	earlier, later := wallclock.Days(wallclock.DateOf(before), day), wallclock.Days(day, wallclock.DateOf(next))
	if earlier == 0 && later == 0 {
		return target.Sub(before) < next.Sub(target)
	}
	return earlier < later
}

// shortestMonth is how many days every month has.
const shortestMonth = 28

// clampDay gives a rule that takes the day of the month from its start the last day of each month that does not have it, as addPeriods
// does: otherwise a month after 31 January would be 31 March. INTERVAL must be 1. With BYSETPOS the rule stays as it is.
func (r *Rule) clampDay(start time.Time) {
	o := &r.option
	byMonth := (o.Freq == rrule.MONTHLY || o.Freq == rrule.YEARLY) && len(o.Byweekno) == 0
	if !byMonth || r.namesDay() || start.Day() <= shortestMonth || len(o.Bysetpos) > 0 {
		return
	}
	if o.Freq == rrule.YEARLY && len(o.Bymonth) == 0 {
		o.Bymonth = []int{int(start.Month())}
	}
	o.Freq = rrule.MONTHLY
	for day := shortestMonth; day <= start.Day(); day++ {
		o.Bymonthday = append(o.Bymonthday, day)
	}
	// All times of the last one of these days that the month has.
	for n := range max(1, len(o.Byhour)) * max(1, len(o.Byminute)) * max(1, len(o.Bysecond)) {
		o.Bysetpos = append(o.Bysetpos, -n-1)
	}
}

// addPeriods adds days, weeks, months or years to a wall-clock time. In a month that does not have its day it is the last one
// (RFC 5545 leaves that open; a month after 31 January is the end of February).
func addPeriods(wall time.Time, freq rrule.Frequency, n int) time.Time {
	var years, months int
	switch freq {
	case rrule.DAILY:
		return wall.AddDate(0, 0, n)
	case rrule.WEEKLY:
		return wall.AddDate(0, 0, 7*n)
	case rrule.MONTHLY:
		months = n
	default:
		years = n
	}
	first := wallclock.DateOf(wall).AddDate(0, 0, 1-wall.Day()).AddDate(years, months, 0)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(wall.Day(), last)-1).Add(wallclock.TimeOf(wall))
}

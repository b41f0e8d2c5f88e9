// Package wallclock converts between instants and the wall-clock times of a time zone. It is the only place that
// decides how to treat a time that a clock change skips or repeats; time.Date leaves that open.
//
// A wall-clock time is a time.Time in UTC that shows the same date and time of day.
package wallclock

import "time"

// Of returns the wall-clock time of the zone at an instant.
func Of(t time.Time, zone *time.Location) time.Time {
	return t.UTC().Add(offsetAt(t, zone))
}

// At returns the instant at which the clocks of the zone show wall. A repeated time is the first of the two, and a
// skipped one uses the offset from before the gap (RFC 5545, 3.3.5): 02:30 in the night in which 02:00 becomes 03:00 is
// 03:30. So a time of day on a later day is never an earlier instant.
func At(wall time.Time, zone *time.Location) time.Time {
	// No zone was ever more than a day ahead of UTC, so this is before any possible result.
	from := wall.Add(-maxOffset)
	offset := offsetAt(from, zone)
	for {
		at := wall.Add(-offset)
		change := NextChange(from, zone)
		if change.IsZero() || at.Before(change) {
			return at
		}
		next := offsetAt(change, zone)
		if wall.Add(-next).Before(change) {
			return at // skipped by this change
		}
		from, offset = change, next
	}
}

// NextChange returns an instant after t until which the clocks of the zone do not change, or zero if they never do again. It may
// be the end of a year, at which they do not change either.
func NextChange(t time.Time, zone *time.Location) time.Time {
	_, change := t.In(zone).ZoneBounds()
	if !change.IsZero() && !change.After(t) {
		// On the last day of a leap year after the zone's table, Go 1.26 returns the beginning of that day (golang/go#81583). Rules
		// that repeat every year have no change on it.
		change = t.UTC().Truncate(day).Add(day)
	}
	return change
}

const (
	maxOffset = 26 * time.Hour
	day       = 24 * time.Hour
)

// Date is time.Date, with At for times that a clock change skips or repeats.
func Date(year int, month time.Month, day, hour, minute, second, nanosecond int, zone *time.Location) time.Time {
	return At(time.Date(year, month, day, hour, minute, second, nanosecond, time.UTC), zone).In(zone)
}

func offsetAt(t time.Time, zone *time.Location) time.Duration {
	_, offset := t.In(zone).Zone()
	return time.Duration(offset) * time.Second
}

// StartOfDay returns the start of t's day in the zone.
func StartOfDay(t time.Time, zone *time.Location) time.Time {
	return At(DateOf(Of(t, zone)), zone)
}

// LastYear is the last year that RFC 3339 can express.
const LastYear = 9999

// MoveDays returns the same time of day as t in the zone, that many days later, or t if that is after LastYear.
func MoveDays(t time.Time, days int, zone *time.Location) time.Time {
	moved := At(Of(t, zone).AddDate(0, 0, days), zone)
	if moved.UTC().Year() > LastYear {
		return t
	}
	return moved
}

// DateOf returns the midnight of a wall-clock time.
func DateOf(wall time.Time) time.Time {
	y, m, d := wall.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// TimeOf returns the time since midnight of a wall-clock time.
func TimeOf(wall time.Time) time.Duration { return wall.Sub(DateOf(wall)) }

// DaysBetween returns the number of calendar days of the zone between two instants.
func DaysBetween(from, to time.Time, zone *time.Location) int {
	return Days(DateOf(Of(from, zone)), DateOf(Of(to, zone)))
}

// Days returns the number of whole days between two wall-clock times; a time.Duration ends at 292 years.
func Days(from, to time.Time) int { return int((to.Unix() - from.Unix()) / (24 * 60 * 60)) }

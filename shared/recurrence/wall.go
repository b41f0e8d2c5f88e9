package recurrence

import (
	"sync"
	"time"
	_ "time/tzdata" // zones must be known in an image without a zone database
)

// A wall-clock time is held as a time.Time in UTC that shows the same date and time of day.

// wallOf returns what the clocks of the zone show at an instant.
func wallOf(t time.Time, zone *time.Location) time.Time {
	_, offset := t.In(zone).Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// place returns the instant at which the clocks of the zone show wall. A time that comes twice is the first of the
// two, and one that does not exist is counted with the offset from before the gap (RFC 5545, 3.3.5): 02:30 in
// the night in which 02:00 becomes 03:00 is 03:30.
func place(wall time.Time, zone *time.Location) time.Time {
	// A day away in either direction lie the offsets from before and after a change near wall.
	before := wall.Add(-offsetAt(wall.Add(-24*time.Hour), zone))
	after := wall.Add(-offsetAt(wall.Add(24*time.Hour), zone))
	beforeIs, afterIs := wallOf(before, zone).Equal(wall), wallOf(after, zone).Equal(wall)
	if afterIs && (!beforeIs || after.Before(before)) {
		return after
	}
	return before
}

func offsetAt(t time.Time, zone *time.Location) time.Duration {
	_, offset := t.In(zone).Zone()
	return time.Duration(offset) * time.Second
}

// StartOfDay returns when the day of t begins in the zone.
func StartOfDay(t time.Time, zone *time.Location) time.Time {
	return place(dateOf(wallOf(t, zone)), zone)
}

// MoveDays returns the same time of day as t in the zone, so many days later.
func MoveDays(t time.Time, days int, zone *time.Location) time.Time {
	return place(wallOf(t, zone).AddDate(0, 0, days), zone)
}

// DaysBetween returns how many days of the zone's calendar lie between two instants.
func DaysBetween(from, to time.Time, zone *time.Location) int {
	return daysBetween(dateOf(wallOf(from, zone)), dateOf(wallOf(to, zone)))
}

// daysBetween returns how many whole days lie between two wall-clock times; a time.Duration ends at 292 years.
func daysBetween(from, to time.Time) int { return int((to.Unix() - from.Unix()) / (24 * 60 * 60)) }

// dateOf returns the midnight of a wall-clock time.
func dateOf(wall time.Time) time.Time {
	y, m, d := wall.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

var zones sync.Map // of *time.Location by name: reading one from the database takes longer than evaluating a rule

// Zone returns the time zone of an IANA name, or UTC for a name that is none.
func Zone(name string) *time.Location {
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	zones.Store(name, zone)
	return zone
}

package reminder

import (
	"math"
	"time"

	"github.com/sosodev/duration"

	"taskwire.dev/shared/wallclock"
)

// Years, months, weeks and days of a duration are counted on the calendar of a zone, and only hours, minutes and
// seconds are exact (RFC 5545, 3.3.6): P1D before 09:00 is 09:00 the day before, although the clocks may have changed in
// the night between, and PT24H is not. A month that is too short ends on its last day: P1M before 31 March is the last
// of February.

// Before returns the moment that a duration ends with t. The duration was validated when it was stored
// (task.CheckDuration).
func Before(t time.Time, window string, zone *time.Location) time.Time {
	return move(t, window, zone, -1)
}

// After returns the moment that is a duration after t.
func After(t time.Time, window string, zone *time.Location) time.Time {
	return move(t, window, zone, 1)
}

func move(t time.Time, window string, zone *time.Location, sign int) time.Time {
	d, err := duration.Parse(window)
	if err != nil {
		return t
	}
	exact := duration.Duration{Hours: d.Hours, Minutes: d.Minutes, Seconds: d.Seconds}
	var years, months, weeks, days float64
	years, exact.Years = math.Modf(d.Years) // half a day is twelve hours
	months, exact.Months = math.Modf(d.Months)
	weeks, exact.Weeks = math.Modf(d.Weeks)
	days, exact.Days = math.Modf(d.Days)
	byMonth, byDay := 12*int(years)+int(months), 7*int(weeks)+int(days)
	if byMonth != 0 || byDay != 0 {
		wall := addMonths(wallclock.Of(t, zone), sign*byMonth).AddDate(0, 0, sign*byDay)
		t = wallclock.At(wall, zone)
	}
	return t.Add(time.Duration(sign) * exact.ToTimeDuration())
}

// addMonths is AddDate, but stays in the month: one month after 31 January is the last of February.
func addMonths(wall time.Time, months int) time.Time {
	moved := wall.AddDate(0, months, 0)
	if moved.Day() != wall.Day() {
		moved = moved.AddDate(0, 0, -moved.Day()) // the last day of the month before
	}
	return moved
}

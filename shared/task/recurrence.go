package task

import (
	"strings"
	"time"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/recurrence"
	"taskwire.dev/shared/wallclock"
)

// recurs reads the recurrence whose members are at a pointer, and notes one that nothing would ever come of. Where the
// user's own time zone decides, UTC is near enough to see that.
func recurs(fs *fault.Fields, at string, in *RecurrenceInput, due *time.Time, timezone *string) *Recurrence {
	if in == nil {
		return nil
	}
	r := &Recurrence{Mode: ModeSchedule}
	if in.Mode != nil {
		r.Mode = *in.Mode
	}
	if r.Mode != ModeSchedule && r.Mode != ModeCompletion {
		fs.Add(at+"/mode", "must be %s or %s", ModeSchedule, ModeCompletion)
	}
	if in.RRule == nil {
		fs.Add(at+"/rrule", "is required")
		return r
	}
	r.RRule = *in.RRule
	if len(r.RRule) > MaxRRule || strings.ContainsAny(r.RRule, "\r\n\x00") {
		fs.Add(at+"/rrule", "must be one line of at most %d characters", MaxRRule)
		return r
	}
	rule, err := recurrence.Parse(r.RRule)
	if err != nil {
		fs.Add(at+"/rrule", "%s", err)
		return r
	}
	series := recurrence.Series{Rule: rule, Start: leapYear, Zone: zoneOf(timezone, "UTC")}
	if due != nil {
		series.Start = *due
	}
	if !series.Recurs() {
		fs.Add(at+"/rrule", "names no day that ever comes")
	}
	return r
}

// leapYear stands for the start of a series that has none yet: in it every day comes that comes at all.
var leapYear = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// zoneOf returns the time zone of a task, which is the user's own unless it says another.
func zoneOf(timezone *string, users string) *time.Location {
	if timezone != nil {
		return wallclock.Zone(*timezone)
	}
	return wallclock.Zone(users)
}

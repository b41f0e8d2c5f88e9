package command

import (
	"strings"
	"time"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/recurrence"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock"
)

// recurs reads the recurrence at a pointer, and notes a rule without any occurrence. Where the user's time zone
// decides, UTC is accurate enough for that check.
func recurs(fs *fault.Fields, at string, in *RecurrenceInput, due *time.Time, timezone *string) *task.Recurrence {
	if in == nil {
		return nil
	}
	r := &task.Recurrence{Mode: task.ModeSchedule}
	if in.Mode != nil {
		r.Mode = *in.Mode
	}
	if r.Mode != task.ModeSchedule && r.Mode != task.ModeCompletion {
		fs.Add(at+"/mode", "must be %s or %s", task.ModeSchedule, task.ModeCompletion)
	}
	if in.RRule == nil {
		fs.Add(at+"/rrule", "is required")
		return r
	}
	r.RRule = *in.RRule
	if len(r.RRule) > task.MaxRRule || strings.ContainsAny(r.RRule, "\r\n\x00") {
		fs.Add(at+"/rrule", "must be one line of at most %d characters", task.MaxRRule)
		return r
	}
	rule, err := recurrence.Parse(r.RRule)
	if err != nil {
		fs.Add(at+"/rrule", "%s", err)
		return r
	}
	series := recurrence.Series{Rule: rule, Start: leapYear, Zone: time.UTC}
	if timezone != nil {
		series.Zone = wallclock.Zone(*timezone)
	}
	if due != nil {
		series.Start = *due
	}
	if !series.Recurs() {
		fs.Add(at+"/rrule", "names no day that ever comes")
	}
	return r
}

// leapYear is the start assumed for a series that has none yet: every day of the calendar is in it.
var leapYear = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

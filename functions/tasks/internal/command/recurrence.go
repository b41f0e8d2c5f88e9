package command

import (
	"strings"
	"time"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/recurrence"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock"
)

// due is the due date that a rule counts from.
type due struct {
	at       *time.Time
	on       *task.Date
	timezone *string
}

// recurs reads the recurrence at a pointer, and notes a rule without any occurrence. Where the user's time zone
// decides, UTC is accurate enough for that check.
func recurs(fs *fault.Fields, at string, in *RecurrenceInput, from due) *task.Recurrence {
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
	switch {
	case from.on != nil:
		series.Start = from.on.Midnight()
		if rule.HasTime() { // RFC 5545, 3.3.10: not where the series is one of days
			fs.Add(at+"/rrule", "has a time of day, and due_date has none; use due_at")
		}
	case from.timezone != nil:
		series.Zone = wallclock.Zone(*from.timezone)
	}
	if from.at != nil {
		series.Start = *from.at
	}
	if !series.Recurs() {
		fs.Add(at+"/rrule", "names no day that ever comes")
	}
	return r
}

// leapYear is the start assumed for a series that has none yet: every day of the calendar is in it.
var leapYear = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

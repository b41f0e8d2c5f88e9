package export

import (
	"strconv"
	"strings"
	"time"

	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock"
)

// utcTime is the layout of a time in UTC, localDate that of a date (RFC 5545, 3.3.5 and 3.3.4).
const (
	utcTime   = "20060102T150405Z"
	localDate = "20060102"
)

// repeats reports whether the event of a task has a rule. In the other mode the next date depends on when the task is completed. One
// that is due at another time than its series has for it would have the rule go on from there.
func repeats(t *task.Task) bool {
	if t.Recurrence == nil || t.Recurrence.Mode != task.ModeSchedule {
		return false
	}
	switch {
	case t.DueDate != nil:
		return t.Occurrence == nil || t.Occurrence.Equal(t.DueDate.Midnight())
	case t.DueAt != nil:
		return t.Occurrence == nil || t.Occurrence.Equal(*t.DueAt)
	default:
		return false
	}
}

// wallTime returns when a task is due on the clock of its series. Where the clocks leave out that time, this is not the one at which it
// is due (RFC 5545, 3.3.5), which the later ones would have too.
func wallTime(t *task.Task, zone *time.Location) time.Time {
	wall := wallclock.Of(*t.DueAt, zone)
	if t.Series == nil || t.Series.Start == nil {
		return wall
	}
	usual := wallclock.DateOf(wall).Add(wallclock.TimeOf(wallclock.Of(*t.Series.Start, zone)))
	if wallclock.At(usual, zone).Equal(*t.DueAt) {
		return usual
	}
	return wall
}

// ruleFrom returns the RRULE of an event that starts with this occurrence of the task, which need not be the series' first one, in a
// zone. RFC 5545, 3.3.10, has it depend on DTSTART.
func ruleFrom(t task.Task, zone *time.Location) string {
	var parts []string
	for part := range strings.SplitSeq(strings.TrimPrefix(strings.ToUpper(t.Recurrence.RRule), "RRULE:"), ";") {
		name, value, _ := strings.Cut(part, "=")
		switch name {
		case "COUNT":
			part = name + "=" + countFrom(t, value)
		case "UNTIL":
			part = name + "=" + untilOf(value, t.DueDate != nil, zone)
		case "BYHOUR", "BYMINUTE", "BYSECOND":
			if t.DueDate != nil {
				continue
			}
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ";")
}

// countFrom returns how many occurrences are left, with this one.
func countFrom(t task.Task, count string) string {
	n, err := strconv.Atoi(count)
	if err != nil || t.Series == nil {
		return count
	}
	return strconv.Itoa(max(1, n-t.Series.Number+1))
}

// untilOf returns the value of UNTIL for a DTSTART that is a time in a zone, or a date of the user in the user's zone. A rule of a task
// may have a date, which is the whole day, a time of the wall clock or one in UTC, whatever the task has.
func untilOf(value string, day bool, zone *time.Location) string {
	if at, err := time.Parse(utcTime, value); err == nil {
		if day {
			return at.In(zone).Format(localDate)
		}
		return value
	}
	if day {
		date, _, _ := strings.Cut(value, "T")
		return date
	}
	if at, err := time.ParseInLocation(localDate, value, zone); err == nil {
		return at.AddDate(0, 0, 1).Add(-time.Second).UTC().Format(utcTime)
	}
	if at, err := time.ParseInLocation(localTime, value, zone); err == nil {
		return at.UTC().Format(utcTime)
	}
	return value
}

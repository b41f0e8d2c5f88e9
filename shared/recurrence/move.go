package recurrence

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"taskwire.dev/shared/wallclock"
)

// Move returns a rule for a series that moves from one wall-clock time to another: where the rule names the day or the time of the
// one, the moved rule names those of the other. So "every Monday" becomes "every Wednesday" when a Monday is moved to Wednesday.
// A rule that names several days has no single day to move: it keeps its days, and only its time moves.
func Move(text string, from, to time.Time) string {
	parts := strings.Split(text, ";")
	moved := change(parts, func(name, value string) string {
		switch name {
		case "BYHOUR":
			return exchange(value, from.Hour(), to.Hour())
		case "BYMINUTE":
			return exchange(value, from.Minute(), to.Minute())
		case "BYSECOND":
			return exchange(value, from.Second(), to.Second())
		}
		return value
	})
	if wallclock.DateOf(from).Equal(wallclock.DateOf(to)) {
		return strings.Join(moved, ";")
	}
	days := change(moved, func(name, value string) string {
		switch name {
		case "BYMONTH":
			return exchange(value, int(from.Month()), int(to.Month()))
		case "BYMONTHDAY":
			return exchange(exchange(value, from.Day(), to.Day()), fromEnd(from), fromEnd(to))
		case "BYDAY":
			return exchangeDay(value, from, to)
		}
		return value
	})
	if rule, err := Parse(strings.Join(days, ";")); err == nil && rule.names(to) {
		return strings.Join(days, ";")
	}
	return strings.Join(moved, ";")
}

func change(parts []string, value func(name, value string) string) []string {
	out := make([]string, len(parts))
	for i, part := range parts {
		name, old, _ := strings.Cut(part, "=")
		if out[i] = part; old != "" {
			out[i] = name + "=" + value(strings.ToUpper(name), old)
		}
	}
	return out
}

// exchange replaces a number that is the whole value.
func exchange(value string, from, to int) string {
	if n, err := strconv.Atoi(value); err == nil && n == from {
		return strconv.Itoa(to)
	}
	return value
}

// fromEnd is the day of the month counted from its end, as in BYMONTHDAY=-1.
func fromEnd(wall time.Time) int {
	return wall.Day() - time.Date(wall.Year(), wall.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day() - 1
}

var dayNames = [...]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// exchangeDay replaces the day that is the whole value of BYDAY: MO, or with its number in the month, 1MO and -1MO.
func exchangeDay(value string, from, to time.Time) string {
	front := func(wall time.Time) string { return fmt.Sprint((wall.Day()-1)/7+1, dayNames[wall.Weekday()]) }
	back := func(wall time.Time) string { return fmt.Sprint((fromEnd(wall)+1)/7-1, dayNames[wall.Weekday()]) }
	switch strings.TrimPrefix(strings.ToUpper(value), "+") {
	case dayNames[from.Weekday()]:
		return dayNames[to.Weekday()]
	case front(from):
		return front(to)
	case back(from):
		return back(to)
	}
	return value
}

// names reports whether a wall-clock time is one of the rule's own, in the period in which it begins.
func (r Rule) names(wall time.Time) bool {
	wall = wall.Truncate(time.Second)
	for at := range r.walls(wall, wall, true) {
		return at.Equal(wall)
	}
	return false
}

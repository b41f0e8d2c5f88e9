package when

import (
	"regexp"
	"strconv"
	"time"
)

// clock is a time of day.
type clock struct{ hour, minute int }

// on returns that time of day on the date of a wall-clock time.
func (c clock) on(day time.Time) time.Time {
	return startOf(day).Add(time.Duration(c.hour)*time.Hour + time.Duration(c.minute)*time.Minute)
}

var named = map[string]clock{
	"noon": {12, 0}, "midday": {12, 0}, "morning": {9, 0}, "afternoon": {15, 0}, "evening": {19, 0}, "night": {21, 0}, "tonight": {20, 0},
}

var clockForm = regexp.MustCompile(`^(\d{1,2})(?::(\d{2}))?(am|pm)?$`)

// clock parses a time of day: 17:30, 5pm, 5:30 pm, at 9, noon, morning.
func (p *phrase) clock() (c clock, ok bool) {
	ok = p.try(func() bool {
		at := p.take("at") || p.take("@")
		if !at {
			p.skip("in", "by")
			p.skip("the")
		}
		w := p.next()
		if n, known := named[w]; known {
			c = n
			return true
		}
		m := clockForm.FindStringSubmatch(w)
		if m == nil {
			return false
		}
		half := m[3]
		if half == "" && (p.take("am") || p.take("a.m.")) {
			half = "am"
		} else if half == "" && (p.take("pm") || p.take("p.m.")) {
			half = "pm"
		}
		if m[2] == "" && half == "" && !at {
			return false // a bare number may be anything
		}
		c.hour, _ = strconv.Atoi(m[1])
		c.minute, _ = strconv.Atoi(m[2])
		switch {
		case half != "" && (c.hour < 1 || c.hour > 12):
			return false
		case half == "am":
			c.hour %= 12
		case half == "pm":
			c.hour = c.hour%12 + 12
		}
		return c.hour < 24 && c.minute < 60
	})
	return c, ok
}

package when

import (
	"strconv"
	"strings"
	"time"
)

var numbers = map[string]int{
	"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
	"ten": 10, "eleven": 11, "twelve": 12,
}

// maxSpan bounds the numbers, so that dates stay within the calendar.
const maxSpan = 10000

// span parses a duration from now: in 3 days, in half an hour, 2 weeks from now, 3 days ago. Hours and minutes give an
// instant; days and longer leave the time of day open, and give a wall-clock time on that day.
func (p *phrase) span() (t Time, ok bool) {
	ok = p.try(func() bool {
		if p.take("in", "half", "an", "hour") {
			t = Time{p.now.Add(30 * time.Minute), true}
			return true
		}
		ahead := p.take("in")
		n, read := p.number()
		unit := strings.TrimSuffix(p.next(), "s")
		if !read {
			return false
		}
		switch {
		case ahead, p.take("from", "now"), p.take("from", "today"):
		case p.take("ago"):
			n = -n
		default:
			return false
		}
		t, read = p.shifted(n, unit)
		return read
	})
	return t, ok
}

func (p *phrase) number() (int, bool) {
	w := p.next()
	if n, ok := numbers[w]; ok {
		return n, true
	}
	n, err := strconv.Atoi(w)
	return n, err == nil && n >= 0 && n <= maxSpan
}

func (p *phrase) shifted(n int, unit string) (Time, bool) {
	switch unit {
	case "minute", "min":
		return Time{p.now.Add(time.Duration(n) * time.Minute), true}, true
	case "hour":
		return Time{p.now.Add(time.Duration(n) * time.Hour), true}, true
	case "day":
		return Time{p.wall.AddDate(0, 0, n), false}, true
	case "week":
		return Time{p.wall.AddDate(0, 0, 7*n), false}, true
	case "month":
		return Time{p.inMonths(n), false}, true
	case "year":
		return Time{p.inMonths(12 * n), false}, true
	}
	return Time{}, false
}

// inMonths returns the same day n months later, or the last day of a shorter month.
func (p *phrase) inMonths(n int) time.Time {
	y, m, d := p.wall.Date()
	last := date(y, m+time.Month(n)+1, 0)
	return date(last.Year(), last.Month(), min(d, last.Day()))
}

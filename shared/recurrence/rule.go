// Package recurrence computes when a task recurs: RFC 5545 recurrence rules, evaluated in a time zone. A rule is evaluated on
// wall-clock times, and each result is then converted to the zone. So a task at 09:00 stays at 09:00 across clock changes. If its
// time does not exist on some day, that day's occurrence is at the time that RFC 5545 defines (3.3.5), and later ones are at the
// usual time.
package recurrence

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"taskwire.dev/shared/wallclock"
)

// Limits of a rule, in addition to those of RFC 5545 for each part. Within them every evaluation takes milliseconds.
const (
	MaxInterval = 1000
	MaxCount    = 10_000
	MaxPerDay   = 24 // times per day: BYHOUR, BYMINUTE and BYSECOND multiply
)

// Rule is a recurrence rule within the limits.
type Rule struct {
	option rrule.ROption // the library's, without DTSTART, COUNT and UNTIL
	count  int           // 0: without end
	until  until
}

// until is the UNTIL of a rule; the zero value means none.
type until struct {
	instant time.Time // "20261231T230000Z": this moment
	wall    time.Time // "20261231T230000" and "20261231": this time of the wall clock, or the end of this day
}

// EndsIn returns the rule for a series whose times are those of a zone's wall clock and of no zone themselves, as days are: an UNTIL in
// UTC is then what that clock shows.
func (r Rule) EndsIn(zone *time.Location) Rule {
	if !r.until.instant.IsZero() {
		r.until = until{wall: wallclock.Of(r.until.instant, zone)}
	}
	return r
}

// Counts reports whether the rule has a COUNT.
func (r Rule) Counts() bool { return r.count > 0 }

// Parse parses an RRULE value (RFC 5545, 3.3.10), without its name and without DTSTART. The error names the invalid part and is
// written for the user.
func Parse(text string) (Rule, error) {
	var r Rule
	seen := map[string]bool{}
	for part := range strings.SplitSeq(strings.ToUpper(text), ";") {
		name, value, _ := strings.Cut(part, "=")
		read, known := parts[name]
		switch {
		case !known:
			return r, fmt.Errorf("%q is not a part of a recurrence rule, such as FREQ=WEEKLY;BYDAY=MO", clip(part))
		case seen[name]:
			return r, fmt.Errorf("%s appears twice", name)
		}
		seen[name] = true
		if err := read(&r, value); err != nil {
			return r, fmt.Errorf("%s %w", name, err)
		}
	}
	if !seen["FREQ"] {
		return r, errors.New("FREQ is required")
	}
	return r, r.check(seen)
}

// HasTime reports whether the rule names times of day.
func (r Rule) HasTime() bool {
	return len(r.option.Byhour)+len(r.option.Byminute)+len(r.option.Bysecond) > 0
}

// clip shortens input that an error repeats.
func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

// parts has a parser for each part of a rule.
var parts = map[string]func(*Rule, string) error{
	"FREQ":       (*Rule).readFreq,
	"UNTIL":      (*Rule).readUntil,
	"COUNT":      func(r *Rule, s string) error { return number(&r.count, s, MaxCount) },
	"INTERVAL":   func(r *Rule, s string) error { return number(&r.option.Interval, s, MaxInterval) },
	"WKST":       (*Rule).readWeekStart,
	"BYDAY":      (*Rule).readDays,
	"BYSECOND":   (*Rule).readSeconds,
	"BYMINUTE":   func(r *Rule, s string) error { return numbers(&r.option.Byminute, s, 0, 59) },
	"BYHOUR":     func(r *Rule, s string) error { return numbers(&r.option.Byhour, s, 0, 23) },
	"BYMONTH":    func(r *Rule, s string) error { return numbers(&r.option.Bymonth, s, 1, 12) },
	"BYMONTHDAY": func(r *Rule, s string) error { return fromEitherEnd(&r.option.Bymonthday, s, 31) },
	"BYYEARDAY":  func(r *Rule, s string) error { return fromEitherEnd(&r.option.Byyearday, s, 366) },
	"BYWEEKNO":   func(r *Rule, s string) error { return fromEitherEnd(&r.option.Byweekno, s, 53) },
	"BYSETPOS":   func(r *Rule, s string) error { return fromEitherEnd(&r.option.Bysetpos, s, 366) },
}

func (r *Rule) readFreq(s string) (err error) {
	if r.option.Freq, err = rrule.StrToFreq(s); err != nil || r.option.Freq > rrule.DAILY {
		return errors.New("must be DAILY, WEEKLY, MONTHLY or YEARLY: tasks do not recur more often")
	}
	return nil
}

func (r *Rule) readUntil(s string) (err error) {
	switch len(s) {
	case len("20261231"):
		r.until.wall, err = time.Parse("20060102", s)
		r.until.wall = r.until.wall.Add(24*time.Hour - 1)
	case len("20261231T230000"):
		r.until.wall, err = time.Parse("20060102T150405", s)
	default:
		r.until.instant, err = time.Parse("20060102T150405Z", s)
	}
	if err != nil {
		return errors.New("must be a date or a time, such as 20261231 or 20261231T230000Z")
	}
	return nil
}

func number(to *int, s string, most int) (err error) {
	if *to, err = strconv.Atoi(s); err != nil || *to < 1 || *to > most || s[0] == '+' {
		return fmt.Errorf("must be 1 to %d", most)
	}
	return nil
}

// list parses numbers that ok accepts; what describes them for the error.
func list(to *[]int, s string, ok func(int) bool, what string) error {
	for item := range strings.SplitSeq(s, ",") {
		n, err := strconv.Atoi(item)
		if err != nil || !ok(n) {
			return fmt.Errorf("must be %s, separated by commas", what)
		}
		if !slices.Contains(*to, n) {
			*to = append(*to, n)
		}
	}
	return nil
}

func numbers(to *[]int, s string, least, most int) error {
	return list(to, s, func(n int) bool { return n >= least && n <= most }, fmt.Sprintf("%d to %d", least, most))
}

// fromEitherEnd parses ordinals; negative ones count from the end.
func fromEitherEnd(to *[]int, s string, most int) error {
	return list(to, s, func(n int) bool { return n != 0 && n >= -most && n <= most }, fmt.Sprintf("1 to %d or -1 to -%d", most, most))
}

// readSeconds treats 60 as 59, as RFC 5545 requires without leap seconds (3.3.12).
func (r *Rule) readSeconds(s string) error {
	err := numbers(&r.option.Bysecond, s, 0, 60)
	for i, second := range r.option.Bysecond {
		r.option.Bysecond[i] = min(second, 59)
	}
	return err
}

var weekdays = map[string]rrule.Weekday{
	"MO": rrule.MO, "TU": rrule.TU, "WE": rrule.WE, "TH": rrule.TH, "FR": rrule.FR, "SA": rrule.SA, "SU": rrule.SU,
}

func (r *Rule) readWeekStart(s string) error {
	day, ok := weekdays[s]
	if !ok {
		return errors.New("must be a day of the week, such as MO")
	}
	r.option.Wkst = day
	return nil
}

func (r *Rule) readDays(s string) error {
	for item := range strings.SplitSeq(s, ",") {
		split := max(len(item)-2, 0)
		day, ok := weekdays[item[split:]]
		if ordinal := item[:split]; ok && ordinal != "" {
			n, err := strconv.Atoi(ordinal)
			ok = err == nil && n != 0 && n >= -53 && n <= 53
			day = day.Nth(n)
		}
		if !ok {
			return errors.New("must be days of the week such as MO, or 1MO and -1FR for the first Monday and the last Friday, separated by commas")
		}
		if !slices.Contains(r.option.Byweekday, day) {
			r.option.Byweekday = append(r.option.Byweekday, day)
		}
	}
	return nil
}

// check refuses combinations that RFC 5545 forbids, and those that would never recur or too often.
func (r *Rule) check(seen map[string]bool) error {
	o := &r.option
	ordinals := slices.ContainsFunc(o.Byweekday, func(d rrule.Weekday) bool { return d.N() != 0 })
	beyondMonth := slices.ContainsFunc(o.Byweekday, func(d rrule.Weekday) bool { return d.N() > 5 || d.N() < -5 })
	switch {
	case seen["COUNT"] && seen["UNTIL"]:
		return errors.New("COUNT and UNTIL cannot be combined")
	case ordinals && o.Freq != rrule.MONTHLY && o.Freq != rrule.YEARLY:
		return errors.New("BYDAY may have numbers only with FREQ=MONTHLY or FREQ=YEARLY")
	case ordinals && seen["BYWEEKNO"]:
		return errors.New("BYDAY may not have numbers together with BYWEEKNO")
	case beyondMonth && (o.Freq == rrule.MONTHLY || seen["BYMONTH"]):
		return errors.New("BYDAY may have numbers up to 5: no month has more of a weekday")
	case seen["BYMONTHDAY"] && o.Freq == rrule.WEEKLY:
		return errors.New("BYMONTHDAY cannot be combined with FREQ=WEEKLY")
	case seen["BYYEARDAY"] && o.Freq != rrule.YEARLY:
		return errors.New("BYYEARDAY is allowed only with FREQ=YEARLY")
	case seen["BYWEEKNO"] && o.Freq != rrule.YEARLY:
		return errors.New("BYWEEKNO is allowed only with FREQ=YEARLY")
	case seen["BYSETPOS"] && !slices.ContainsFunc(choosers, func(name string) bool { return seen[name] }):
		return errors.New("BYSETPOS needs another part to choose from, such as BYDAY")
	case max(1, len(o.Byhour))*max(1, len(o.Byminute))*max(1, len(o.Bysecond)) > MaxPerDay:
		return fmt.Errorf("BYHOUR, BYMINUTE and BYSECOND give more than %d times a day", MaxPerDay)
	}
	return nil
}

// choosers are the parts that produce a set for BYSETPOS.
var choosers = []string{"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYHOUR", "BYMINUTE", "BYSECOND"}

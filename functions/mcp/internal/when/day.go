package when

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	weekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
	months   = []string{
		"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
	}
)

// nameOf finds a name in a list, or a prefix of it with at least three letters.
func nameOf(list []string, w string) (int, bool) {
	w = strings.TrimSuffix(w, ".")
	i := slices.IndexFunc(list, func(name string) bool {
		return w == name || len(w) >= 3 && len(w) <= 4 && strings.HasPrefix(name, w)
	})
	return i, i >= 0
}

// day parses a day, and returns a wall-clock time on it.
func (p *phrase) day() (t time.Time, ok bool) {
	ok = p.try(func() bool {
		p.skip("on", "by", "due")
		var read bool
		t, read = p.namedDay()
		return read
	})
	return t, ok
}

func (p *phrase) namedDay() (time.Time, bool) {
	today := startOf(p.wall)
	switch {
	case p.take("today"), p.take("this"):
		// "this evening" means today; "this friday" is parsed below.
		if wd, ok := p.weekday(); ok {
			return p.coming(wd), true
		}
		if p.take("week") || p.take("month") || p.take("year") {
			return today, false // ambiguous
		}
		if p.take("weekend") {
			return p.coming(time.Saturday), true
		}
		return today, true
	case len(p.words) > 0 && p.words[0] == "tonight": // the clock parses it
		return today, true
	case p.take("tomorrow"):
		return today.AddDate(0, 0, 1), true
	case p.take("yesterday"):
		return today.AddDate(0, 0, -1), true
	case p.take("the", "day", "after", "tomorrow"), p.take("day", "after", "tomorrow"):
		return today.AddDate(0, 0, 2), true
	case p.take("the", "weekend"), p.take("weekend"):
		return p.coming(time.Saturday), true
	case p.take("next"):
		return p.nextDay()
	case p.take("last"):
		if wd, ok := p.weekday(); ok {
			return today.AddDate(0, 0, -((int(p.wall.Weekday())-int(wd)+6)%7 + 1)), true
		}
		return today, false
	case p.take("end", "of"):
		return p.endOf()
	}
	if wd, ok := p.weekday(); ok {
		return p.coming(wd), true
	}
	return p.date()
}

func (p *phrase) weekday() (time.Weekday, bool) {
	if len(p.words) == 0 {
		return 0, false
	}
	i, ok := nameOf(weekdays, p.words[0])
	if ok {
		p.next()
	}
	return time.Weekday(i), ok
}

// coming returns the next such weekday after today.
func (p *phrase) coming(wd time.Weekday) time.Time {
	return startOf(p.wall).AddDate(0, 0, (int(wd)-int(p.wall.Weekday())+6)%7+1)
}

// nextWeek returns the first day of next week.
func (p *phrase) nextWeek() time.Time { return p.coming(p.weekStart) }

func (p *phrase) nextDay() (time.Time, bool) {
	if wd, ok := p.weekday(); ok {
		return p.nextWeek().AddDate(0, 0, (int(wd)-int(p.weekStart)+7)%7), true
	}
	y, m, _ := p.wall.Date()
	switch p.next() {
	case "week":
		return p.nextWeek(), true
	case "month":
		return date(y, m+1, 1), true
	case "year":
		return date(y+1, 1, 1), true
	}
	return time.Time{}, false
}

func (p *phrase) endOf() (time.Time, bool) {
	p.skip("the", "this")
	y, m, _ := p.wall.Date()
	switch p.next() {
	case "week":
		return p.nextWeek().AddDate(0, 0, -1), true
	case "month":
		return date(y, m+1, 0), true
	case "year":
		return date(y, 12, 31), true
	}
	return time.Time{}, false
}

// date is the start of a day on the wall clock.
func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

var (
	ordinal = regexp.MustCompile(`^(\d{1,2})(st|nd|rd|th)?$`)
	isoDate = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	year    = regexp.MustCompile(`^\d{4}$`)
)

// date parses 2026-12-24, dec 24, 24th of december 2026, the 3rd.
func (p *phrase) date() (time.Time, bool) {
	article := p.take("the")
	w := p.next()
	if isoDate.MatchString(w) {
		t, err := time.Parse(time.DateOnly, w)
		return t, err == nil
	}
	if m, ok := nameOf(months, w); ok {
		p.skip("the")
		d := ordinal.FindStringSubmatch(p.next())
		if d == nil {
			return time.Time{}, false
		}
		return p.dayOf(d[1], m+1)
	}
	d := ordinal.FindStringSubmatch(w)
	if d == nil {
		return time.Time{}, false
	}
	before := p.words
	p.skip("of")
	if m, ok := nameOf(months, p.next()); ok {
		return p.dayOf(d[1], m+1)
	}
	p.words = before
	if !article || d[2] == "" {
		return time.Time{}, false // a bare number may be anything
	}
	n, _ := strconv.Atoi(d[1])
	y, m, today := p.wall.Date()
	for range 12 { // the next month that has such a day
		if t := date(y, m, n); t.Day() == n && !(m == p.wall.Month() && n < today) {
			return t, true
		}
		m++
	}
	return time.Time{}, false
}

// dayOf returns a day of a month in the given year, or else the next one that exists.
func (p *phrase) dayOf(day string, month int) (time.Time, bool) {
	d, _ := strconv.Atoi(day)
	if len(p.words) > 0 && year.MatchString(p.words[0]) {
		y, _ := strconv.Atoi(p.next())
		t := date(y, time.Month(month), d)
		return t, t.Day() == d
	}
	for y := p.wall.Year(); y <= p.wall.Year()+8; y++ { // 29 February comes every four years, or after eight
		t := date(y, time.Month(month), d)
		if t.Day() == d && !t.Before(startOf(p.wall)) {
			return t, true
		}
	}
	return time.Time{}, false
}

package quickadd

import (
	"time"

	"taskwire.dev/shared/wallclock"
)

// resolver turns what was said into dates.
type resolver struct {
	now      time.Time // to the second
	location *time.Location
	today    day
}

func newResolver(o Options) resolver {
	now := time.Unix(o.Now.Unix(), 0)
	year, month, dom := wallclock.Of(now, o.Location).Date()
	return resolver{now: now, location: o.Location, today: days(year, int(month), dom)}
}

// resolve returns the task of a meaning, without its title, or false if there is none.
func (r resolver) resolve(m meaning) (Result, bool) {
	result := Result{Priority: m.priority, Project: m.project, Tags: m.tags}
	if result.Priority == "none" {
		result.Priority = ""
	}
	ok := true
	switch named := m.time != nil || m.start != nil || len(m.days) > 0; {
	case m.minutes > 0:
		result.DueAt = r.now.Add(time.Duration(m.minutes) * time.Minute).In(r.location)
		ok = !named && m.rule == nil && result.DueAt.Year() <= 9999
	case m.rule != nil:
		ok = r.series(m, &result)
	case named:
		ok = r.single(m, &result)
	}
	return result, ok
}

// single resolves the due of a task that does not recur.
func (r resolver) single(m meaning, result *Result) bool {
	if m.start != nil {
		m.days = append(m.days, *m.start)
	}
	if m.time != nil && (m.time.today || m.time.weakToday && len(m.days) == 0) {
		m.days = append(m.days, dayWord{form: fixedDay, fixed: r.today, weekday: -1})
	}
	if len(m.days) > 0 {
		d, ok := r.oneDay(m.days)
		if m.time != nil && m.time.small && d == r.today && r.past(d, m.time) {
			d++
		}
		return ok && r.due(d, m.time, result)
	}
	if r.past(r.today, m.time) {
		return r.due(r.today+1, m.time, result)
	}
	return r.due(r.today, m.time, result)
}

// oneDay returns the day that all words name. Beside a date, the name of a day only has to be true.
func (r resolver) oneDay(named []dayWord) (day, bool) {
	first := named[0]
	for _, d := range named {
		if d.form != weekday {
			first = d
			break
		}
	}
	the, ok := first.resolve(r.today)
	for _, d := range named {
		if first.week && d.form == weekday { // "friday" and "next week"
			the += day((d.weekday - the.weekday() + 7) % 7)
			break
		}
	}
	for _, d := range named {
		other, found := d.resolve(r.today)
		switch {
		case d.form == weekday && first.form != weekday:
			ok = ok && d.weekday == the.weekday()
		case d.week:
			ok = ok && found && the >= other && the < other+7
		default:
			ok = ok && found && other == the
		}
	}
	return the, ok
}

// resolve returns the day that is meant from a given day on.
func (d dayWord) resolve(from day) (day, bool) {
	found, ok := d.next(from)
	return found, ok && (d.weekday < 0 || found.weekday() == d.weekday)
}

func (d dayWord) next(from day) (day, bool) {
	year, month, _ := from.date()
	switch d.form {
	case weekday:
		return from.within((d.weekday-from.weekday()+6)%7 + 1)
	case monthDay:
		for n := range 12 {
			first, ok := days(year, month, 1).addMonths(n)
			if !ok {
				return 0, false
			}
			y, m, _ := first.date()
			if found, ok := dateOf(y, m, d.dom); ok && found >= from {
				return found, true
			}
		}
		return 0, false
	case yearDay:
		for y := year; y <= year+8; y++ { // 29 February comes after eight years at the latest
			if found, ok := dateOf(y, d.month, d.dom); ok && found >= from {
				return found, true
			}
		}
		return 0, false
	default:
		return d.fixed, true
	}
}

// due sets the due to a day, and a time if there is one.
func (r resolver) due(d day, t *timeWord, result *Result) bool {
	if t == nil {
		result.DueDate = d.String()
		return true
	}
	at, ok := r.at(d, t)
	result.DueAt = at
	return ok
}

// at returns a time on a day. Midnight is 00:00 of the day after.
func (r resolver) at(d day, t *timeWord) (time.Time, bool) {
	if t.form == midnightTime {
		d++
	}
	year, month, dom := d.date()
	if year > 9999 {
		return time.Time{}, false
	}
	return wallclock.Date(year, time.Month(month), dom, t.hour, t.minute, 0, 0, r.location), true
}

// past reports whether a day, or the time on it, is over. Today is not; the time that it is now is.
func (r resolver) past(d day, t *timeWord) bool {
	if t == nil || d < r.today-2 || d > r.today+2 {
		return d < r.today // whatever the zone
	}
	at, ok := r.at(d, t)
	return ok && !at.After(r.now)
}

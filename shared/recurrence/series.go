package recurrence

import (
	"iter"
	"slices"
	"time"

	"github.com/teambition/rrule-go"

	"taskwire.dev/shared/wallclock"
)

// Series is all occurrences of a task. The first is its start, whether or not it matches the rule: like DTSTART in RFC 5545 it
// counts, and supplies what the rule leaves open, such as the time of day.
type Series struct {
	Rule  Rule
	Start time.Time
	Zone  *time.Location
}

// After yields the occurrences after an instant, in order. COUNT counts from the start of the series, including occurrences that
// were not completed (RFC 5545: it bounds the range of the rule).
func (s Series) After(t time.Time) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		n := 1
		for at := range s.instants(wallclock.Of(s.Start, s.Zone), t) {
			if n++; s.Rule.count > 0 && n > s.Rule.count {
				return
			}
			if at.After(t) && at.After(s.Start) && !yield(at) {
				return
			}
		}
	}
}

// Following returns the occurrence after an instant, and its number in the series. occurrence is an earlier one, with its number:
// COUNT counts from there, including occurrences that were not completed (RFC 5545: it bounds the range of the rule). Without
// COUNT only the occurrences that there were have numbers.
func (s Series) Following(occurrence, after time.Time, number int) (at time.Time, n int, ok bool) {
	most := s.Rule.count
	s.Rule.count = 0
	if most == 0 {
		occurrence = latest(occurrence, after)
	}
	for at := range s.After(occurrence) {
		if number++; most > 0 && number > most {
			break
		}
		if at.After(after) {
			return at, number, true
		}
	}
	return time.Time{}, 0, false
}

// NumberOf returns the number of an occurrence in a series in which none has been moved.
func (s Series) NumberOf(occurrence time.Time) int {
	number := 1
	for at := range s.After(s.Start) {
		if at.After(occurrence) {
			break
		}
		number++
	}
	return number
}

// Recurs reports whether there is any occurrence after the start, ignoring COUNT and UNTIL.
func (s Series) Recurs() bool {
	s.Rule.count, s.Rule.until = 0, until{}
	for range s.After(s.Start) {
		return true
	}
	return false
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// instants yields the occurrences after a start, in order, up to UNTIL. One that a change of the clocks moves to the next day, such
// as 23:59 on the last Saturday of March in Nuuk, is left out if the rule has another on that day. Without COUNT it begins near
// the instant from, so that an old series costs no more than a new one.
func (s Series) instants(start, from time.Time) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		near := start
		if s.Rule.count == 0 {
			near = latest(start, wallclock.Of(from, s.Zone).AddDate(0, 0, -2)) // farther than any clock change
		}
		last := wallclock.At(start, s.Zone)
		emit := func(at time.Time) bool {
			if !at.After(last) {
				return true // two times of a day that a change of the clocks makes one
			}
			last = at
			return yield(at)
		}
		var moved time.Time
		for wall := range s.Rule.walls(start, near, false) {
			at, day := wallclock.At(wall, s.Zone), wallclock.DateOf(wall)
			if s.Rule.until.excludes(wall, at) {
				break
			}
			if !moved.IsZero() && !day.Equal(s.dayOf(moved)) && !emit(moved) {
				return
			}
			moved = time.Time{}
			if s.dayOf(at).After(day) {
				moved = at
			} else if !emit(at) {
				return
			}
		}
		if !moved.IsZero() {
			emit(moved)
		}
	}
}

// dayOf returns the midnight of the day that the clocks of the zone show at an instant.
func (s Series) dayOf(at time.Time) time.Time { return wallclock.DateOf(wallclock.Of(at, s.Zone)) }

func (u until) excludes(wall, at time.Time) bool {
	return !u.instant.IsZero() && at.After(u.instant) || !u.wall.IsZero() && wall.After(u.wall)
}

// The Gregorian calendar repeats every 400 years, the days of the week included. The library searches for the next occurrence up
// to the year 9999, through any number of years; so it gets a year that is 40 to 440 years before that, and its result is moved
// back.
const (
	calendarCycle = 400
	lastYear      = 9999
	firstHorizon  = lastYear - 40
)

// walls yields the rule's wall-clock times after start, beginning with the period of near. The start itself is among them if it is
// asked for and matches the rule.
func (r Rule) walls(start, near time.Time, itself bool) iter.Seq[time.Time] {
	option := r.explicit(start)
	begin := option.periodStart(start, near)
	shift := (firstHorizon - begin.Year()) / calendarCycle * calendarCycle
	if begin.Year()+shift > firstHorizon {
		shift -= calendarCycle
	}
	option.Dtstart = begin.AddDate(shift, 0, 0)
	fraction := time.Duration(start.Nanosecond())
	return func(yield func(time.Time) bool) {
		for wall := range option.walls() {
			wall = wall.AddDate(-shift, 0, 0).Add(fraction)
			if wall.Year() > lastYear {
				return // RFC 3339 ends there
			}
			if (wall.After(start) || itself && wall.Equal(start)) && !yield(wall) {
				return
			}
		}
	}
}

// walls yields all times of the rule.
func (o explicit) walls() iter.Seq[time.Time] {
	if len(o.Byweekno) > 0 {
		weeks := takeWeeks(&o.ROption)
		return weeks.of(o.walls())
	}
	return func(yield func(time.Time) bool) {
		rule, err := rrule.NewRRule(o.ROption)
		if err != nil {
			return // Parse accepts nothing that the library refuses
		}
		next := rule.Iterator()
		for wall, ok := next(); ok && yield(wall); wall, ok = next() {
		}
	}
}

// explicit is a rule that takes nothing from its start.
type explicit struct{ rrule.ROption }

// explicit adds what the rule takes from its start. The library does this too, except for the weekday of BYWEEKNO; and only a
// complete rule can begin elsewhere.
func (r Rule) explicit(start time.Time) explicit {
	o := r.option
	o.Interval = max(o.Interval, 1)
	weekday := []rrule.Weekday{rrule.SU, rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA}[start.Weekday()]
	switch {
	case r.namesDay() || o.Freq == rrule.DAILY:
	case o.Freq == rrule.WEEKLY || len(o.Byweekno) > 0:
		o.Byweekday = []rrule.Weekday{weekday}
	default:
		o.Bymonthday = []int{start.Day()}
		if o.Freq == rrule.YEARLY && len(o.Bymonth) == 0 {
			o.Bymonth = []int{int(start.Month())}
		}
	}
	o.Byweekday = numbered(o)
	if len(o.Byhour) == 0 {
		o.Byhour = []int{start.Hour()}
	}
	if len(o.Byminute) == 0 {
		o.Byminute = []int{start.Minute()}
	}
	if len(o.Bysecond) == 0 {
		o.Bysecond = []int{start.Second()}
	}
	return explicit{o}
}

// namesDay reports whether the rule says on which days of its weeks, months or years it recurs.
func (r Rule) namesDay() bool {
	return len(r.option.Byweekday)+len(r.option.Bymonthday)+len(r.option.Byyearday) > 0
}

// numbered returns the days of BYDAY, all with numbers if one has a number: for "MO,1TU", every Monday and the first Tuesday, the
// library would return only days that match both.
func numbered(o rrule.ROption) []rrule.Weekday {
	plain := func(d rrule.Weekday) bool { return d.N() == 0 }
	if !slices.ContainsFunc(o.Byweekday, plain) || !slices.ContainsFunc(o.Byweekday, func(d rrule.Weekday) bool { return !plain(d) }) {
		return o.Byweekday
	}
	most := 5 // in a month
	if o.Freq == rrule.YEARLY && len(o.Bymonth) == 0 {
		most = 53
	}
	var out []rrule.Weekday
	for _, d := range o.Byweekday {
		if !plain(d) {
			out = append(out, d)
			continue
		}
		for n := range most {
			out = append(out, d.Nth(n+1))
		}
	}
	return out
}

// periodStart returns the beginning of the last period (day, week, month or year, as FREQ says) that INTERVAL
// reaches from start's own and that begins no later than near.
func (o explicit) periodStart(start, near time.Time) time.Time {
	y, m, _ := start.Date()
	day := wallclock.DateOf(start)
	every := func(periods int) int { return max(periods, 0) / o.Interval * o.Interval }
	switch o.Freq {
	case rrule.DAILY:
		return day.AddDate(0, 0, every(wallclock.Days(day, near)))
	case rrule.WEEKLY:
		week := weekStart(start, o.Wkst.Day())
		return week.AddDate(0, 0, 7*every(wallclock.Days(week, near)/7))
	case rrule.MONTHLY:
		months := 12*(near.Year()-y) + int(near.Month()-m)
		return time.Date(y, m+time.Month(every(months)), 1, 0, 0, 0, 0, time.UTC)
	default:
		return time.Date(y+every(near.Year()-y), 1, 1, 0, 0, 0, 0, time.UTC)
	}
}

package quickadd

import (
	"slices"
	"strings"
)

// horizon is how many days a series is searched for its first occurrence.
const horizon = 100 * 366

// maxCount is the greatest COUNT that a task can have.
const maxCount = 10_000

// series resolves the due and the rule of a task that recurs.
func (r resolver) series(m meaning, result *Result) bool {
	rule := m.rule
	start, ok := r.start(rule, m)
	if !ok {
		return false
	}
	first, ok := r.first(rule, start, m.time)
	if !ok || m.time != nil && m.time.form == midnightTime && rule.dated() {
		return false // midnight is on the day after those that the rule names
	}
	if !r.due(first, m.time, result) {
		return false
	}
	until, ok := r.until(m, start, first)
	if !ok {
		return false
	}
	count, ok := rule.count(first, m.span)
	if !ok || count > 0 && until != "" {
		return false
	}
	result.RRule = rule.text(count, until)
	if rule.completion {
		result.Mode = ModeCompletion
	}
	return true
}

// start returns the first day that was named for a series, or nil. A day that was named without a word such as "starting"
// belongs to the rule if that leaves it open ("on the 15th every 2 months"); else it must be one of the rule's.
func (r resolver) start(rule *rule, m meaning) (*day, bool) {
	var open []dayWord
	for _, d := range m.days {
		switch named := d.form == fixedDay || d.form == yearDay; {
		case rule.take(d):
			if m.end != nil {
				return nil, false // "every year 24-26 december"
			}
		case !named && !rule.dated():
			return nil, false // "every month on friday"
		default:
			open = append(open, d)
		}
	}
	if m.time != nil && m.time.today {
		open = append(open, dayWord{form: fixedDay, fixed: r.today, weekday: -1})
	}
	var start *day
	if m.start != nil {
		d, ok := m.start.resolve(r.today)
		if !ok {
			return nil, false
		}
		start = &d
	}
	if len(open) > 0 {
		d, ok := r.oneDay(open)
		if !ok || !rule.matches(d) || start != nil && *start != d {
			return nil, false
		}
		start = &d
	}
	return start, true
}

// take makes a named day a part of the rule.
func (r *rule) take(d dayWord) bool {
	switch {
	case r.dated() || d.form != weekday && d.weekday >= 0:
		return false
	case r.freq == "WEEKLY" && d.form == weekday:
		r.weekdays = []nthWeekday{{0, d.weekday}}
	case r.freq == "MONTHLY" && d.form == monthDay:
		r.monthDays = []int{d.dom}
	case r.freq == "YEARLY" && d.form == yearDay:
		r.months, r.monthDays = []int{d.month}, []int{d.dom}
	default:
		return false
	}
	return true
}

// first returns the first day of a series that is not past and not before its start.
func (r resolver) first(rule *rule, start *day, t *timeWord) (day, bool) {
	from := r.today
	if start != nil {
		from = *start
	}
	last := from + horizon
	begin := from
	for !rule.matches(begin) || start == nil && r.past(begin, t) {
		if begin++; begin > last {
			return 0, false
		}
	}
	d := begin
	for r.past(d, t) || !rule.recurs(begin, d) {
		if d++; d > last {
			return 0, false
		}
	}
	year, _, _ := d.date()
	return d, year <= 9999
}

// until returns the UNTIL of a series, which must not be before its first occurrence.
func (r resolver) until(m meaning, start *day, first day) (string, bool) {
	word := m.until
	if m.end != nil {
		if word != nil {
			return "", false
		}
		word = m.end
	}
	if word == nil {
		return "", true
	}
	from := r.today
	if start != nil && word.form != fixedDay {
		from = max(from, *start)
	}
	d, ok := word.resolve(from)
	if m.time != nil && m.time.form == midnightTime {
		first++
	}
	return strings.ReplaceAll(d.String(), "-", ""), ok && d >= first
}

// count returns the number of occurrences in a span that begins with the first of them.
func (r *rule) count(first day, s *span) (int, bool) {
	if s == nil {
		return 0, true
	}
	if s.unit == "" {
		return s.n, s.n <= maxCount
	}
	end, ok := first.add(s.n, s.unit)
	if !ok || end > first+horizon {
		return 0, false
	}
	n := 0
	for d := first; d < end; d++ {
		if r.recurs(first, d) {
			n++
		}
	}
	return n, n <= maxCount
}

// matches reports whether the rule's days include a day. One without days matches each.
func (r *rule) matches(d day) bool {
	year, month, dom := d.date()
	length := monthLength(year, month)
	if len(r.months) > 0 && !slices.Contains(r.months, month) {
		return false
	}
	if len(r.monthDays) > 0 && !slices.Contains(r.monthDays, dom) && !slices.Contains(r.monthDays, dom-length-1) {
		return false
	}
	if len(r.weekdays) == 0 {
		return true
	}
	wd := d.weekday()
	is := slices.ContainsFunc(r.weekdays, func(n nthWeekday) bool {
		return n.weekday == wd && (n.nth == 0 || n.nth == (dom-1)/7+1 || n.nth == -((length-dom)/7+1))
	})
	if r.setPos == 0 || !is {
		return is
	}
	// Its position among the month's days of the rule.
	from, to := 1, dom
	if r.setPos < 0 {
		from, to = dom, length
	}
	position := 0
	for other := from; other <= to; other++ {
		wd := (d + day(other-dom)).weekday()
		if slices.ContainsFunc(r.weekdays, func(n nthWeekday) bool { return n.weekday == wd }) {
			position++
		}
	}
	return position == max(r.setPos, -r.setPos)
}

// recurs reports whether a series that began with one day has an occurrence on another.
func (r *rule) recurs(begin, d day) bool {
	if !r.matches(d) {
		return false
	}
	y1, m1, d1 := begin.date()
	y2, m2, d2 := d.date()
	switch r.freq {
	case "DAILY":
		return int(d-begin)%r.interval == 0
	case "WEEKLY":
		weeks := int(d-day(d.weekday())-begin+day(begin.weekday())) / 7
		return weeks%r.interval == 0 && (r.dated() || d.weekday() == begin.weekday())
	case "MONTHLY":
		return ((y2-y1)*12+m2-m1)%r.interval == 0 && (r.dated() || d1 == d2)
	default:
		return (y2-y1)%r.interval == 0 && (r.dated() || m1 == m2 && d1 == d2)
	}
}

package quickadd

import (
	"slices"
	"strings"
)

// readRule reads a repetition: "every 2 weeks on tuesday", "mondays and thursdays", "the last friday of every month".
func (p *phrase) readRule(i int) (atom, bool) {
	a := atom{from: i, kind: Repeat}
	r, k, ok := rule{}, 0, false
	switch w := p.word(i, i); {
	case oneOf(w, "every", "every!", "each"):
		r, k, ok = p.every(i, i+1)
		r.completion = w == "every!"
	default:
		if r, k, ok = p.plural(i); !ok {
			r, k, ok = p.ofEveryMonth(i)
		}
	}
	if !ok {
		return a, false
	}
	a.rule, a.to = &r, k
	return a, true
}

// readAdverb reads "daily" or "monthly on the 15th". An adverb amid other words is one of theirs: "the weekly report". "Twice daily" is
// no rule.
func (p *phrase) readAdverb(i int) (atom, bool) {
	adverb, ok := words.Adverbs[p.word(i, i)]
	if !ok || oneOf(p.before(i), "twice", "times") {
		return atom{}, false
	}
	r, k := p.on(i, i+1, rule{freq: adverb.freq, interval: adverb.interval})
	a := atom{from: i, to: k, kind: Repeat, rule: &r}
	if k == i+1 {
		a.needs = needNearDue | needEnd | needBeginning
	}
	return a, true
}

// every reads what follows "every".
func (p *phrase) every(i, j int) (rule, int, bool) {
	for _, read := range []func(int, int) (rule, int, bool){
		p.everyOther, p.everyNumber, p.everyYearDay, p.everyOrdinal, p.everyWeekday, p.everyUnit, p.everyPartOfDay,
	} {
		if r, k, ok := read(i, j); ok {
			return r, k, true
		}
	}
	return rule{}, 0, false
}

// everyOther reads "other day", "other weekend" and "other tuesday and friday".
func (p *phrase) everyOther(i, j int) (rule, int, bool) {
	if p.word(i, j) != "other" {
		return rule{}, 0, false
	}
	if u, ok := words.Units[p.word(i, j+1)]; ok {
		return p.ofUnit(i, j+2, 2, u)
	}
	if oneOf(p.word(i, j+1), "weekday", "workday") {
		return rule{}, 0, false // every second weekday is no rule
	}
	weekdays, k := p.weekdays(i, j+1)
	return weekly(2, weekdays), k, len(weekdays) > 0
}

// everyNumber reads "3 days" and "two weeks on friday".
func (p *phrase) everyNumber(i, j int) (rule, int, bool) {
	n, ok := number(p.word(i, j))
	u, unit := words.Units[p.word(i, j+1)]
	if !ok || !unit || oneOf(p.word(i, j), "a", "an") {
		return rule{}, 0, false
	}
	return p.ofUnit(i, j+2, n, u)
}

// everyUnit reads "day" and "month on the 31st".
func (p *phrase) everyUnit(i, j int) (rule, int, bool) {
	u, ok := words.Units[p.word(i, j)]
	if !ok || p.word(i, j) != string(u) {
		return rule{}, 0, false
	}
	return p.ofUnit(i, j+1, 1, u)
}

func (p *phrase) ofUnit(i, k, n int, u unit) (rule, int, bool) {
	freq, factor := u.calendar()
	if freq == "" || n*factor > maxInterval {
		return rule{}, 0, false
	}
	r, k := p.on(i, k, rule{freq: freq, interval: n * factor})
	return r, k, true
}

// everyYearDay reads "april 15", "4th of july" and "24/12".
func (p *phrase) everyYearDay(i, j int) (rule, int, bool) {
	d, k, ok := p.date(i, j)
	if !ok || d.form != yearDay {
		if d, k, ok = p.numericDate(i, j); !ok || d.form != yearDay {
			return rule{}, 0, false
		}
	}
	return rule{freq: "YEARLY", interval: 1, months: []int{d.month}, monthDays: []int{d.dom}}, k, true
}

// everyOrdinal reads "3rd day", "1st and 15th", "last friday", "first monday of the month" and "last workday of the month".
// An ordinal counts days, weeks, months and years from one to the next, but all else within the month.
func (p *phrase) everyOrdinal(i, j int) (rule, int, bool) {
	if r, k, ok := p.inNamedMonth(i, p.skip(i, j, "the")); ok {
		return r, k, true
	}
	if r, k, ok := p.inMonth(i, p.skip(i, j, "the")); ok {
		after, monthNamed := p.ofMonth(i, k, "the", "a")
		if monthNamed || p.word(i, k-1) != "day" || r.monthDays[0] < 0 {
			r.freq, r.interval = "MONTHLY", 1
			return r, after, true
		}
	}
	n, ok := ordinal(p.word(i, j))
	u, unit := words.Units[p.word(i, j+1)]
	if !ok || n < 1 || !unit || p.word(i, j+1) != string(u) {
		return rule{}, 0, false
	}
	return p.ofUnit(i, j+2, n, u)
}

// inNamedMonth reads "last friday of december".
func (p *phrase) inNamedMonth(i, j int) (rule, int, bool) {
	r, k, ok := p.inMonth(i, j)
	month, named := words.Months[p.word(i, k+1)]
	if !ok || !named || !oneOf(p.word(i, k), "of", "in") {
		return r, 0, false
	}
	r.freq, r.interval, r.months = "YEARLY", 1, []int{month}
	return r, k + 2, true
}

// ofMonth reads "of the month" with one of the given articles.
func (p *phrase) ofMonth(i, k int, articles ...string) (int, bool) {
	if p.word(i, k) == "of" && oneOf(p.word(i, k+1), articles...) && p.word(i, k+2) == "month" {
		return k + 3, true
	}
	return k, false
}

// ofEveryMonth reads "on the last friday of every month", "the 1st of each month", and "the 1st and 15th of the month", which recur.
func (p *phrase) ofEveryMonth(i int) (rule, int, bool) {
	r, k, ok := p.inMonth(i, p.skip(i, p.skip(i, i, "on", "by"), "the"))
	if !ok {
		return r, 0, false
	}
	r.freq, r.interval = "MONTHLY", 1
	if after, ok := p.ofMonth(i, k, "every", "each"); ok {
		return r, after, true
	}
	if after, ok := p.ofMonth(i, k, "the"); ok && r.several() {
		return r, after, true
	}
	if p.word(i, k) == "of" && p.word(i, k+1) == "every" && p.word(i, k+2) == "other" && p.word(i, k+3) == "month" {
		r.interval = 2
		return r, k + 4, true
	}
	return r, 0, false
}

// inMonth reads days of a month: "31st", "1st and 15th", "last day", "third friday", "1st and 3rd monday", "last workday".
func (p *phrase) inMonth(i, j int) (r rule, k int, ok bool) {
	var nths []int
	numbered := true
	for k = j; ; {
		n, ok := ordinal(p.listed(i, k))
		if !ok {
			return r, 0, false
		}
		_, isNumber := numberedOrdinal(p.listed(i, k))
		numbered = numbered && isNumber
		nths = append(nths, n)
		k++
		next := p.skip(i, k, "and", "&")
		joined := next > k || p.tokens[k-1].trail == ","
		next = p.skip(i, next, "the")
		if _, more := ordinal(p.listed(i, next)); !more || !joined {
			break
		}
		k = next
	}
	w := p.word(i, k)
	wd, isWeekday := words.Weekdays[w]
	switch {
	case isWeekday:
		for _, n := range nths {
			if n > 5 {
				return r, 0, false
			}
			r.weekdays = append(r.weekdays, nthWeekday{n, wd})
		}
		return r, k + 1, true
	case oneOf(w, "workday", "weekday"):
		for wd := range 5 {
			r.weekdays = append(r.weekdays, nthWeekday{0, wd})
		}
		r.setPos = nths[0]
		return r, k + 1, len(nths) == 1 && nths[0] <= 20
	case w == "day":
		r.monthDays, k = nths, k+1
	case numbered:
		if _, isUnit := words.Units[w]; isUnit {
			return r, 0, false
		}
		r.monthDays = nths
	default:
		return r, 0, false
	}
	slices.SortFunc(r.monthDays, func(a, b int) int { return (a+32)%32 - (b+32)%32 })
	r.monthDays = slices.Compact(r.monthDays)
	return r, k, slices.Max(r.monthDays) <= 31
}

// everyWeekday reads "friday", "mon, wed and fri", "weekday", "weekend" and "monday to friday".
func (p *phrase) everyWeekday(i, j int) (rule, int, bool) {
	weekdays, k := p.weekdays(i, j)
	return weekly(1, weekdays), k, len(weekdays) > 0
}

// plural reads "mondays and thursdays", "on weekdays" and "monday mornings".
func (p *phrase) plural(i int) (rule, int, bool) {
	j := p.skip(i, i, "on")
	w := p.word(i, j)
	if weekdays, k, ok := p.weekdayItem(i, j); ok && p.word(i, k) != "" {
		part, plural := strings.CutSuffix(p.word(i, k), "s")
		if clock, ok := words.Times[part]; ok && plural {
			r := weekly(1, weekdays)
			r.time = &timeWord{hour: clock[0], minute: clock[1], form: partOfDay, part: part}
			return r, k + 1, true
		}
	}
	if _, ok := words.WeekdayPlurals[w]; !ok && !oneOf(w, "weekdays", "weekends", "workdays") {
		return rule{}, 0, false
	}
	weekdays, k := p.weekdays(i, j)
	return weekly(1, weekdays), k, true
}

// everyPartOfDay reads "morning" and "night".
func (p *phrase) everyPartOfDay(i, j int) (rule, int, bool) {
	w := p.word(i, j)
	clock, ok := words.Times[w]
	if !ok {
		return rule{}, 0, false
	}
	t := timeWord{hour: clock[0], minute: clock[1], form: partOfDay, part: w}
	if oneOf(w, "noon", "midday") {
		t.form, t.part = exactTime, ""
	}
	return rule{freq: "DAILY", interval: 1, time: &t}, j + 1, true
}

// on reads the days of a rule after its frequency: "on tuesday", "on the 31st", "on 5 may".
func (p *phrase) on(i, k int, r rule) (rule, int) {
	if p.word(i, k) != "on" {
		return r, k
	}
	switch r.freq {
	case "WEEKLY":
		if weekdays, after := p.weekdays(i, k+1); len(weekdays) > 0 {
			return weekly(r.interval, weekdays), after
		}
	case "MONTHLY":
		if days, after, ok := p.inMonth(i, p.skip(i, k+1, "the")); ok {
			days.freq, days.interval = r.freq, r.interval
			after, _ = p.ofMonth(i, after, "the", "each", "every")
			return days, after
		}
	case "YEARLY":
		d, after, ok := p.date(i, k+1)
		if !ok {
			d, after, ok = p.numericDate(i, k+1)
		}
		if ok && d.form == yearDay {
			r.months, r.monthDays = []int{d.month}, []int{d.dom}
			return r, after
		}
		if days, after, ok := p.inNamedMonth(i, p.skip(i, k+1, "the")); ok {
			days.interval = r.interval
			return days, after
		}
	}
	return r, k
}

// maxInterval is the greatest INTERVAL that a task can have.
const maxInterval = 1000

package quickadd

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	isoDate     = regexp.MustCompile(`^([0-9]{4})-([0-9]{2})-([0-9]{2})$`)
	slashedDate = regexp.MustCompile(`^([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?$`)
	dottedDate  = regexp.MustCompile(`^([0-9]{1,2})\.([0-9]{1,2})(?:\.([0-9]{4}|[0-9]{2}))?$`)
	dayNumber   = regexp.MustCompile(`^([0-9]{1,2})(?:st|nd|rd|th)?$`)
	yearNumber  = regexp.MustCompile(`^20[0-9]{2}$`)
	dayRange    = regexp.MustCompile(`^([0-9]{1,2})[-–—]([0-9]{1,2})$`)
)

// readDay reads a day or a range of days that is due: "by friday", "on the 15th", "1-5 december".
func (p *phrase) readDay(i int) (atom, bool) {
	j := p.skip(i, i, "due")
	j = p.skip(i, j, "on", "by", "for")
	if _, _, ok := p.endOf(i, j+1); ok {
		j = p.skip(i, j, "at")
	}
	a, ok := p.dayAtom(i, j)
	a.blocked = p.blocked(i)
	return a, ok && (j > i || !p.blockedWeekday(i))
}

// dayAtom reads the day or range of days at j for an atom that begins at i, with a preposition if j > i.
func (p *phrase) dayAtom(i, j int) (atom, bool) {
	if a, ok := p.daysOfMonth(i, j); ok {
		return a, true
	}
	d, k, needs, ok := p.day(i, j)
	if j > i {
		needs &^= needEnd | needBeginning | needNearDue
	}
	if !ok {
		d, k, needs, ok = p.numericDateAmid(i, p.skip(i, j, "the"))
	}
	if !ok {
		return atom{}, false
	}
	a := atom{from: i, to: k, kind: Due, day: &d, needs: needs}
	if c := p.skip(i, k, untilWords...); c > k {
		if end, k, needs, ok := p.day(i, c); ok && needs&^(needEnd|needBeginning) == needNothing {
			a.end, a.to = &end, k
		}
	}
	return a, true
}

// untilWords are the words between the ends of a range of days.
var untilWords = []string{"-", "–", "—", "to", "until", "till", "through"}

// daysOfMonth reads two days that name their month together: "5 to 7 december" and "dec 5-7", or what no task can be: "5 and 7 december",
// "28 to 3 january".
func (p *phrase) daysOfMonth(i, j int) (atom, bool) {
	month, monthFirst := words.Months[p.word(i, j)]
	k := j
	if monthFirst {
		k++
	}
	k = p.skip(i, k, "the")
	first, last, another := 0, 0, false
	if m := dayRange.FindStringSubmatch(p.word(i, k)); m != nil {
		first, last, k = atoi(m[1]), atoi(m[2]), k+1
	} else {
		from, ok := dayOfMonth(p.word(i, k))
		next := p.skip(i, k+1, untilWords...)
		if next == k+1 {
			next = p.skip(i, next, "and", "or", "&")
			another = true
		}
		end := p.skip(i, next, "the")
		to, isDay := dayOfMonth(p.word(i, end))
		if !ok || next == k+1 || !isDay || monthFirst && p.word(i, end+1) != "" {
			return atom{}, false // "december 5 to 7 guests"
		}
		first, last, k = from, to, end+1
	}
	if !monthFirst {
		k = p.skip(i, k, "of")
		month = words.Months[p.word(i, k)]
		k++
	}
	end, k, ok := p.withYear(i, k, month, last)
	if !ok || first < 1 {
		return atom{}, false
	}
	another = another || first >= last
	start := end
	start.dom = first
	start.fixed -= day(last - first)
	return atom{from: i, to: k, kind: Due, day: &start, end: &end, another: another}, true
}

// day reads one day at j, and returns the index after it.
func (p *phrase) day(i, j int) (d dayWord, k int, needs need, ok bool) {
	for _, read := range []func(int, int) (dayWord, int, bool){
		p.relativeDay, p.nextDay, p.endOf, p.dateOfNextMonth, p.dayOfTheMonth, p.date, p.weekdayAndDate, p.weekdayRange,
	} {
		if d, k, ok := read(i, j); ok {
			return d, k, needNothing, true
		}
	}
	if d, k, needs, ok := p.loneWeekday(i, j); ok {
		return d, k, needs, true
	}
	if d, k, needs, ok := p.loneOrdinal(i, j); ok {
		return d, k, needs, true
	}
	d, k, ok = p.numericDate(i, p.skip(i, j, "the"))
	return d, k, needNothing, ok
}

func (p *phrase) fixed(d day, ok bool, k int) (dayWord, int, bool) {
	return dayWord{form: fixedDay, fixed: d, weekday: -1}, k, ok
}

// date reads a date that names its month: "2026-12-24", "24 december 2026", "dec 24th", "the 24th of december".
func (p *phrase) date(i, j int) (dayWord, int, bool) {
	w := p.word(i, j)
	if m := isoDate.FindStringSubmatch(w); m != nil {
		d, ok := dateOf(atoi(m[1]), atoi(m[2]), atoi(m[3]))
		return p.fixed(d, ok, j+1)
	}
	if month, ok := words.Months[w]; ok {
		k := p.skip(i, j+1, "the")
		dom, ok := dayOfMonth(p.word(i, k))
		if !ok {
			return dayWord{}, 0, false
		}
		return p.withYear(i, k+1, month, dom)
	}
	k := p.skip(i, j, "the")
	dom, ok := dayOfMonth(p.word(i, k))
	if !ok {
		dom, ok = words.Ordinals[p.word(i, k)]
	}
	k = p.skip(i, k+1, "of")
	month, named := words.Months[p.word(i, k)]
	if !ok || !named {
		return dayWord{}, 0, false
	}
	return p.withYear(i, k+1, month, dom)
}

// dayOfMonth reads 24 and 24th.
func dayOfMonth(w string) (int, bool) {
	if m := dayNumber.FindStringSubmatch(w); m != nil {
		return atoi(m[1]), true
	}
	return 0, false
}

// withYear reads the year of a date, if it is there; a comma may stand before it: "dec 24, 2026".
func (p *phrase) withYear(i, k, month, dom int) (dayWord, int, bool) {
	w := p.listed(i, k)
	if yearNumber.MatchString(w) {
		d, ok := dateOf(atoi(w), month, dom)
		return p.fixed(d, ok, k+1)
	}
	return yearless(month, dom, k)
}

// yearless is a date that is the next such one.
func yearless(month, dom, k int) (dayWord, int, bool) {
	_, ok := dateOf(2000, month, dom)
	return dayWord{form: yearDay, month: month, dom: dom, weekday: -1}, k, ok
}

// weekdayAndDate reads "friday, 27 november", "friday the 27th" and "friday, the 27/11": a date that names its weekday too.
func (p *phrase) weekdayAndDate(i, j int) (dayWord, int, bool) {
	wd, ok := words.Weekdays[p.word(i, j)]
	if !ok || j+1 >= len(p.tokens) || p.tokens[j].trail != "" && p.tokens[j].trail != "," {
		return dayWord{}, 0, false
	}
	d, k, ok := p.date(j+1, j+1)
	the := p.skip(j+1, j+1, "the")
	if !ok && the > j+1 {
		d, k, _, ok = p.loneOrdinal(j+1, j+1)
	}
	if !ok {
		d, k, ok = p.numericDate(j+1, the)
	}
	d.weekday = wd
	return d, k, ok
}

// weekdayRange reads "mon-wed": a range in one word, which counts by its start.
func (p *phrase) weekdayRange(i, j int) (dayWord, int, bool) {
	from, _, ok := weekdaysIn(p.word(i, j))
	return dayWord{form: weekday, weekday: from}, j + 1, ok
}

var weekdayPair = regexp.MustCompile(`^([a-z]+)[-–—]([a-z]+)$`)

// weekdaysIn reads "mon-fri".
func weekdaysIn(w string) (from, to int, ok bool) {
	m := weekdayPair.FindStringSubmatch(w)
	if m == nil {
		return 0, 0, false
	}
	from, ok = words.Weekdays[m[1]]
	to, last := words.Weekdays[m[2]]
	return from, to, ok && last
}

// loneWeekday reads "friday". "sun" and "sat" are common words, and need a due beside them or the end of the text.
func (p *phrase) loneWeekday(i, j int) (dayWord, int, need, bool) {
	w := p.word(i, j)
	wd, ok := words.Weekdays[w]
	if p.word(i, j+1) == "week" || p.word(i, j+1) == "after" && p.word(i, j+2) == "next" {
		return dayWord{}, 0, needNothing, false // the one a week later
	}
	needs := needNothing
	if ok && oneOf(w, words.WeekdaysThatAreWords...) && !p.amongWeekdays(j) {
		needs = needNearDue
		if p.before(j) != "the" {
			needs |= needEnd
		}
	}
	return dayWord{form: weekday, weekday: wd}, j + 1, needs, ok
}

// amongWeekdays reports whether "and" or "or" joins the word to the name of a day: "sat and sun".
func (p *phrase) amongWeekdays(j int) bool {
	and := func(w string) bool { return oneOf(w, "and", "or", "&") }
	_, after := words.Weekdays[p.word(j, j+2)]
	if after && and(p.word(j, j+1)) {
		return true
	}
	if j < 2 || !and(p.before(j)) {
		return false
	}
	_, before := words.Weekdays[p.before(j-1)]
	return before
}

// loneOrdinal reads "the 15th", and "15th" where nothing follows that it could count.
func (p *phrase) loneOrdinal(i, j int) (dayWord, int, need, bool) {
	k := p.skip(i, j, "the")
	dom, ok := numberedOrdinal(p.word(i, k))
	needs := needEnd
	if k < len(p.tokens) && p.tokens[k].trail != "" {
		needs |= needBeginning // "15th: call the bank"
	}
	return dayWord{form: monthDay, dom: dom, weekday: -1}, k + 1, needs, ok && dom <= 31
}

// numericDate reads 24/12 and 24.12., which may be fractions, scores or versions: they count at the very end of the text,
// and right after a word that a date follows.
func (p *phrase) numericDate(i, j int) (dayWord, int, bool) {
	d, k, ok := p.figures(i, j)
	if !ok {
		return d, k, false
	}
	follows := oneOf(p.before(j), "on", "by", "due", "until", "till", "from", "starting") ||
		j > i && oneOf(p.before(j), "to", "through", "-", "–", "—") || // the end of a range
		p.afterWeekday(j) && (p.before(j) == "the" || !strings.Contains(p.word(i, j), "/"))
	if c := p.skip(i, j+1, untilWords...); c > j+1 && c+1 == len(p.tokens) {
		follows = follows || slashedDate.MatchString(p.word(i, c)) // "sale 1/12 - 24/12"
	}
	return d, k, follows || j+1 == len(p.tokens)
}

// numericDateAmid reads such a date where other parts follow. With its year it is a date if nothing else follows them. 24.12. may be a
// version all the same, and is a date if it would be the only one: "Zahnarzt 24.12. um 9 Uhr". 24/12 is none: it may be a fraction.
func (p *phrase) numericDateAmid(i, j int) (d dayWord, k int, needs need, ok bool) {
	d, k, ok = p.figures(i, j)
	if d.form != yearDay {
		return d, k, needEnd, ok
	}
	return d, k, needTimeBehind, ok && !strings.Contains(p.word(i, j), "/")
}

// figures reads 24/12, 24/12/2026, 24.12. and 24.12.2026.
func (p *phrase) figures(i, j int) (dayWord, int, bool) {
	w := p.word(i, j)
	m := slashedDate.FindStringSubmatch(w)
	american := p.locale == "en-US"
	if m == nil {
		american = false
		// Without a year it ends with a point: 24.12 is a number.
		if m = dottedDate.FindStringSubmatch(w); m == nil || m[3] == "" && !strings.HasPrefix(p.tokens[j].trail, ".") {
			return dayWord{}, 0, false
		}
	}
	dom, month := atoi(m[1]), atoi(m[2])
	if american {
		dom, month = month, dom
	}
	if m[3] == "" {
		return yearless(month, dom, j+1)
	}
	year := atoi(m[3])
	if len(m[3]) == 2 {
		year += 2000
	}
	d, ok := dateOf(year, month, dom)
	return p.fixed(d, ok, j+1)
}

// afterWeekday reports whether the name of a day, and perhaps "the", is before a date.
func (p *phrase) afterWeekday(j int) bool {
	if p.before(j) == "the" {
		j--
	}
	if j == 0 || !oneOf(p.tokens[j-1].trail, "", ",") {
		return false
	}
	_, ok := words.Weekdays[p.tokens[j-1].word]
	return ok
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

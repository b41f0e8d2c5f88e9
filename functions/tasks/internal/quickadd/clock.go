package quickadd

import (
	"cmp"
	"regexp"
	"strings"
)

// readTime reads a time of day or a range of times, which counts by its start: "at 5pm", "this evening", "2-4pm".
func (p *phrase) readTime(i int) (atom, bool) {
	if a, ok := p.dayPart(i); ok {
		a.blocked = p.blocked(i)
		return a, true
	}
	j := p.skip(i, i, "due")
	j = p.skip(i, p.skip(i, j, "starting"), "at", "by", "from", "between")
	at := j > i && p.tokens[j-1].word == "at"
	t, k, needs, ok := p.times(i, j, at)
	if j > i {
		needs = needNothing
	}
	return atom{from: i, to: k, kind: Due, time: &t, needs: needs, blocked: p.blocked(i)}, ok
}

// dayPart reads "this evening", "in the morning", "at night", "tonight", "eod", and a bare "morning" after a day.
func (p *phrase) dayPart(i int) (atom, bool) {
	a := atom{from: i, kind: Due}
	j := p.skip(i, i, "due")
	if k := p.skip(i, j, "by"); true {
		t := timeWord{hour: 17, form: exactTime, weakToday: true}
		end := p.skip(i, k, "the")
		switch {
		case p.word(i, k) == "tonight":
			a.time, a.to = &timeWord{hour: 20, form: partOfDay, part: "night", today: true}, k+1
			return a, true
		case p.word(i, k) == "eod":
			a.time, a.to = &t, k+1
			return a, true
		case p.word(i, end) == "end" && p.word(i, end+1) == "of":
			day := p.skip(i, end+2, "the")
			if p.word(i, day) == "day" {
				a.time, a.to = &t, day+1
				return a, true
			}
		}
	}
	t := timeWord{form: partOfDay}
	k := j
	switch w := p.word(i, j); {
	case w == "this":
		k, t.today = j+1, true
	case w == "in" && p.word(i, j+1) == "the":
		k = j + 2
	case w == "at" && p.word(i, j+1) == "night":
		k, t.part = j+1, atNight
	default:
		a.needs = needAfterDue
	}
	said := p.word(i, k)
	clock, ok := words.Times[said]
	if !ok || oneOf(said, "noon", "midday") {
		return a, false
	}
	t.part = cmp.Or(t.part, said)
	t.hour, t.minute = clock[0], clock[1]
	a.time, a.to = &t, k+1
	return a, true
}

// times reads a time or the start of a range of times at j.
func (p *phrase) times(i, j int, at bool) (t timeWord, k int, needs need, ok bool) {
	if t, k, ok = p.spacedRange(i, j); ok {
		return t, k, needNothing, true
	}
	if t, k, needs, ok = p.time(i, j, at); !ok {
		return t, k, needs, false
	}
	if c := p.skip(i, k, p.rangeWords(i, j)...); c > k {
		if _, end, _, ok := p.time(i, c, false); ok {
			return t, end, needNothing, true
		}
	}
	return t, k, needs, true
}

// rangeWords are the words between the ends of a range of times. "8am and 8pm" is none.
func (p *phrase) rangeWords(i, j int) []string {
	if j > i && p.tokens[j-1].word == "between" {
		return []string{"and"}
	}
	return []string{"-", "–", "—", "to", "until", "till"}
}

// time reads one time. A bare hour counts after "at" only.
func (p *phrase) time(i, j int, at bool) (t timeWord, k int, needs need, ok bool) {
	w := p.word(i, j)
	if w == "12" && oneOf(p.word(i, j+1), "noon", "midday", "midnight") {
		return p.time(i, j+1, at)
	}
	if w == "a" && p.word(i, j+1) == "quarter" {
		return p.time(i, j+1, at)
	}
	switch w {
	case "noon", "midday":
		return timeWord{hour: 12, form: exactTime}, j + 1, needNearDue | needEnd | needBeginning, true
	case "midnight":
		return timeWord{form: midnightTime}, j + 1, needNearDue | needEnd | needBeginning, true
	case "half", "quarter":
		return p.spoken(i, j, w)
	}
	if at && oneOf(p.word(i, j+1), "past", "to") {
		hour, isNumber := number(p.word(i, j+2))
		if t, k, needs, ok = p.spoken(i, j, w); ok || isNumber && hour <= 12 {
			return t, k, needs, ok
		}
	}
	if from, to, found := cutRange(w); found {
		half, k := p.half(i, j+1)
		if half != "" {
			to += half
		}
		t, ok = rangeStart(from, to, at)
		return t, k, needNothing, ok
	}
	k = j + 1
	c, ok := clockOf(w)
	if !ok {
		if c, k, ok = p.spelled(i, j); !ok {
			return t, 0, 0, false
		}
	}
	if c.half == "" && !c.h {
		c.half, k = p.half(i, k)
	}
	if c.bare && c.half == "" && oneOf(p.word(i, k), "o'clock", "o’clock") {
		t, ok = c.time()
		return t, k + 1, needNothing, ok
	}
	if c.bare && c.half == "" && !at && !p.inTheDayPart(i, k) {
		return t, 0, 0, false
	}
	t, ok = c.time()
	return t, k, p.timeNeeds(c, w), ok
}

// spelled reads an hour in letters, and the minutes after it: "five", "five thirty".
func (p *phrase) spelled(i, j int) (c clock, k int, ok bool) {
	w := p.word(i, j)
	if c.hour = words.Numbers[w]; c.hour == 0 || oneOf(w, "a", "an") {
		return c, 0, false
	}
	c.bare = true
	if n := words.Numbers[p.word(i, j+1)]; n >= 10 && n < 60 && n%5 == 0 {
		c.minute = n
		return c, j + 2, true
	}
	return c, j + 1, true
}

// timeNeeds returns what a time needs that may be a number or a duration: "12.50", "2h". Both are titles where they do
// not look like a time.
func (p *phrase) timeNeeds(c clock, w string) need {
	switch {
	case c.half != "":
		return needNothing
	case c.dotted && len(w) == len("17.00"):
		return needNearDue | needEnd | needBeginning
	case c.dotted:
		return needNearDue
	case c.h && c.hour < 13 && w[0] != '0':
		return needAfterDueAtEnd
	}
	return needNothing
}

// half reads am, pm, a.m. or p.m. at k.
func (p *phrase) half(i, k int) (string, int) {
	switch p.word(i, k) {
	case "am", "a.m":
		return "a", k + 1
	case "pm", "p.m":
		return "p", k + 1
	}
	return "", k
}

// inTheDayPart reports whether "in the evening" or "at night" follows, which makes a number an hour.
func (p *phrase) inTheDayPart(i, k int) bool {
	if p.word(i, k) == "at" && p.word(i, k+1) == "night" {
		return true
	}
	_, ok := words.Times[p.word(i, k+2)]
	return ok && p.word(i, k) == "in" && p.word(i, k+1) == "the"
}

// spoken reads "half past five", "quarter to six" and "ten past 8".
func (p *phrase) spoken(i, j int, w string) (t timeWord, k int, needs need, ok bool) {
	direction := p.word(i, j+1)
	minutes, ok := words.SpokenMinutes[w]
	switch {
	case !ok || !oneOf(direction, "past", "to") || w == "half" && direction == "to":
		return t, 0, 0, false
	case direction == "to" && digits.MatchString(w):
		return t, 0, 0, false // "at 10 to 12" may be a range
	case direction == "to":
		minutes = -minutes
	}
	if t, k, ok = p.spokenHour(i, j+2); !ok {
		return t, 0, 0, false
	}
	if t.form == midnightTime && minutes < 0 {
		t.form = exactTime // of the day before midnight's
	}
	total := (t.hour*60 + minutes + 24*60) % (24 * 60)
	t.hour, t.minute = total/60, total%60
	return t, k, needNothing, true
}

// spokenHour reads the hour of "half past five", "quarter to 6pm" and "ten past midnight".
func (p *phrase) spokenHour(i, j int) (t timeWord, k int, ok bool) {
	w := p.word(i, j)
	switch w {
	case "noon", "midday":
		return timeWord{hour: 12, form: exactTime}, j + 1, true
	case "midnight":
		return timeWord{form: midnightTime}, j + 1, true
	}
	c, isClock := clockOf(w)
	if !isClock {
		if c.hour = words.Numbers[w]; oneOf(w, "a", "an") {
			return t, 0, false
		}
		c.bare = true
	}
	k = j + 1
	if c.half == "" {
		c.half, k = p.half(i, k)
	}
	t, ok = c.time()
	return t, k, ok && c.bare
}

// spacedRange reads "2 to 4pm", where the first hour is bare.
func (p *phrase) spacedRange(i, j int) (t timeWord, k int, ok bool) {
	from, isClock := clockOf(p.word(i, j))
	c := p.skip(i, j+1, p.rangeWords(i, j)...)
	if !isClock || from.half != "" || from.h || c == j+1 {
		return t, 0, false
	}
	to := p.word(i, c)
	half, k := p.half(i, c+1)
	if t, ok = rangeStart(p.word(i, j), to+half, false); !ok {
		return t, 0, false
	}
	return t, k, true
}

// cutRange splits "2-4pm".
func cutRange(w string) (from, to string, ok bool) {
	for _, dash := range []string{"-", "–", "—"} {
		if from, to, ok = strings.Cut(w, dash); ok {
			return from, to, true
		}
	}
	return "", "", false
}

// rangeStart returns the start of a range. An am or pm that is said once is for both ends, unless the start would be
// after the end: "11-1pm" is from 11 in the morning.
func rangeStart(from, to string, at bool) (t timeWord, ok bool) {
	start, ok1 := clockOf(from)
	end, ok2 := clockOf(to)
	if !ok1 || !ok2 {
		return t, false
	}
	switch {
	case start.half == "" && !start.h && end.half != "":
		start.half = end.half
		s, ok := start.time()
		e, okEnd := end.time()
		if !ok || !okEnd {
			return t, false
		}
		if e.hour == 0 && e.minute == 0 {
			e.hour = 24
		}
		if s.hour*60+s.minute >= e.hour*60+e.minute {
			start.half = map[string]string{"a": "p", "p": "a"}[end.half]
		}
	case start.half != "":
	case start.bare && end.h:
		start.bare, start.h = false, true
	case !at && (start.bare || !start.h && end.bare):
		return t, false
	}
	if _, ok := end.time(); !ok {
		return t, false
	}
	return start.time()
}

// clock is a time as it is written in one word.
type clock struct {
	hour, minute int
	half         string // "a" or "p"
	bare         bool   // an hour alone
	dotted       bool   // 17.00
	h            bool   // 17h
}

var (
	clockForm = regexp.MustCompile(`^([0-9]{1,2})(?:([:.])([0-9]{2}))?(a|p|am|pm|a\.m|p\.m)?$`)
	hourForm  = regexp.MustCompile(`^([0-9]{1,2})(?:h([0-9]{2})?|:([0-9]{2})h)$`)
)

// clockOf reads 5pm, 5:30, 17.30, 17h30 and 5.
func clockOf(w string) (c clock, ok bool) {
	if m := hourForm.FindStringSubmatch(w); m != nil {
		return clock{hour: atoi(m[1]), minute: atoi(m[2] + m[3]), h: true}, true
	}
	m := clockForm.FindStringSubmatch(w)
	if m == nil {
		return c, false
	}
	c = clock{hour: atoi(m[1]), minute: atoi(m[3]), bare: m[3] == "", dotted: m[2] == "."}
	if m[4] != "" {
		c.half = m[4][:1]
	}
	return c, true
}

// time returns the time of day, if the clock has it.
func (c clock) time() (t timeWord, ok bool) {
	t = timeWord{hour: c.hour, minute: c.minute, form: clockTime}
	switch {
	case c.minute > 59:
		return t, false
	case c.half != "":
		t.form = exactTime
		t.hour %= 12
		if c.half == "p" {
			t.hour += 12
		}
		return t, c.hour >= 1 && c.hour <= 12
	case c.bare:
		t.form = bareTime
		if c.hour <= 7 {
			t.hour += 12
		}
		return t, c.hour >= 1 && c.hour <= 12
	}
	return t, c.hour <= 23
}

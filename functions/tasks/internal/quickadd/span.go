package quickadd

import "regexp"

// readAhead reads "in 3 days", "in 2 hours", "in half an hour" and "in 2h".
func (p *phrase) readAhead(i int) (atom, bool) {
	j := p.skip(i, i, "due")
	if p.word(i, j) != "in" {
		return atom{}, false
	}
	a := atom{from: i, kind: Due}
	if p.word(i, j+1) == "half" && p.word(i, j+2) == "an" && p.word(i, j+3) == "hour" {
		a.minutes, a.to = 30, j+4
		return a, true
	}
	n, u, k, ok := p.amount(i, j+1)
	if !ok {
		return a, false
	}
	a.to = k
	if u != "hour" && u != "minute" {
		d, ok := p.today.add(n, u)
		a.day = &dayWord{form: fixedDay, fixed: d, weekday: -1}
		a.to = p.skip(i, k, "time") // "in two weeks time"
		return a, ok
	}
	a.minutes = minutes(n, u)
	if k2 := p.skip(i, k, "and"); u == "hour" {
		if more, u2, k2, ok := p.amount(i, k2); ok && u2 == "minute" {
			a.minutes, a.to = a.minutes+more, k2
		} else if p.word(i, k) == "and" && p.word(i, k+1) == "a" && p.word(i, k+2) == "half" {
			a.minutes, a.to = a.minutes+30, k+3
		}
	}
	return a, true
}

// weekOn reports whether "on friday" follows weeks: "a week on friday" is a week after it.
func (p *phrase) weekOn(k int, u unit) bool {
	_, ok := words.Weekdays[p.word(k-1, k+1)]
	return ok && u == "week" && p.word(k-1, k) == "on"
}

// readFromNow reads "a week from friday", "a week on friday" and "10 minutes from now".
func (p *phrase) readFromNow(i int) (atom, bool) {
	j := p.skip(i, p.skip(i, i, "due"), "on", "by")
	n, u, k, ok := p.amount(i, j)
	if !ok || p.word(i, k) != "from" && !p.weekOn(k, u) {
		return atom{}, false
	}
	a := atom{from: i, kind: Due, blocked: p.blocked(i)}
	from := dayWord{form: fixedDay, fixed: p.today, weekday: -1}
	if p.word(i, k+1) == "now" {
		a.to = k + 2
	} else {
		if u == "hour" || u == "minute" {
			return a, false
		}
		if from, a.to, _, ok = p.day(i, k+1); !ok {
			return a, false
		}
	}
	if u == "hour" || u == "minute" {
		a.minutes = minutes(n, u)
		return a, true
	}
	d, ok := from.resolve(p.today)
	if !ok {
		return a, false
	}
	d, ok = d.add(n, u)
	a.day = &dayWord{form: fixedDay, fixed: d, weekday: -1}
	return a, ok
}

// readSpan reads how long a series goes on: "for 3 weeks", "for 10 times".
func (p *phrase) readSpan(i int) (atom, bool) {
	if p.word(i, i) != "for" {
		return atom{}, false
	}
	a := atom{from: i, kind: Repeat, needs: needRule}
	if n, ok := number(p.word(i, i+1)); ok && p.word(i, i+2) == "times" {
		a.span, a.to = &span{n: n}, i+3
		return a, true
	}
	n, u, k, ok := p.amount(i, i+1)
	a.span, a.to = &span{n, u}, k
	return a, ok && u != "hour" && u != "minute"
}

// readCompletion reads what makes a series count from its completions: not "every friday call after I finish work".
func (p *phrase) readCompletion(i int) (atom, bool) {
	a := atom{from: i, kind: Repeat, after: true, needs: needRuleNear}
	switch {
	case p.word(i, i) != "after":
		return a, false
	case p.word(i, i+1) == "completion":
		a.to = i + 2
		return a, true
	case p.word(i, i+1) == "i" && p.word(i, i+2) == "finish":
		a.to = i + 3
		return a, true
	}
	return a, false
}

var gluedAmount = regexp.MustCompile(`^([0-9]{1,4})([a-z]+)$`)

// amount reads "3 days", "a week", "two hours" and "2h".
func (p *phrase) amount(i, j int) (n int, u unit, k int, ok bool) {
	w := p.word(i, j)
	if m := gluedAmount.FindStringSubmatch(w); m != nil {
		u, ok = words.GluedUnits[m[2]]
		return atoi(m[1]), u, j + 1, ok && atoi(m[1]) > 0
	}
	if n, ok = number(w); !ok {
		return 0, "", 0, false
	}
	u, ok = words.Units[p.word(i, j+1)]
	return n, u, j + 2, ok
}

func minutes(n int, u unit) int {
	if u == "hour" {
		return 60 * n
	}
	return n
}

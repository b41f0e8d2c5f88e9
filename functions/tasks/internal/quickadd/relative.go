package quickadd

// relativeDay reads today, tomorrow and the day after it.
func (p *phrase) relativeDay(i, j int) (dayWord, int, bool) {
	switch p.word(i, j) {
	case "today":
		return p.fixed(p.today, true, j+1)
	case "tomorrow":
		d, ok := p.today.within(1)
		return p.fixed(d, ok, j+1)
	}
	k := p.skip(i, j, "the")
	if p.word(i, k) == "day" && p.word(i, k+1) == "after" && p.word(i, k+2) == "tomorrow" {
		d, ok := p.today.within(2)
		return p.fixed(d, ok, k+3)
	}
	return dayWord{}, 0, false
}

// week returns the first day of the week of a day.
func (p *phrase) week(d day) day { return d - day((d.weekday()-p.weekStart+7)%7) }

// nextWeek returns a weekday of next week.
func (p *phrase) nextWeek(weekday int) (day, bool) {
	return p.week(p.today).within(7 + (weekday-p.weekStart+7)%7)
}

// nextDay reads "next week", "next friday", "friday next week", "this weekend" and "this friday".
func (p *phrase) nextDay(i, j int) (dayWord, int, bool) {
	year, month, _ := p.today.date()
	switch w := p.word(i, j); w {
	case "next":
		next := p.word(i, j+1)
		if wd, ok := words.Weekdays[next]; ok {
			d, ok := p.nextWeek(wd)
			return p.fixed(d, ok, j+2)
		}
		switch next {
		case "week":
			k := p.skip(i, j+2, "on")
			if wd, ok := words.Weekdays[p.word(i, k)]; ok {
				d, ok := p.nextWeek(wd)
				return p.fixed(d, ok, k+1)
			}
			d, ok := p.nextWeek(p.weekStart)
			return dayWord{form: fixedDay, fixed: d, weekday: -1, week: true}, j + 2, ok
		case "weekend":
			d, ok := p.nextWeek(5)
			return p.fixed(d, ok, j+2)
		case "month":
			d, ok := days(year, month, 1).addMonths(1)
			return p.fixed(d, ok, j+2)
		case "year":
			d, ok := dateOf(year+1, 1, 1)
			return p.fixed(d, ok, j+2)
		}
	case "this", "coming", "the", "at":
		k := j + 1
		if w == "this" {
			k = p.skip(i, k, "coming")
		}
		if w == "at" {
			k = p.skip(i, k, "the")
		}
		if wd, ok := words.Weekdays[p.word(i, k)]; ok && (w == "this" || w == "coming") {
			return dayWord{form: weekday, weekday: wd}, k + 1, true
		}
		if p.word(i, k) == "weekend" && (w == "this" || k == j+2 || j > i && w == "the") {
			d, ok := p.weekend()
			return p.fixed(d, ok, k+1)
		}
	default:
		wd, ok := words.Weekdays[w]
		if k := p.skip(i, j+1, "of"); ok && p.word(i, k) == "next" && p.word(i, k+1) == "week" {
			d, ok := p.nextWeek(wd)
			return p.fixed(d, ok, k+2)
		}
	}
	return dayWord{}, 0, false
}

// weekend is the coming Saturday; on a weekend it is today.
func (p *phrase) weekend() (day, bool) {
	if p.today.weekday() >= 5 {
		return p.today, true
	}
	return p.today.within(5 - p.today.weekday())
}

// endOf reads "end of month" and "the end of next week".
func (p *phrase) endOf(i, j int) (dayWord, int, bool) {
	k := p.skip(i, j, "the")
	switch {
	case p.word(i, k) == "end" && p.word(i, k+1) == "of":
	case p.word(i, k) == "last" && p.word(i, k+1) == "day" && p.word(i, k+2) == "of":
		k++
	default:
		return dayWord{}, 0, false
	}
	k = p.skip(i, k+2, "the", "this", "next")
	next := 0
	if p.word(i, k-1) == "next" {
		next = 1
	}
	year, month, _ := p.today.date()
	switch p.word(i, k) {
	case "week":
		d, ok := p.week(p.today).within(7*next + 6)
		return p.fixed(d, ok, k+1)
	case "month":
		d, ok := days(year, month, 1).addMonths(next)
		if !ok {
			return dayWord{}, 0, false
		}
		year, month, _ = d.date()
		return p.fixed(days(year, month, monthLength(year, month)), true, k+1)
	case "year":
		d, ok := dateOf(year+next, 12, 31)
		return p.fixed(d, ok, k+1)
	}
	return dayWord{}, 0, false
}

// dateOfNextMonth reads "the 15th of next month".
func (p *phrase) dateOfNextMonth(i, j int) (dayWord, int, bool) {
	k := p.skip(i, j, "the")
	dom, ok := ordinal(p.word(i, k))
	k = p.skip(i, k+1, "of")
	if !ok || p.word(i, k) != "next" || p.word(i, k+1) != "month" {
		return dayWord{}, 0, false
	}
	year, month, _ := p.today.date()
	first, ok := days(year, month, 1).addMonths(1)
	if !ok {
		return dayWord{}, 0, false
	}
	year, month, _ = first.date()
	d, ok := dateOf(year, month, dom)
	return p.fixed(d, ok, k+2)
}

// dayOfTheMonth reads "the third tuesday of the month" and "the last friday of next month": the coming one.
func (p *phrase) dayOfTheMonth(i, j int) (dayWord, int, bool) {
	r, k, ok := p.inMonth(i, p.skip(i, j, "the"))
	if !ok || r.several() {
		return dayWord{}, 0, false
	}
	from, last := p.today, p.today+366
	if after, named := p.ofMonth(i, k, "the", "this"); named {
		k = after
	} else if p.word(i, k) == "of" && p.word(i, k+1) == "next" && p.word(i, k+2) == "month" {
		year, month, _ := p.today.date()
		if from, ok = days(year, month, 1).addMonths(1); !ok {
			return dayWord{}, 0, false
		}
		year, month, _ = from.date()
		last, k = from+day(monthLength(year, month))-1, k+3
	} else {
		return dayWord{}, 0, false
	}
	for d := from; d <= last; d++ {
		if r.matches(d) {
			year, _, _ := d.date()
			return p.fixed(d, year <= 9999, k)
		}
	}
	return dayWord{}, 0, false
}

package quickadd

// readUntil reads the last day of a series: "until 31 december".
func (p *phrase) readUntil(i int) (atom, bool) {
	if !oneOf(p.word(i, i), "until", "till", "til") {
		return atom{}, false
	}
	d, k, _, ok := p.day(i, i+1)
	return atom{from: i, to: k, kind: Repeat, until: &d, needs: needRule}, ok
}

// readStart reads the first day of a due or a series: "starting monday", "from 1 december".
func (p *phrase) readStart(i int) (atom, bool) {
	w := p.word(i, i)
	if !oneOf(w, "starting", "from", "beginning") {
		return atom{}, false
	}
	j := i + 1
	if w != "from" {
		j = p.skip(i, j, "on", "from")
	}
	if p.word(i, j) == "in" {
		a, ok := p.readAhead(j)
		a.from, a.start, a.day = i, a.day, nil
		return a, ok && a.start != nil && p.tokens[j-1].trail == ""
	}
	a, ok := p.dayAtom(i, j)
	a.start, a.day = a.day, nil
	return a, ok
}

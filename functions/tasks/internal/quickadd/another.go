package quickadd

// maxHour is the greatest number that may be an hour: "at 8 and 20".
const maxHour = 24

// readAnother reads what a task cannot be beside the due or repetition that ends at i, so that the text is not understood:
// "every morning and evening", "at 9 and 5", "at 9, 12 and 3", "in a day or two", "daily and weekly", "every weekday but friday".
func (p *phrase) readAnother(i int, found []atom) (a atom, ok bool) {
	last := len(found) - 1
	if last < 0 || found[last].to != i || !found[last].scheduled() {
		return a, false
	}
	timed := found[last].timed()
	a = atom{from: i, kind: Due, another: true, needs: needAfterDue}
	w := p.word(i, i)
	if k := p.skip(i, i, "and", "or", "&"); k > i {
		a.to = k + 1
		said := p.word(i, k)
		_, part := words.Times[said]
		_, adverb := words.Adverbs[said]
		ok = timed && (part || said == "midnight") || adverb || w == "or" && said == "so" || p.hourAlone(i, k)
		return a, ok
	}
	if timed && p.tokens[i-1].trail == "," {
		a.to = i + 1
		return a, p.hourAlone(i, i)
	}
	if k := p.skip(i, p.skip(i, i, "but"), "not"); k > i {
		k = p.skip(i, k, "on")
		a.to = k + 1
		_, ok = weekdayOrPlural(p.word(i, k))
	}
	return a, ok
}

// hourAlone reports whether a number counts nothing: no word of the title follows it.
func (p *phrase) hourAlone(i, k int) bool {
	n, ok := number(p.word(i, k))
	if !ok || n > maxHour || oneOf(p.word(i, k), "a", "an") {
		return false
	}
	if next := p.word(i, k+1); next == "" || oneOf(next, "and", "or", "&") {
		return true
	}
	for _, read := range []func(int) (atom, bool){p.readLabel, p.readRule, p.readUntil, p.readStart, p.readDay} {
		if _, ok := read(k + 1); ok {
			return true
		}
	}
	return false
}

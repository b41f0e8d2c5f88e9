package quickadd

import "slices"

// read returns all parts that have a meaning, and the same with their places in p.tokens: in another language than English the
// meaning is that of English words.
func (p *phrase) read() (atoms, located []atom) {
	if l := languageOf(p.locale); l != nil {
		return p.readIn(l)
	}
	atoms, _ = p.atoms()
	return atoms, atoms
}

// atoms finds all parts that have a meaning, from left to right, and those that a word before them makes title.
func (p *phrase) atoms() (found []atom, blocked []place) {
	project := false
	for i := 0; i < len(p.tokens); {
		if a, ok := p.readAnother(i, found); ok {
			found, i = append(found, a), a.to
			continue
		}
		a, ok := p.atom(i, project)
		switch {
		case !ok:
			i++
		case a.blocked:
			blocked = append(blocked, place{i, p.blockedEnd(a)})
			i = blocked[len(blocked)-1].to
		default:
			project = project || a.kind == Project
			found, i = append(found, a), a.to
		}
	}
	return p.needed(found), blocked
}

// atom reads the part that begins with a word. The first reader that knows it wins. A text has one project.
func (p *phrase) atom(i int, project bool) (atom, bool) {
	if i >= len(p.tokens) || p.tokens[i].word == "" {
		return atom{}, false
	}
	for _, read := range []func(int) (atom, bool){
		p.readLabel, p.readRule, p.readAdverb, p.readUntil, p.readStart, p.readSpan, p.readCompletion,
		p.readAhead, p.readFromNow, p.readDay, p.readTime,
	} {
		if a, ok := read(i); ok && !(project && a.kind == Project) {
			return a, true
		}
	}
	return atom{}, false
}

// blockedEnd returns where the words end that belong to a blocked part: "before friday at 5pm", "between monday and friday".
func (p *phrase) blockedEnd(a atom) int {
	to := a.to
	if next := p.skip(a.from, to, "and"); next > to && p.before(a.from) == "between" {
		if other, ok := p.atom(next, true); ok && (other.day != nil || other.time != nil) {
			a, to = other, other.to
		}
	}
	if a.day != nil && p.word(a.from, to) != "" {
		if t, ok := p.readTime(to); ok {
			to = t.to
		}
	}
	return to
}

// needed drops atoms that lack what they need. Dropping one can take from another what it needed, so it starts over.
func (p *phrase) needed(found []atom) []atom {
	for i := 0; i < len(found); {
		if p.has(found, i) {
			i++
			continue
		}
		found = append(found[:i:i], found[i+1:]...)
		i = 0
	}
	return found
}

// has reports whether an atom has one of the things that it needs.
func (p *phrase) has(found []atom, i int) bool {
	a := found[i]
	if a.needs == needNothing {
		return true
	}
	before := i > 0 && found[i-1].to == a.from
	behind := i+1 < len(found) && found[i+1].from == a.to
	switch {
	case a.needs&needBeginning != 0 && a.from == 0,
		a.needs&needEnd != 0 && p.ends(found, i),
		a.needs&(needAfterDue|needNearDue) != 0 && before && found[i-1].scheduled(),
		a.needs&needAfterDueAtEnd != 0 && before && found[i-1].scheduled() && p.ends(found, i),
		a.needs&needNearDue != 0 && behind && found[i+1].scheduled(),
		a.needs&needTimeBehind != 0 && behind && p.onlyDay(found, i):
		return true
	}
	if a.needs&(needRule|needRuleNear) == 0 || !slices.ContainsFunc(found, func(other atom) bool { return other.rule != nil }) {
		return false
	}
	return a.needs&needRule != 0 || before || behind || a.from == 0 || p.ends(found, i)
}

// onlyDay reports whether an atom is the only one that names a day, and only other atoms follow it, first a time or "every year".
func (p *phrase) onlyDay(found []atom, i int) bool {
	for other := range found {
		if other != i && found[other].namesDay() {
			return false
		}
	}
	return (found[i+1].time != nil || found[i+1].yearly()) && p.ends(found, i)
}

// ends reports whether only other atoms and joiners follow an atom.
func (p *phrase) ends(found []atom, i int) bool {
	at := found[i].to
	for i++; at < len(p.tokens); {
		switch {
		case i < len(found) && found[i].from == at:
			at = found[i].to
			i++
		case p.tokens[at].joiner():
			at++
		default:
			return false
		}
	}
	return true
}

package quickadd

import "slices"

// read returns all parts that have a meaning, and the same with their places in p.tokens: in another language than English the
// meaning is that of English words.
func (p *phrase) read() (atoms, located []atom) {
	if l := languageOf(p.locale); l != nil {
		return p.readIn(l)
	}
	atoms = p.atoms()
	return atoms, atoms
}

// atoms finds all parts that have a meaning, from left to right. At each word the first reader that knows it wins.
func (p *phrase) atoms() []atom {
	readers := []func(int) (atom, bool){
		p.readLabel, p.readRule, p.readAdverb, p.readUntil, p.readStart, p.readSpan, p.readCompletion,
		p.readAhead, p.readFromNow, p.readDay, p.readTime,
	}
	var found []atom
	project := false
	for i := 0; i < len(p.tokens); {
		if a, ok := p.readAnother(i, found); ok {
			found, i = append(found, a), a.to
			continue
		}
		next := i + 1
		for _, read := range readers {
			a, ok := read(i)
			if !ok || p.tokens[i].word == "" || project && a.kind == Project {
				continue
			}
			project = project || a.kind == Project
			found = append(found, a)
			next = a.to
			break
		}
		i = next
	}
	return p.needed(found)
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
		a.needs&needNearDue != 0 && behind && found[i+1].scheduled():
		return true
	}
	if a.needs&(needRule|needRuleNear) == 0 || !slices.ContainsFunc(found, func(other atom) bool { return other.rule != nil }) {
		return false
	}
	return a.needs&needRule != 0 || before || behind || a.from == 0 || p.ends(found, i)
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

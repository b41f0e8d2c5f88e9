package quickadd

import (
	"regexp"
	"strconv"
)

// phrase is a text that is being read.
type phrase struct {
	tokens []token
	locale string
	today  day
	// weekStart is the first day of a week, 0 for Monday.
	weekStart int
}

// word returns a word of an atom that begins at token first: empty outside the text, in quotes, and after punctuation,
// which ends an atom.
func (p *phrase) word(first, i int) string {
	if i >= len(p.tokens) || i > first && p.tokens[i-1].trail != "" {
		return ""
	}
	return p.tokens[i].word
}

// listed is word in an enumeration, in which a comma may stand: "mon, wed and fri".
func (p *phrase) listed(first, i int) string {
	if i < len(p.tokens) && i > first && p.tokens[i-1].trail == "," {
		return p.tokens[i].word
	}
	return p.word(first, i)
}

// skip returns the index after the word at i if it is one of the given.
func (p *phrase) skip(first, i int, words ...string) int {
	if w := p.word(first, i); w != "" && oneOf(w, words...) {
		return i + 1
	}
	return i
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
		a.needs&needNearDue != 0 && behind && found[i+1].scheduled(),
		a.needs&needRuleBeside != 0 && (before && found[i-1].kind == Repeat || behind && found[i+1].kind == Repeat):
		return true
	}
	if a.needs&needRule != 0 {
		for _, other := range found {
			if other.rule != nil {
				return true
			}
		}
	}
	return false
}

// scheduled reports whether the atom says when, and not what.
func (a atom) scheduled() bool { return a.kind == Due || a.kind == Repeat }

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

// blocked reports whether the word before a day or time gives it another meaning.
func (p *phrase) blocked(i int) bool {
	w := p.before(i)
	return w != "" && oneOf(w, words.NotADue...)
}

// blockedWeekday is blocked for the name of a day: "3rd friday" is none.
func (p *phrase) blockedWeekday(i int) bool {
	w := p.before(i)
	return w != "" && (oneOf(w, words.NotAWeekday...) || ordinalNumber.MatchString(w))
}

// before returns the word before a token, unless punctuation stands between them.
func (p *phrase) before(i int) string {
	if i == 0 || p.tokens[i-1].trail != "" {
		return ""
	}
	return p.tokens[i-1].word
}

var (
	digits        = regexp.MustCompile(`^[0-9]{1,4}$`)
	ordinalNumber = regexp.MustCompile(`^([0-9]{1,2})(?:st|nd|rd|th)$`)
)

// number reads 3, three or a.
func number(w string) (int, bool) {
	if digits.MatchString(w) {
		n, _ := strconv.Atoi(w)
		return n, n > 0
	}
	n, ok := words.Numbers[w]
	return n, ok
}

// ordinal reads 3rd, third or last, which is -1.
func ordinal(w string) (int, bool) {
	if n, ok := numberedOrdinal(w); ok {
		return n, true
	}
	n, ok := words.Ordinals[w]
	return n, ok
}

// numberedOrdinal reads 3rd.
func numberedOrdinal(w string) (int, bool) {
	m := ordinalNumber.FindStringSubmatch(w)
	if m == nil {
		return 0, false
	}
	n, _ := strconv.Atoi(m[1])
	return n, n > 0
}

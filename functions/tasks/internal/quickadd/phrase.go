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

// blocked reports whether the word before a day or time gives it another meaning: it is title then, to its last word.
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

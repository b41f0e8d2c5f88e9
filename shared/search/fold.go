// Package search decides which tasks a search finds: what text is compared, which parts of a query must be in it, and
// the keys by which the index finds the candidates. It also decides which names of projects, sections and tags are one. The
// dashboard has the same rules for searching offline and for its query language; cases.json and names.json test both.
package search

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// marks are combining marks that people leave out when they type: accents, Hebrew points and Arabic vowel signs. Marks
// that make another letter are not among them: the dots of が, and the vowels and tones of Thai and the Indic scripts.
var marks = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x0300, Hi: 0x036f, Stride: 1},
	{Lo: 0x0483, Hi: 0x0487, Stride: 1},
	{Lo: 0x0591, Hi: 0x05bd, Stride: 1},
	{Lo: 0x05bf, Hi: 0x05bf, Stride: 1},
	{Lo: 0x05c1, Hi: 0x05c2, Stride: 1},
	{Lo: 0x05c4, Hi: 0x05c5, Stride: 1},
	{Lo: 0x05c7, Hi: 0x05c7, Stride: 1},
	{Lo: 0x0610, Hi: 0x061a, Stride: 1},
	{Lo: 0x0640, Hi: 0x0640, Stride: 1}, // the tatweel, which only stretches a word
	{Lo: 0x064b, Hi: 0x065f, Stride: 1},
	{Lo: 0x0670, Hi: 0x0670, Stride: 1},
	{Lo: 0x06d6, Hi: 0x06dc, Stride: 1},
	{Lo: 0x06df, Hi: 0x06e4, Stride: 1},
	{Lo: 0x06e7, Hi: 0x06e8, Stride: 1},
	{Lo: 0x06ea, Hi: 0x06ed, Stride: 1},
	{Lo: 0x1ab0, Hi: 0x1aff, Stride: 1},
	{Lo: 0x1dc0, Hi: 0x1dff, Stride: 1},
	{Lo: 0x20d0, Hi: 0x20ff, Stride: 1}, // among them the keycap
	{Lo: 0xfe20, Hi: 0xfe2f, Stride: 1},
}}

// ignorable has the characters that are not seen, such as variation selectors, joiners and marks of direction.
var ignorable = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x00ad, Hi: 0x00ad, Stride: 1},
		{Lo: 0x061c, Hi: 0x061c, Stride: 1},
		{Lo: 0x115f, Hi: 0x1160, Stride: 1},
		{Lo: 0x17b4, Hi: 0x17b5, Stride: 1},
		{Lo: 0x180b, Hi: 0x180f, Stride: 1},
		{Lo: 0x200b, Hi: 0x200f, Stride: 1},
		{Lo: 0x202a, Hi: 0x202e, Stride: 1},
		{Lo: 0x2060, Hi: 0x206f, Stride: 1},
		{Lo: 0x3164, Hi: 0x3164, Stride: 1},
		{Lo: 0xfe00, Hi: 0xfe0f, Stride: 1},
		{Lo: 0xfeff, Hi: 0xfeff, Stride: 1},
		{Lo: 0xffa0, Hi: 0xffa0, Stride: 1},
		{Lo: 0xfff0, Hi: 0xfff8, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x1bca0, Hi: 0x1bca3, Stride: 1},
		{Lo: 0x1d173, Hi: 0x1d17a, Stride: 1},
		{Lo: 0xe0000, Hi: 0xe0fff, Stride: 1},
	},
	LatinOffset: 1,
}

// alike are letters that Unicode does not decompose, but people spell without their stroke, and signs that a keyboard
// chooses without asking.
var alike = map[rune]string{
	'ø': "o", 'đ': "d", 'ħ': "h", 'ł': "l", 'ŧ': "t", 'ı': "i", 'æ': "ae", 'œ': "oe", 'þ': "th", 'ð': "d",
	'‘': "'", '’': "'", '‚': "'", '“': `"`, '”': `"`, '„': `"`, '‐': "-", '‑': "-", '‒': "-", '–': "-", '—': "-", '−': "-",
}

// Fold returns text as it is compared: without differences of compatibility (NFKC), case, accents and invisible
// characters, and composed, so that a syllable of Hangul is one character. Equal texts are a match; Fold(Fold(x)) is
// Fold(x).
func Fold(text string) string {
	if ascii(text) {
		return strings.ToLower(text)
	}
	// Without marks first: folding would make a letter of the iota below ᾳ. Folding may compose again.
	text = norm.NFKD.String(cases.Fold().String(bare(norm.NFKD.String(text))))
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range bare(text) {
		if as, ok := alike[r]; ok {
			b.WriteString(as)
			continue
		}
		// Cherokee folds to upper case, but cases.Fold then takes it back.
		switch {
		case r >= 0xab70 && r <= 0xabbf:
			r -= 0xab70 - 0x13a0
		case r >= 0x13f8 && r <= 0x13fd:
			r -= 0x13f8 - 0x13f0
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

// bare returns decomposed text without marks and invisible characters.
func bare(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, marks, ignorable) {
			return -1
		}
		return r
	}, text)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// Visible reports whether text has a character that is seen.
func Visible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.IsControl(r) && !unicode.Is(ignorable, r) && unicode.IsOneOf(unicode.GraphicRanges, r) &&
			r != '\u2800' // the blank pattern of Braille
	})
}

// Text returns what is searched of a task: its title and description, folded. It is at most about twice as long as they
// are. A few characters unfold to eighteen; a text that is full of them is only lowered, so that it cannot use ten times
// its memory.
func Text(title, description string) string {
	text := title + "\n" + description
	if folded := Fold(text); len(folded) <= 2*len(text)+64 {
		return folded
	}
	return strings.ToLower(text)
}

// Lowered reports whether the Text of a task is only lowered by the rules of ASCII, so that the database can do it.
func Lowered(title, description string) bool { return ascii(title) && ascii(description) }

// Terms returns the parts of a query, folded: a task is found if its Text contains them all. They are separated by
// spaces. Punctuation around a word and signs beside it are dropped, since they are usually not meant ("milk + eggs"); a
// query of nothing else is taken as it is. An emoji is no sign, but a picture of a word.
func Terms(query string) []string {
	var signs, terms []string
	for _, word := range strings.Fields(Fold(query)) {
		term := strings.TrimFunc(word, unicode.IsPunct)
		if strings.TrimFunc(term, isSign) == "" {
			signs = append(signs, word)
		} else {
			terms = append(terms, term)
		}
	}
	if len(terms) == 0 {
		return signs
	}
	return terms
}

func isSign(r rune) bool {
	return unicode.IsPunct(r) || unicode.In(r, unicode.Sm, unicode.Sc, unicode.Sk)
}

package quickadd

import (
	"strings"
	"unicode/utf8"
)

// token is a word of the text: what stands between two spaces.
type token struct {
	text     string // as it is spelled, without the punctuation after it
	word     string // the same in lower case (ASCII); empty in quotes
	trail    string // the punctuation after it
	at       int    // byte offset in the text
	from, to int    // its position in UTF-16 code units, without the punctuation after it
}

// end is the byte offset after the token and its punctuation.
func (t token) end() int { return t.at + len(t.text) + len(t.trail) }

// joiner reports whether the token is a sign that only joins: "gas bill - friday".
func (t token) joiner() bool {
	return t.text == "" || oneOf(t.text, "-", "–", "—", "|", "/", "·", "•")
}

// trailing is the punctuation that may follow a word.
const trailing = ".,;:!?…"

// tokenize splits a text into words.
func tokenize(text string) []token {
	var tokens []token
	units := 0 // UTF-16 code units before i
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if isSpace(r) {
			i, units = i+size, units+width(r)
			continue
		}
		t := token{at: i, from: units}
		end := i
		for end < len(text) {
			if r, size = utf8.DecodeRuneInString(text[end:]); isSpace(r) {
				break
			}
			end, units = end+size, units+width(r)
		}
		t.text = strings.TrimRight(text[i:end], trailing)
		if lower(text[i:end]) == "every!" {
			t.text = text[i:end] // its sign has a meaning
		}
		t.trail = text[i+len(t.text) : end]
		t.to = units
		for _, r := range t.trail {
			t.to -= width(r)
		}
		t.word = lower(t.text)
		tokens = append(tokens, t)
		i = end
	}
	quote(tokens)
	return tokens
}

// closing has the sign that ends a quotation for each sign that begins one.
var closing = map[rune]string{'"': `"`, '\'': "'", '“': "”", '„': "“”", '‘': "’", '«': "»"}

// quote empties the words inside quotations: they are title whatever they say.
func quote(tokens []token) {
	for i := 0; i < len(tokens); i++ {
		first, size := utf8.DecodeRuneInString(tokens[i].text)
		closes, opens := closing[first]
		if !opens {
			continue
		}
		for j := i; j < len(tokens); j++ {
			last, lastSize := utf8.DecodeLastRuneInString(tokens[j].text)
			if !strings.ContainsRune(closes, last) || j == i && len(tokens[j].text) < size+lastSize {
				continue
			}
			for ; i < j; i++ {
				tokens[i].word = ""
			}
			tokens[j].word = ""
			break
		}
	}
}

// isSpace knows the same spaces as the dashboard's grammar, whatever version of Unicode each is built with.
func isSpace(r rune) bool {
	switch {
	case r >= 9 && r <= 13, r == ' ', r == 0x85, r == 0xa0, r == 0x1680, r >= 0x2000 && r <= 0x200a, r == 0x2028, r == 0x2029,
		r == 0x202f, r == 0x205f, r == 0x3000, r == 0xfeff:
		return true
	}
	return false
}

// trim removes the spaces at both ends.
func trim(s string) string { return strings.TrimFunc(s, isSpace) }

// width is the number of UTF-16 code units of a character.
func width(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// lower changes A to Z only, so that both grammars agree.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

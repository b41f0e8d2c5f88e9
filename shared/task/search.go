package task

import (
	"strings"
	"unicode"
)

// MaxSearch is the longest search, in characters.
const MaxSearch = 200

// SearchWords splits a search into words of letters and digits, as the index does.
func SearchWords(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
}

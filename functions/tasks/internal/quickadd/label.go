package quickadd

import "strings"

// readLabel reads a priority, a project or a tag.
func (p *phrase) readLabel(i int) (atom, bool) {
	t := p.tokens[i]
	if priority, ok := words.Priorities[t.word]; ok {
		return atom{from: i, to: i + 1, kind: Priority, label: priority}, true
	}
	if !labelled(t.text) {
		return atom{}, false
	}
	kind := Tag
	if t.text[0] == '#' {
		kind = Project
	}
	return atom{from: i, to: i + 1, kind: kind, label: t.text[1:]}, true
}

// labelled reports whether a word is # or @ and a name: letters of any script, digits and a few signs, but not digits
// only.
func labelled(s string) bool {
	if len(s) < 2 || s[0] != '#' && s[0] != '@' {
		return false
	}
	name := s[1:]
	named := false
	for i := range len(name) {
		c := name[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
		digit := c >= '0' && c <= '9'
		if !letter && !digit && (i == 0 || !strings.ContainsRune("_/&.-+'", rune(c))) {
			return false
		}
		named = named || letter
	}
	return named
}

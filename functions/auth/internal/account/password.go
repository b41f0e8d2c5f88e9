package account

import (
	_ "embed"
	"strings"
	"unicode/utf8"

	"taskwire.dev/shared/fault"
)

//go:embed common_passwords.txt
var commonPasswords string

var common = func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(commonPasswords) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			m[line] = true
		}
	}
	return m
}()

// checkPassword enforces NIST SP 800-63B, 3.1.1.2: a minimum length, and no commonly guessed passwords. There are no
// rules about kinds of characters: they make passwords that are hard to remember and easy to guess.
func checkPassword(fs *fault.Fields, r Registration) {
	const pointer = "/password"
	n := utf8.RuneCountInString(r.Password)
	folded := strings.ToLower(r.Password)
	mailbox, _, _ := strings.Cut(r.Email, "@")
	switch {
	case n < MinPassword || n > MaxPassword || len(r.Password) > maxPasswordBytes:
		fs.Add(pointer, "must have %d to %d characters", MinPassword, MaxPassword)
	case folded == r.Email || folded == mailbox || folded == strings.ToLower(r.Name):
		fs.Add(pointer, "must not be the email address or the name")
	case common[folded] || monotonous(folded):
		fs.Add(pointer, "is too easy to guess")
	}
}

// monotonous reports whether s has at most two different characters, or is one ascending or descending sequence.
func monotonous(s string) bool {
	seen := map[rune]bool{}
	up, down, previous := true, true, rune(-1)
	for _, c := range s {
		seen[c] = true
		if previous >= 0 {
			// 0 follows 9, and the other way round
			up = up && (c == previous+1 || previous == '9' && c == '0')
			down = down && (c == previous-1 || previous == '0' && c == '9')
		}
		previous = c
	}
	return len(seen) <= 2 || up || down
}

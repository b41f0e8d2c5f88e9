// Package password decides which passwords an account may have, and hashes them. The auth function and the operator's commands
// share it.
package password

import (
	"strings"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn"

	"taskwire.dev/shared/fault"
)

// Limits of a password, in characters.
const (
	Min      = 10
	Max      = 128
	maxBytes = 4 * Max
)

const (
	// minGuesses is how many guesses zxcvbn must expect an attacker to need: its score 3 of 4. Its lists hold 30,000 common passwords and 64,000
	// words and names; it also finds them with digits appended, letters replaced, repeated, or typed along the keyboard.
	minGuesses = 1e8
	// rated is how many characters are rated: the time grows with the square of the length.
	rated = 32
)

// Check enforces NIST SP 800-63B, 3.1.1.2: a minimum length, and no commonly guessed passwords. There are no rules about kinds of
// characters: they make passwords that are hard to remember and easy to guess. email and name are those of the account.
func Check(fs *fault.Fields, pointer, password, email, name string) {
	n := utf8.RuneCountInString(password)
	folded := strings.ToLower(password)
	mailbox, _, _ := strings.Cut(email, "@")
	switch {
	case n < Min || n > Max || len(password) > maxBytes:
		fs.Add(pointer, "must have %d to %d characters", Min, Max)
	case folded == email || folded == mailbox || folded == strings.ToLower(name):
		fs.Add(pointer, "must not be the email address or the name")
	case easy(folded, mailbox, name):
		fs.Add(pointer, "is too easy to guess: it is, or contains little more than, a common password")
	}
}

// easy reports whether a password in lower case would be guessed soon.
func easy(password, mailbox, name string) bool {
	start := []rune(password)
	start = start[:min(len(start), rated)]
	// Well-known phrases that no list of single words has.
	known := []string{mailbox, name, "taskwire", "correcthorsebatterystaple", "thisisapassword"}
	return zxcvbn.PasswordStrength(string(start), known).Guesses < minGuesses || monotonous(password)
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

package account

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/password"
	"taskwire.dev/shared/search"
)

// Limits of a registration, in characters unless noted otherwise.
const (
	MaxEmail = 254 // bytes (RFC 5321, 4.5.3.1.3, less the angle brackets)
	MaxName  = 200
)

// Registration is a new user's input.
type Registration struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	Name     string `json:"name"`

	// What the client knows about the user's place. Without it the preferences are the default ones.
	Timezone  *string `json:"timezone"`   // IANA name
	WeekStart *string `json:"week_start"` // a weekday in English, lower case; the default is that of Locale
	Locale    *string `json:"locale"`     // BCP 47

	language string // of the locale; "" for English
}

// normalise returns r as it is stored, and all errors in it.
func (r Registration) normalise() (Registration, error) {
	var fs fault.Fields
	email, ok := canonicalEmail(r.Email)
	r.Email = email
	r.Name = strings.TrimSpace(r.Name)
	if !ok {
		fs.Add("/email", "must be an email address such as ada@example.com, of at most %d ASCII characters", MaxEmail)
	}
	checkText(&fs, "/name", r.Name, MaxName)
	password.Check(&fs, "/password", r.Password, r.Email, r.Name)
	r.checkLocale(&fs)
	return r, fs.Err()
}

// canonicalEmail returns s in lower case, if it is an address and nothing else: no name, no comment, no second address.
// Only ASCII is allowed, and that is checked first: the lower case of the Kelvin sign is a plain k, and so another
// user's account.
func canonicalEmail(s string) (string, bool) {
	if len(s) > MaxEmail || strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return "", false
	}
	parsed, err := mail.ParseAddress(s)
	return strings.ToLower(s), err == nil && parsed.Name == "" && parsed.Address == s
}

// checkText checks a name: 1 to limit characters, one of them visible, and none of them a control character, which would garble
// a log or a terminal; NUL is not even accepted by PostgreSQL.
func checkText(fs *fault.Fields, pointer, s string, limit int) {
	if n := utf8.RuneCountInString(s); n < 1 || n > limit {
		fs.Add(pointer, "must have 1 to %d characters", limit)
	} else if strings.ContainsFunc(s, unicode.IsControl) {
		fs.Add(pointer, "must not contain control characters")
	} else if !search.Visible(s) {
		fs.Add(pointer, "has no visible character")
	}
}

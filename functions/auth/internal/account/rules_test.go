package account

import (
	"errors"
	"strings"
	"testing"
	"time"

	"taskwire.dev/shared/fault"
)

const goodPassword = "correct horse battery staple"

func TestRegistrationRules(t *testing.T) {
	t.Parallel()
	good := Registration{Email: "ada@example.com", Password: goodPassword, Name: "Ada"}
	with := func(change func(*Registration)) Registration {
		r := good
		change(&r)
		return r
	}
	email := func(s string) Registration { return with(func(r *Registration) { r.Email = s }) }
	name := func(s string) Registration { return with(func(r *Registration) { r.Name = s }) }
	place := func(zone, weekStart, locale string) Registration {
		return with(func(r *Registration) { r.Timezone, r.WeekStart, r.Locale = &zone, &weekStart, &locale })
	}
	password := func(s string) Registration { return with(func(r *Registration) { r.Password = s }) }
	for _, c := range []struct {
		given Registration
		wrong string // the pointers of the errors
	}{
		{good, ""},
		{email("Ada.Lovelace+todo@Sub.Example.COM"), ""},
		{email(""), "/email"},
		{email("ada"), "/email"},
		{email("ada@"), "/email"},
		{email("@example.com"), "/email"},
		{email("Ada <ada@example.com>"), "/email"},
		{email("ada@example.com, bob@example.com"), "/email"},
		{email("ada@example.com\x00"), "/email"},
		{email(" ada@example.com"), "/email"},
		{email("ada@example.com (Ada)"), "/email"},
		{email("ädä@example.com"), "/email"},
		{email("İ@example.com"), "/email"},
		{email("\u212aate@example.com"), "/email"}, // the Kelvin sign
		{email(strings.Repeat("a", 250) + "@example.com"), "/email"},
		{name("  "), "/name"},
		{name(strings.Repeat("ä", 200)), ""},
		{name(strings.Repeat("ä", 201)), "/name"},
		{name("a\x00b"), "/name"},
		{name("a\x1b[31mb"), "/name"},
		{password(""), "/password"},
		{password("ninechars"), "/password"},
		{password("äöüßéèçñøå"), ""}, // ten characters
		{password("ten chars!"), ""},
		{password(strings.Repeat("hello wor", 14) + "ab"), ""},
		{password(strings.Repeat("hello wor", 14) + "abc"), "/password"},
		{password(strings.Repeat("x", 1<<20)), "/password"},
		{password("PassWord1234"), "/password"},
		{password("qwertyuiop"), "/password"},
		{password("aaaaaaaaaaaa"), "/password"},
		{password("abababababab"), "/password"},
		{password("1234567890123"), "/password"},
		{password("0987654321"), "/password"},
		{password("abcdefghijkl"), "/password"},
		{password("Ada@Example.com"), "/password"},
		{with(func(r *Registration) { r.Name = "Ada Lovelace"; r.Password = "ada lovelace" }), "/password"},
		{with(func(r *Registration) { r.Email = "ada.lovelace@example.com"; r.Password = "Ada.Lovelace" }), "/password"},
		{Registration{}, "/email /name /password"},
		{place("Europe/Berlin", "monday", "de-DE"), ""},
		{place("UTC", "saturday", "ar-EG-u-nu-latn"), ""},
		{place("right/Europe/Berlin", "Monday", "de_"), "/timezone /week_start /locale"},
		{place("", "", ""), "/timezone /week_start /locale"},
		{place("localtime", "mon", "x"), "/timezone /week_start /locale"},
		{place("Factory", "8", strings.Repeat("a", 200)), "/timezone /week_start /locale"},
		{place("posix/UTC", "1", "not a locale"), "/timezone /week_start /locale"},
	} {
		_, err := c.given.normalise()
		var wrong []string
		var f *fault.Error
		if errors.As(err, &f) {
			for _, field := range f.Fields {
				wrong = append(wrong, field.Pointer)
			}
		}
		if got := strings.Join(wrong, " "); got != c.wrong {
			t.Errorf("%+v: errors at %q, want %q", c.given, got, c.wrong)
		}
	}
}

func TestExchange(t *testing.T) {
	t.Parallel()
	now := time.Now()
	past := func(d time.Duration) *time.Time { t := now.Add(-d); return &t }
	valid := RefreshToken{ExpiresAt: now.Add(time.Hour)}
	rotated := RefreshToken{ExpiresAt: now.Add(time.Hour), RotatedAt: past(time.Second), RotationKey: "k"}
	yesterday := RefreshToken{ExpiresAt: now.Add(time.Hour), RotatedAt: past(keyWindow - time.Second), RotationKey: "k"}
	for name, c := range map[string]struct {
		token RefreshToken
		key   string
		next  Successor
		want  Outcome
	}{
		"first use":                        {valid, "", Successor{}, Rotate},
		"first use with a key":             {valid, "k", Successor{}, Rotate},
		"expired":                          {RefreshToken{ExpiresAt: now}, "", Successor{}, Refuse},
		"revoked":                          {RefreshToken{ExpiresAt: now.Add(time.Hour), RevokedAt: past(1)}, "", Successor{}, Refuse},
		"revoked after it was rotated":     {RefreshToken{ExpiresAt: now.Add(1), RotatedAt: past(9), RotationKey: "k", RevokedAt: past(1)}, "k", Successor{Fresh: true}, Refuse},
		"second use":                       {rotated, "", Successor{Fresh: true}, RevokeFamily},
		"second use with another key":      {rotated, "other", Successor{Fresh: true}, RevokeFamily},
		"the same request again":           {rotated, "k", Successor{Fresh: true}, Reissue},
		"the same, by the same browser":    {yesterday, "k", Successor{Fresh: true, Same: true}, Repeat},
		"the same, successor in use":       {rotated, "k", Successor{}, RevokeFamily},
		"the same, in use by the browser":  {yesterday, "k", Successor{Same: true}, RevokeFamily},
		"the same, hours later":            {yesterday, "k", Successor{Fresh: true}, Reissue},
		"another key, hours later":         {yesterday, "other", Successor{Fresh: true, Same: true}, RevokeFamily},
		"the same, too late":               {RefreshToken{ExpiresAt: now.Add(1), RotatedAt: past(keyWindow), RotationKey: "k"}, "k", Successor{Fresh: true, Same: true}, RevokeFamily},
		"no key then, no key now, is both": {RefreshToken{ExpiresAt: now.Add(1), RotatedAt: past(1)}, "", Successor{Fresh: true}, RevokeFamily},
		"another tab":                      {rotated, "", Successor{Fresh: true, Same: true}, Repeat},
		"another tab with another key":     {rotated, "other", Successor{Fresh: true, Same: true}, Repeat},
		"another tab, successor in use":    {rotated, "", Successor{Same: true}, Repeat},
		"another tab, too late":            {RefreshToken{ExpiresAt: now.Add(1), RotatedAt: past(tabsWindow)}, "", Successor{Fresh: true, Same: true}, RevokeFamily},
		"another tab, revoked":             {RefreshToken{ExpiresAt: now.Add(1), RotatedAt: past(1), RevokedAt: past(1)}, "", Successor{Same: true}, Refuse},
	} {
		if got := c.token.Exchange(now, c.key, c.next); got != c.want {
			t.Errorf("%s: outcome %d, want %d", name, got, c.want)
		}
	}
}

func TestNewToken(t *testing.T) {
	t.Parallel()
	days := func(n int) *int { return &n }
	now := time.Date(2026, 11, 23, 12, 0, 0, 500, time.UTC)
	for _, c := range []struct {
		given NewToken
		good  bool
	}{
		{NewToken{Name: "laptop", Scopes: []string{"tasks:read", "tasks:write"}}, true},
		{NewToken{Name: "laptop"}, false},
		{NewToken{Name: "laptop", Scopes: []string{"mcp"}, ExpiresInDays: days(365)}, true},
		{NewToken{Name: " ", Scopes: []string{"mcp"}}, false},
		{NewToken{Name: strings.Repeat("x", 101), Scopes: []string{"mcp"}}, false},
		{NewToken{Name: "\u200b", Scopes: []string{"mcp"}}, false},
		{NewToken{Name: "a\nb", Scopes: []string{"mcp"}}, false},
		{NewToken{Name: "laptop", Scopes: []string{}}, false},
		{NewToken{Name: "laptop", Scopes: []string{"mcp", "mcp"}}, false},
		{NewToken{Name: "laptop", Scopes: []string{"admin"}}, false},
		{NewToken{Name: "laptop", Scopes: []string{"mcp"}, ExpiresInDays: days(0)}, false},
		{NewToken{Name: "laptop", Scopes: []string{"mcp"}, ExpiresInDays: days(366)}, false},
		{NewToken{Name: "laptop", Scopes: []string{"mcp"}, ExpiresInDays: days(-1 << 62)}, false},
	} {
		if _, err := c.given.token(now); (err == nil) != c.good || (err != nil && !fault.Is(err, fault.Invalid)) {
			t.Errorf("%+v: %v, want good %t", c.given, err, c.good)
		}
	}
	made, _ := NewToken{Name: "laptop", Scopes: []string{"mcp"}}.token(now)
	if want := now.Truncate(time.Second).AddDate(0, 0, 90); !made.ExpiresAt.Equal(want) {
		t.Errorf("%+v, want it until %v", made, want)
	}
}

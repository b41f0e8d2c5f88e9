package provider

import (
	"strings"
	"testing"
)

const good = `{"id": "google", "name": "Google", "issuer": "https://accounts.google.com", "client_id": "x", "client_secret": "y"}`

func TestParseConfig(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "none", "[]"} {
		if list, err := ParseConfig(text); err != nil || len(list) != 0 {
			t.Errorf("%q: %v, %v", text, list, err)
		}
	}
	list, err := ParseConfig("[" + good + "]")
	if err != nil || len(list) != 1 || strings.Join(list[0].Scopes, " ") != "openid email profile" {
		t.Errorf("%+v, %v", list, err)
	}
	replaced := func(from, to string) string { return "[" + strings.Replace(good, from, to, 1) + "]" }
	for name, text := range map[string]string{
		"not JSON":          "google",
		"not a list":        good,
		"more":              "[" + good + "] []",
		"unknown member":    replaced(`"client_id"`, `"client"`),
		"no client":         replaced(`"client_id": "x"`, `"client_id": ""`),
		"id":                replaced(`"id": "google"`, `"id": "Google"`),
		"no name":           replaced(`"name": "Google"`, `"name": ""`),
		"long name":         replaced(`"name": "Google"`, `"name": "`+strings.Repeat("x", 41)+`"`),
		"plain http":        replaced("https:", "http:"),
		"issuer with query": replaced("google.com", "google.com?x=y"),
		"no issuer":         replaced("https://accounts.google.com", ""),
		"no openid":         replaced(`"client_secret"`, `"scopes": ["email"], "client_secret"`),
		"no email":          replaced(`"client_secret"`, `"scopes": ["openid"], "client_secret"`),
		"twice":             "[" + good + "," + good + "]",
		"too many":          "[" + strings.Repeat(good+",", 10) + good + "]",
	} {
		if list, err := ParseConfig(text); err == nil {
			t.Errorf("%s: %+v is accepted", name, list)
		}
	}
	for _, issuer := range []string{"http://localhost:9998", "http://127.0.0.1:9998/", "http://[::1]:1"} {
		if _, err := ParseConfig(replaced("https://accounts.google.com", issuer)); err != nil {
			t.Errorf("%s: %v", issuer, err)
		}
	}
}

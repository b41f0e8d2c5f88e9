// Package provider signs users in at OpenID providers (OpenID Connect Core 1.0), by a code and PKCE.
package provider

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Config of a provider, by its operator.
type Config struct {
	ID           string   `json:"id"`   // in our addresses, and in the database
	Name         string   `json:"name"` // on buttons
	Issuer       string   `json:"issuer"`
	ClientID     string   `json:"client_id"`
	ClientSecret string   `json:"client_secret"` // "" for a public client
	Scopes       []string `json:"scopes"`        // nil: openid, email and profile
}

// Limits of the configuration. Names have to fit on a button.
const (
	maxProviders = 10
	maxName      = 40
)

var validID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

// none stands for no providers: the value of a secret that must not be empty.
const none = "none"

// ParseConfig reads a JSON list of providers; "" and "none" are none.
func ParseConfig(text string) ([]Config, error) {
	if text == "" || text == none {
		return nil, nil
	}
	var list []Config
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(&list); err != nil {
		return nil, fmt.Errorf("this is not a JSON list of providers: %w", err)
	}
	if d.More() {
		return nil, fmt.Errorf("there is more after the list of providers")
	}
	if len(list) > maxProviders {
		return nil, fmt.Errorf("%d providers, at most %d are possible", len(list), maxProviders)
	}
	for i := range list {
		c := &list[i]
		if err := c.check(); err != nil {
			return nil, fmt.Errorf("provider %d: %w", i+1, err)
		}
		for _, other := range list[:i] {
			if other.ID == c.ID || other.Issuer == c.Issuer {
				return nil, fmt.Errorf("provider %d has the id or the issuer of another one", i+1)
			}
		}
	}
	return list, nil
}

func (c *Config) check() error {
	if !validID.MatchString(c.ID) {
		return fmt.Errorf("id %q: must have 1 to 32 lower-case letters, digits and hyphens", c.ID)
	}
	if n := utf8.RuneCountInString(c.Name); n < 1 || n > maxName || !isText(c.Name) {
		return fmt.Errorf("name of %s: must have 1 to %d characters", c.ID, maxName)
	}
	if c.ClientID == "" {
		return fmt.Errorf("client_id of %s is missing", c.ID)
	}
	if c.Scopes == nil {
		c.Scopes = []string{"openid", "email", "profile"}
	}
	if !slices.Contains(c.Scopes, "openid") || !slices.Contains(c.Scopes, "email") {
		return fmt.Errorf("scopes of %s: openid and email are needed", c.ID)
	}
	return checkIssuer(c.Issuer)
}

// checkIssuer requires TLS, except on this machine: what the issuer says decides who signs in.
func checkIssuer(issuer string) error {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return fmt.Errorf("issuer %q: must be the URL of a provider", issuer)
	}
	ip := net.ParseIP(u.Hostname())
	local := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	if u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return fmt.Errorf("issuer %q: must begin with https://", issuer)
	}
	return nil
}

// isText reports whether s has no control characters, which would garble a page or a log.
func isText(s string) bool {
	return utf8.ValidString(s) && !bytes.ContainsFunc([]byte(s), unicode.IsControl)
}

package account

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"taskwire.dev/shared/token"
)

// DelegationLifetime is how long an assistant may act after one exchange: as long as one request takes, not as long as
// a session.
const DelegationLifetime = time.Minute

// Delegation is the token by which an assistant acts for a user.
type Delegation struct {
	AccessToken string
	Scopes      []string
	ExpiresIn   time.Duration
}

// Delegate exchanges a token of the scope mcp, which is valid only for the mcp function, for a short-lived one that is
// valid for the tasks function and names the actor (RFC 8693). The assistant may do what a script of the user may with
// the scopes of delegated: it gets no roles, and cannot create tokens.
func (a *Accounts) Delegate(ctx context.Context, who token.Principal, assistant string) (Delegation, error) {
	if err := who.Require(token.ScopeMCP); err != nil {
		return Delegation{}, err
	}
	if _, err := a.store.Principal(ctx, who); err != nil {
		return Delegation{}, err
	}
	now := clock().Truncate(time.Second)
	expires := now.Add(DelegationLifetime)
	if who.ExpiresAt.Before(expires) {
		expires = who.ExpiresAt
	}
	scopes := delegated(who.Scopes)
	signed, err := a.signer.SignFor(who, assistantName(assistant), RoleUser, scopes, now, expires)
	return Delegation{AccessToken: signed, Scopes: scopes, ExpiresIn: expires.Sub(now)}, err
}

// delegated returns the scopes that an assistant gets in exchange for a token: the tasks scopes that the token has in
// addition to mcp, or both if it has neither.
func delegated(scopes []string) []string {
	var named []string
	for _, scope := range []string{token.ScopeRead, token.ScopeWrite} {
		if slices.Contains(scopes, scope) {
			named = append(named, scope)
		}
	}
	if named == nil {
		return []string{token.ScopeRead, token.ScopeWrite}
	}
	return named
}

// maxAssistant is the longest name of an assistant in the audit log.
const maxAssistant = 40

var notInNames = regexp.MustCompile(`[^a-z0-9._-]+`)

// assistantName makes a client's name suitable for the audit log.
func assistantName(said string) string {
	name := notInNames.ReplaceAllString(strings.ToLower(said[:min(len(said), 4*maxAssistant)]), "-")
	name = strings.Trim(name[:min(len(name), maxAssistant)], "-")
	if name == "" {
		return "unnamed"
	}
	return name
}

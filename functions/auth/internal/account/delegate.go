package account

import (
	"context"
	"regexp"
	"strings"
	"time"

	"taskwire.dev/shared/token"
)

// DelegationLifetime is how long an assistant may act by one exchange: as long as one request takes, not as long
// as a session.
const DelegationLifetime = time.Minute

// Delegation is the token by which an assistant acts for a user.
type Delegation struct {
	AccessToken string
	Scopes      []string
	ExpiresIn   time.Duration
}

// Delegate exchanges a token of the scope mcp, which opens nothing but the assistant's door, for a short one that
// opens the tasks function, and that says who acts (RFC 8693). The assistant may do what a user's own script may with
// the scopes of Principal.DelegatedScopes: no roles, and no tokens of its own.
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
	scopes := who.DelegatedScopes()
	signed, err := a.signer.SignFor(who, assistantName(assistant), RoleUser, scopes, now, expires)
	return Delegation{AccessToken: signed, Scopes: scopes, ExpiresIn: expires.Sub(now)}, err
}

// maxAssistant is the longest name of an assistant in the audit log.
const maxAssistant = 40

var notInNames = regexp.MustCompile(`[^a-z0-9._-]+`)

// assistantName makes what a client calls itself fit for the audit log.
func assistantName(said string) string {
	name := notInNames.ReplaceAllString(strings.ToLower(said[:min(len(said), 4*maxAssistant)]), "-")
	name = strings.Trim(name[:min(len(name), maxAssistant)], "-")
	if name == "" {
		return "unnamed"
	}
	return name
}

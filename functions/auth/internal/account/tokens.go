package account

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/token"
)

// Bounds of personal access tokens.
const (
	MaxTokens        = 50 // that are good, of one user
	MaxTokenName     = 100
	MaxTokenDays     = 365
	defaultTokenDays = 90
)

// Token is a personal access token as it is listed.
type Token struct {
	ID         uuid.UUID  `json:"id"`
	Name       string     `json:"name"`
	Scopes     []string   `json:"scopes"`
	CreatedAt  time.Time  `json:"created_at"`
	ExpiresAt  time.Time  `json:"expires_at"`
	LastUsedAt *time.Time `json:"last_used_at"`
}

// CreatedToken is a token with its secret, which is shown this once.
type CreatedToken struct {
	Token
	Secret string `json:"token"`
}

// NewToken is what is asked for. Without days it is for 90; what it may do must be said.
type NewToken struct {
	Name          string   `json:"name"`
	Scopes        []string `json:"scopes"`
	ExpiresInDays *int     `json:"expires_in_days"`
}

func (n NewToken) token(now time.Time) (Token, error) {
	var fs fault.Fields
	// Whole seconds, as in the claims, so that the list says exactly when the token expires.
	t := Token{ID: newID(), Name: strings.TrimSpace(n.Name), Scopes: n.Scopes, CreatedAt: now.Truncate(time.Second)}
	checkText(&fs, "/name", t.Name, MaxTokenName)
	checkScopes(&fs, t.Scopes)
	days := defaultTokenDays
	if n.ExpiresInDays != nil {
		days = *n.ExpiresInDays
	}
	if days < 1 || days > MaxTokenDays {
		fs.Add("/expires_in_days", "must be 1 to %d", MaxTokenDays)
	}
	t.ExpiresAt = t.CreatedAt.AddDate(0, 0, days)
	return t, fs.Err()
}

func checkScopes(fs *fault.Fields, scopes []string) {
	if len(scopes) == 0 {
		fs.Add("/scopes", "must name at least one scope")
	}
	for i, s := range scopes {
		if !slices.Contains(token.Scopes, s) || slices.Contains(scopes[:i], s) {
			fs.Add("/scopes", "may contain each of %s at most once", strings.Join(token.Scopes, ", "))
			return
		}
	}
}

// CreateToken makes a personal access token. The same key again gives the same token, secret and all: it is
// signed again from what is kept of it, and EdDSA signs the same contents the same way.
func (a *Accounts) CreateToken(ctx context.Context, who token.Principal, n NewToken, key idempotency.Key) (CreatedToken, error) {
	t, err := n.token(clock())
	if err != nil {
		return CreatedToken{}, err
	}
	t, user, err := a.store.AddToken(ctx, who.UserID, t, key)
	if err != nil {
		return CreatedToken{}, err
	}
	t.LastUsedAt = nil // as in the first answer
	secret, err := a.signer.Sign(user.ID, t.ID, token.KindPersonal, user.Role, t.Scopes, t.CreatedAt, t.ExpiresAt)
	return CreatedToken{Token: t, Secret: secret}, err
}

// Tokens lists the tokens of who's that are not revoked, newest first, from the one behind before.
func (a *Accounts) Tokens(ctx context.Context, who token.Principal, before *uuid.UUID, limit int) ([]Token, error) {
	return a.store.Tokens(ctx, who.UserID, before, limit)
}

// RevokeToken makes a token useless at once.
func (a *Accounts) RevokeToken(ctx context.Context, who token.Principal, id uuid.UUID) error {
	return a.store.RevokeToken(ctx, who.UserID, id, clock())
}

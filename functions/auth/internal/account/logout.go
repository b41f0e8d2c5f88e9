package account

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"taskwire.dev/shared/token"
)

// Logout ends the session of a refresh token, and reports whether it did: a token that is unknown, or whose session has ended, is
// ignored.
func (a *Accounts) Logout(ctx context.Context, secret string) (bool, error) {
	hash, ok := hashOf(secret)
	if !ok {
		return false, nil
	}
	return a.store.Logout(ctx, hash, clock())
}

// LogoutWith ends the session of an access token. One that has ended is ignored; a revoked personal access token is refused.
func (a *Accounts) LogoutWith(ctx context.Context, who token.Principal) error {
	_, err := a.store.Principal(ctx, who)
	if err == nil && who.SessionID != uuid.Nil {
		_, err = a.store.EndSessions(ctx, who, func(session uuid.UUID) bool { return session == who.SessionID })
	}
	if errors.Is(err, ErrSession) {
		return nil
	}
	return err
}

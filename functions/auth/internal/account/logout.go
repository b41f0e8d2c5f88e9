package account

import "context"

// Logout ends the session of a refresh token. One that is unknown, or was ended before, is nothing to do.
func (a *Accounts) Logout(ctx context.Context, secret string) error {
	hash, ok := hashOf(secret)
	if !ok {
		return nil
	}
	return a.store.EndSession(ctx, hash, clock())
}

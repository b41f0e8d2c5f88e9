package account

import "context"

// Logout ends the session of a refresh token. A token that is unknown, or whose session has ended, is ignored.
func (a *Accounts) Logout(ctx context.Context, secret string) error {
	hash, ok := hashOf(secret)
	if !ok {
		return nil
	}
	return a.store.EndSession(ctx, hash, clock())
}

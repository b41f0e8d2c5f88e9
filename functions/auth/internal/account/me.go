package account

import (
	"context"

	"taskwire.dev/shared/token"
)

// Me returns the user behind an access token. It is Unauthenticated when the token was revoked or the user is gone.
func (a *Accounts) Me(ctx context.Context, who token.Principal) (User, error) {
	return a.store.Principal(ctx, who)
}

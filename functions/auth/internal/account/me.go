package account

import (
	"context"

	"taskwire.dev/shared/token"
)

// Me returns the user of an access token. It is Unauthenticated when the token was revoked or the user no longer
// exists.
func (a *Accounts) Me(ctx context.Context, who token.Principal) (User, error) {
	return a.store.Principal(ctx, who)
}

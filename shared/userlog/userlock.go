package userlog

import (
	"context"

	"github.com/google/uuid"

	"taskwire.dev/shared/postgres"
)

// userLock lets one change of a user run at a time in this process. Between processes the row of user_stream is the
// lock; waiting for that one takes a connection, and waiting for this one does not.
type userLock struct{ places *postgres.Shares }

func newUserLock() userLock { return userLock{postgres.NewShares(1)} }

// acquire waits for the user's lock, at most as long as a transaction may take.
func (l userLock) acquire(ctx context.Context, user uuid.UUID) (release func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	return l.places.Take(ctx, postgres.OfUser(user))
}

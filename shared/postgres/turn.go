package postgres

import (
	"context"
	"sync"

	"github.com/google/uuid"
)

// turns lets one change of a user at a time have a connection. The row lock would order them as well, but each
// waiter would hold a connection meanwhile: one busy user could take them all, and a waiter that gives up would
// cost its connection.
type turns struct {
	mu    sync.Mutex
	users map[uuid.UUID]*turn
}

type turn struct {
	taken chan struct{} // capacity 1
	refs  int           // who has it or waits for it
}

// take waits for the user's turn, at most as long as a transaction may take. The caller calls done when it is over.
func (ts *turns) take(ctx context.Context, user uuid.UUID) (done func(), err error) {
	ts.mu.Lock()
	if ts.users == nil {
		ts.users = map[uuid.UUID]*turn{}
	}
	t := ts.users[user]
	if t == nil {
		t = &turn{taken: make(chan struct{}, 1)}
		ts.users[user] = t
	}
	t.refs++
	ts.mu.Unlock()

	leave := func() {
		ts.mu.Lock()
		defer ts.mu.Unlock()
		if t.refs--; t.refs == 0 {
			delete(ts.users, user)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	select {
	case t.taken <- struct{}{}:
		return func() { <-t.taken; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, Fault(ctx.Err())
	}
}

package postgres

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"

	"taskwire.dev/shared/fault"
)

// lanes lets changes that wait at the same moment share a transaction, so that BEGIN, COMMIT, the wait for the
// disk, two round trips and their context switches cost the same for one change as for many. A change that comes
// while a lane is free starts at once: nothing ever waits in order to be joined by others.
//
// In a shared transaction each statement runs for one user, whom row-level security is told of before it. Changes
// are of different users (see turns), nobody waits for a lock, and the domain's refusals are no errors of the
// database, so one change has no way to hold up or to fail the rest. Should the database refuse something after
// all, each change is done again in a transaction of its own.
type lanes struct {
	mu      sync.Mutex
	waiting []*change
	busy    int
}

const (
	// maxLanes is how many shared transactions there are at once: while one waits for the disk another works.
	maxLanes = 2
	// maxShared is how many changes share one. The first of them waits for the last, and holds its lock meanwhile.
	maxShared = 32
)

// together executes c with whoever waits as well. It leaves c unsettled when c needs a transaction of its own.
func (s *Tasks) together(ctx context.Context, c *change) {
	if s.lanes.enter(c) {
		s.drive()
	}
	// As for a connection: to wait into the deadline of the request would leave no time for the work.
	ctx, cancel := context.WithTimeout(ctx, QueueTimeout)
	defer cancel()
	select {
	case <-c.left:
	case <-ctx.Done():
		if s.lanes.leave(c) {
			c.refuse(fault.Away("the database", ctx.Err()))
			return
		}
		<-c.left
	}
}

// drive executes one group of those who wait. Others that have come meanwhile get a goroutine of their own, so that
// the caller's request is answered.
func (s *Tasks) drive() {
	s.share(s.lanes.take())
	if s.lanes.more() {
		go s.drive()
	}
}

// share executes changes in one transaction and lets them go.
func (s *Tasks) share(changes []*change) {
	defer func() {
		for _, c := range changes {
			close(c.left)
		}
	}()
	if len(changes) == 0 {
		return
	}
	conn, err := s.pool.Acquire(context.Background(), Platform)
	if err != nil {
		refuseAll(changes, err)
		return
	}
	defer conn.Release()
	ctx, cancel := context.WithTimeout(context.Background(), Timeout)
	defer cancel()
	if err := s.transact(ctx, conn, changes, skip); err != nil && !undone(conn, err) {
		refuseAll(changes, err)
	}
}

func refuseAll(changes []*change, err error) {
	for _, c := range changes {
		if !c.settled {
			c.refuse(err)
		}
	}
}

// undone reports whether a transaction that has failed is known to have left nothing: the server said so, and
// went on.
func undone(conn *Conn, err error) bool {
	var refusal *pgconn.PgError
	return errors.As(err, &refusal) && !conn.Conn().IsClosed()
}

// enter adds c to those who wait, and reports whether the caller must drive.
func (l *lanes) enter(c *change) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = append(l.waiting, c)
	if l.busy == maxLanes {
		return false
	}
	l.busy++
	return true
}

// leave takes c out again, and reports whether it still waited.
func (l *lanes) leave(c *change) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := slices.Index(l.waiting, c)
	if at < 0 {
		return false
	}
	l.waiting = slices.Delete(l.waiting, at, at+1)
	return true
}

// take takes the next group, those who have waited longest.
func (l *lanes) take() []*change {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(len(l.waiting), maxShared)
	group := slices.Clone(l.waiting[:n])
	l.waiting = slices.Delete(l.waiting, 0, n)
	return group
}

// more reports whether somebody waits; if not, the lane is free.
func (l *lanes) more() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) > 0 {
		return true
	}
	l.busy--
	return false
}

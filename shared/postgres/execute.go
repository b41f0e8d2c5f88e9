package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/failpoint"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// Tasks executes commands on tasks and answers questions about them, in the role taskwire_app.
type Tasks struct {
	pool  *Pool
	wake  func(user uuid.UUID)
	turns *Shares // one change of a user at a time
	lanes lanes
}

// NewTasks returns the store; wake is told whose outbox has something new, once it is committed.
func NewTasks(pool *Pool, wake func(user uuid.UUID)) *Tasks {
	return &Tasks{pool: pool, wake: wake, turns: NewShares(1)}
}

// Execute does cmd for who in one transaction: lock the user's stream, apply, write tasks, audit events,
// outgoing CloudEvents and the answer, commit. When key was used before for the same request, the first
// answer comes back and nothing is done. render makes the answer, and is called before the commit.
//
// Commands of different users that wait at the same moment share a transaction (see lanes). Each acts for its own
// user in it, and one that is refused writes nothing and touches no other.
func (s *Tasks) Execute(ctx context.Context, who token.Principal, key idempotency.Key, cmd task.Command,
	render func(task.Outcome) idempotency.Answer,
) (idempotency.Answer, error) {
	if err := s.reserve(ctx, who, cmd.Needs()); err != nil {
		return idempotency.Answer{}, err
	}
	c := newChange(ctx, who, key, cmd, render)
	err := s.settle(ctx, c)
	return c.answer, err
}

// settle executes a change when it is its user's turn.
func (s *Tasks) settle(ctx context.Context, c *change) error {
	done, err := s.turns.turn(ctx, c.who.UserID)
	if err != nil {
		return err
	}
	defer done()
	s.together(ctx, c)
	if !c.settled {
		s.alone(ctx, c)
	}
	return Fault(c.err)
}

// alone executes a change in a transaction of its own, which waits for the user's lock, and makes the user's
// stream before the first change of all.
func (s *Tasks) alone(ctx context.Context, c *change) {
	conn, err := s.pool.Acquire(ctx, OfUser(c.who.UserID))
	if err != nil {
		c.refuse(err)
		return
	}
	defer conn.Release() // a connection that is still in a transaction is closed by the pool, not reused
	// A commit must not be torn from its answer because the caller hung up half way.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), Timeout)
	defer cancel()
	err = Retry(func() error {
		err := s.transact(ctx, conn, []*change{c}, wait)
		if err != nil || c.settled {
			return err
		}
		if err := openStream(ctx, conn, c.who); err != nil {
			return err
		}
		return s.transact(ctx, conn, []*change{c}, wait)
	})
	if err != nil && !c.settled {
		c.refuse(err)
	}
}

// transact executes changes of different users in one transaction: one round trip takes the locks and reads all
// that the commands need, another writes what they have done and commits; for recurring tasks there is one more
// between. After an error, which is of the
// transaction as a whole, those are settled that were refused before it came to that. Without one all are, but
// for users whose lock was not to be had or who have no stream.
func (s *Tasks) transact(ctx context.Context, conn *Conn, changes []*change, p patience) error {
	b := &pgx.Batch{}
	b.Queue("BEGIN").Exec(Discard)
	for _, c := range changes {
		c.queueReads(b, p)
	}
	if err := conn.SendBatch(ctx, b).Close(); err != nil {
		Rollback(ctx, conn)
		return err
	}
	if err := readOccurrences(ctx, conn, changes); err != nil {
		Rollback(ctx, conn)
		return err
	}
	b = &pgx.Batch{}
	var applied []*change
	for _, c := range changes {
		if c.locked && c.apply() {
			c.queueWrites(b, len(changes) > 1)
			applied = append(applied, c)
		}
	}
	if b.Len() == 0 {
		Rollback(ctx, conn)
	} else {
		b.Queue("COMMIT")
		if err := conn.SendBatch(ctx, b).Close(); err != nil {
			Rollback(ctx, conn)
			return err
		}
	}
	for _, c := range applied {
		c.settled = true
		if len(c.ledger.Events()) > 0 {
			failpoint.Pass(failpoint.AfterCommit)
			s.wake(c.who.UserID)
		}
	}
	return nil
}

func openStream(ctx context.Context, conn *Conn, who token.Principal) error {
	b := &pgx.Batch{}
	ActAs(b, who, Fail)
	b.Queue(`INSERT INTO user_stream (user_id) VALUES ($1) ON CONFLICT (user_id) DO NOTHING`, who.UserID)
	return Fault(conn.SendBatch(ctx, b).Close())
}

var errGone = fault.New(fault.NotFound, "there is no such task")

package userlog

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"taskwire.dev/shared/failpoint"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/memory"
	"taskwire.dev/shared/postgres"
)

// AloneTimeout bounds a change that needs its own transaction. Few take a second, but even the largest must be
// possible: a client that gives up waiting finds it done. Other changes of the same user wait up to postgres.Timeout for it,
// and then their clients are told to try again.
const AloneTimeout = time.Minute

// commitAlone runs p in its own transaction, which waits for the user's lock and may be the user's first. If an event caused p and its
// user no longer exists, nothing is changed.
func (l *Log) commitAlone(ctx context.Context, p *pending) {
	// Whoever asks for a change to run Alone reserves what that needs, which is less: with stageMemory for each, few changes of
	// labels could run at once.
	if p.large && !p.changes[0].Alone {
		if err := memory.Reserve(ctx, stageMemory); err != nil {
			p.fail(err)
			return
		}
	}
	conn, err := l.pool.Acquire(ctx, postgres.OfUser(p.user.UserID))
	if err != nil {
		p.fail(err)
		return
	}
	defer conn.Release() // a connection that is still in a transaction is closed by the pool, not reused
	// A commit must not be separated from its answer because the caller hung up in between.
	timeout := postgres.Timeout
	if p.large {
		timeout = AloneTimeout
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	defer cancel()
	err = postgres.Retry(func() error {
		for _, how := range []locking{waitForIt, firstChange} {
			if how == firstChange && len(p.inbox.causes) > 0 {
				p.complete(idempotency.Answer{})
				return nil
			}
			if _, err := l.transact(ctx, conn, []*pending{p}, how); err != nil || p.done {
				return err
			}
		}
		return nil
	})
	if err != nil {
		p.fail(err)
	}
}

// transact runs changes of different users in one transaction. One round trip takes the locks and reads, another one
// writes and commits; commands on recurring tasks and changes of when a task is due take one more in between. An error
// is that of the whole transaction, and undone means that nothing was committed for certain: then only changes that had
// already failed are done. Without an error all are done, except those whose user row is locked by another transaction
// or missing, and those that need their own transaction.
func (l *Log) transact(ctx context.Context, conn *postgres.Conn, group []*pending, how locking) (undone bool, err error) {
	b := &pgx.Batch{}
	b.Queue("BEGIN").Exec(postgres.Discard)
	b.Queue(postgres.SetByKey).Exec(postgres.Discard)
	for _, p := range group {
		p.queueReads(b, how)
	}
	if err = conn.SendBatch(ctx, b).Close(); err == nil {
		err = readOccurrences(ctx, conn, group)
	}
	if err != nil {
		undone = !conn.Conn().IsClosed()
		postgres.Rollback(ctx, conn)
		return undone, err
	}
	var applied []*pending
	for _, p := range group {
		if p.apply() {
			applied = append(applied, p)
		}
	}
	if err = checkNames(ctx, conn, applied); err == nil {
		err = readNotified(ctx, conn, applied)
	}
	if err == nil {
		for _, p := range applied {
			p.resolve()
			if err == nil && !p.done {
				err = p.runStages(ctx, conn)
			}
		}
	}
	if err != nil {
		undone = !conn.Conn().IsClosed()
		postgres.Rollback(ctx, conn)
		return undone, err
	}
	b = &pgx.Batch{}
	flushed := false
	for _, p := range applied {
		if !p.done { // it may have failed in a stage
			p.queueWrites(b, len(group) > 1)
			flushed = flushed || p.flushed
		}
	}
	if b.Len() == 0 && !flushed {
		postgres.Rollback(ctx, conn)
	} else {
		b.Queue("COMMIT")
		if err := conn.SendBatch(ctx, b).Close(); err != nil {
			var refusal *pgconn.PgError // the server reported it and goes on: it has not reached the COMMIT
			undone = errors.As(err, &refusal) && !conn.Conn().IsClosed()
			postgres.Rollback(ctx, conn)
			return undone, err
		}
	}
	for _, p := range applied {
		if p.done {
			continue
		}
		changed := p.wrote || len(p.tx.Events()) > 0
		if changed {
			failpoint.Pass(failpoint.AfterCommit) // before the response, or whether that is still sent would be chance
		}
		p.complete(p.tx.Answer)
		if changed {
			l.wake(p.user.UserID)
		}
	}
	return false, nil
}

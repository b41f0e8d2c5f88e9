package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"taskwire.dev/shared/failpoint"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/tracecontext"
)

// Tasks executes commands on tasks and answers questions about them, in the role taskwire_app.
type Tasks struct {
	pool  *pgxpool.Pool
	wake  func(user uuid.UUID)
	turns turns
}

// NewTasks returns the store; wake is told whose outbox has something new, once it is committed.
func NewTasks(pool *pgxpool.Pool, wake func(user uuid.UUID)) *Tasks {
	return &Tasks{pool: pool, wake: wake}
}

// Execute does cmd for who in one transaction: lock the user's stream, apply, write tasks, audit events,
// outgoing CloudEvents and the answer, commit. When key was used before for the same request, the first
// answer comes back and nothing is done. render makes the answer, and is called before the commit.
func (s *Tasks) Execute(ctx context.Context, who token.Principal, key idempotency.Key, cmd task.Command,
	render func(task.Outcome) idempotency.Answer,
) (idempotency.Answer, error) {
	done, err := s.turns.take(ctx, who.UserID)
	if err != nil {
		return idempotency.Answer{}, err
	}
	defer done()
	conn, err := acquire(ctx, s.pool)
	if err != nil {
		return idempotency.Answer{}, err
	}
	defer conn.Release() // a connection that is still in a transaction is closed by the pool, not reused
	// A commit must not be torn from its answer because the caller hung up half way.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), Timeout)
	defer cancel()
	for attempt := 1; ; attempt++ {
		answer, err := s.execute(ctx, conn, who, key, cmd, render)
		if err == nil || attempt == 3 || !retryable(err) {
			return answer, Fault(err)
		}
	}
}

func (s *Tasks) execute(ctx context.Context, conn *pgxpool.Conn, who token.Principal, key idempotency.Key, cmd task.Command,
	render func(task.Outcome) idempotency.Answer,
) (idempotency.Answer, error) {
	started, err := begin(ctx, conn, who, key, cmd.Needs())
	if err != nil {
		rollback(ctx, conn)
		return idempotency.Answer{}, err
	}
	if started.replay != nil {
		rollback(ctx, conn)
		return *started.replay, nil
	}
	ledger := started.ledger
	outcome, err := cmd.Apply(ledger)
	if err != nil {
		rollback(ctx, conn)
		return idempotency.Answer{}, err
	}
	answer := render(outcome)
	if err := commit(ctx, conn, ledger, key, answer); err != nil {
		rollback(ctx, conn)
		return idempotency.Answer{}, err
	}
	if len(ledger.Events()) > 0 {
		failpoint.Pass(failpoint.AfterCommit)
		s.wake(who.UserID)
	}
	return answer, nil
}

func rollback(ctx context.Context, conn *pgxpool.Conn) {
	if !conn.Conn().IsClosed() {
		_, _ = conn.Exec(ctx, "ROLLBACK") // when this fails, Release closes the connection
	}
}

type beginning struct {
	ledger *task.Ledger
	replay *idempotency.Answer
}

// begin opens the transaction, takes the lock and reads all that the command needs, in one round trip. Each
// statement sees what was committed before it started (READ COMMITTED), so all after the lock are current.
func begin(ctx context.Context, conn *pgxpool.Conn, who token.Principal, key idempotency.Key, needs task.Needs) (beginning, error) {
	ledger := &task.Ledger{
		UserID: who.UserID, Actor: who.Actor(),
		Traceparent: tracecontext.From(ctx), NewID: newID,
	}
	out := beginning{ledger: ledger}
	known := false

	b := &pgx.Batch{}
	b.Queue("BEGIN").Exec(discard)
	actAs(b, who)
	// primary key of user_stream
	b.Queue(`SELECT seq, last_position FROM user_stream WHERE user_id = $1 FOR UPDATE`, who.UserID).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			known = true
			if err := rows.Scan(&ledger.Seq, &ledger.LastPosition); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	if key.Name != "" {
		queueFirstAnswer(b, who.UserID, key, &out.replay)
	}
	if len(needs.Tasks) > 0 {
		queueTasks(b, who.UserID, needs, ledger)
	}
	if err := conn.SendBatch(ctx, b).Close(); err != nil {
		return out, err
	}
	if known {
		// Taken under the lock, the times of a user's changes follow their order.
		ledger.Now = time.Now().UTC().Truncate(time.Microsecond)
		return out, nil
	}
	// The user's first change of all: make the stream, and read again under its lock.
	rollback(ctx, conn)
	if err := openStream(ctx, conn, who); err != nil {
		return out, err
	}
	return begin(ctx, conn, who, key, needs)
}

func openStream(ctx context.Context, conn *pgxpool.Conn, who token.Principal) error {
	return read(ctx, conn, who, func(b *pgx.Batch) {
		b.Queue(`INSERT INTO user_stream (user_id) VALUES ($1) ON CONFLICT (user_id) DO NOTHING`, who.UserID)
	})
}

func queueFirstAnswer(b *pgx.Batch, user uuid.UUID, key idempotency.Key, out **idempotency.Answer) {
	// primary key of idempotency_key
	const first = `SELECT request_hash, status, header, body FROM idempotency_key WHERE user_id = $1 AND key = $2`
	b.Queue(first, user, key.Name).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			var hash []byte
			var a idempotency.Answer
			if err := rows.Scan(&hash, &a.Status, &a.Header, &a.Body); err != nil {
				return err
			}
			if err := key.Check(hash); err != nil {
				return err
			}
			*out = &a
		}
		return rows.Err()
	})
}

func queueTasks(b *pgx.Batch, user uuid.UUID, needs task.Needs, ledger *task.Ledger) {
	// primary key of task; task_parent for the way down
	const named = `SELECT ` + taskColumns + ` FROM task WHERE user_id = $1 AND id = ANY ($2)`
	const family = `
WITH RECURSIVE up AS (
  SELECT id, parent_id FROM task WHERE user_id = $1 AND id = ANY ($2)
  UNION SELECT t.id, t.parent_id FROM task t JOIN up ON t.user_id = $1 AND t.id = up.parent_id
), down AS (
  SELECT id FROM task WHERE user_id = $1 AND id = ANY ($2)
  UNION SELECT t.id FROM task t JOIN down ON t.user_id = $1 AND t.parent_id = down.id
)
SELECT ` + taskColumns + ` FROM task WHERE user_id = $1 AND id IN (SELECT id FROM up UNION SELECT id FROM down)`
	query := named
	if needs.Family {
		query = family
	}
	b.Queue(query, user, needs.Tasks).Query(func(rows pgx.Rows) error {
		tasks, err := pgx.CollectRows(rows, scanTask)
		ledger.Load(tasks...)
		return err
	})
}

// commit writes what the ledger has recorded, and the answer, in one round trip.
func commit(ctx context.Context, conn *pgxpool.Conn, l *task.Ledger, key idempotency.Key, answer idempotency.Answer) error {
	b := &pgx.Batch{}
	for _, e := range l.Events() {
		if err := saveEvent(b, e, l.LastPosition); err != nil {
			return err
		}
	}
	if key.Name != "" {
		const keep = `INSERT INTO idempotency_key (user_id, key, request_hash, status, header, body) VALUES ($1, $2, $3, $4, coalesce($5, '{}'::jsonb), $6)`
		b.Queue(keep, l.UserID, key.Name, key.Hash[:], answer.Status, answer.Header, nonNil(answer.Body))
	}
	b.Queue("COMMIT")
	return conn.SendBatch(ctx, b).Close()
}

// nonNil keeps an empty body from being NULL.
func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// newID returns a UUIDv7; it panics only when the system has no randomness, as crypto/rand does.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

var errGone = fault.New(fault.NotFound, "there is no such task")

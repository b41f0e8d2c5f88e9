package postgres

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/clock"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/tracecontext"
)

// change is a command on its way through a transaction.
type change struct {
	who         token.Principal
	actor       string  // as the audit log names it
	causes      *causes // the events that it is done for, if any
	key         idempotency.Key
	cmd         task.Command
	render      func(task.Outcome) idempotency.Answer
	traceparent string

	ledger  *task.Ledger
	locked  bool // the user's stream is this transaction's
	settled bool // answer or err is what the caller gets
	answer  idempotency.Answer
	err     error
	left    chan struct{} // closed when the lane is done with it
}

func newChange(ctx context.Context, who token.Principal, key idempotency.Key, cmd task.Command,
	render func(task.Outcome) idempotency.Answer,
) *change {
	return &change{
		who: who, actor: who.Actor(), key: key, cmd: cmd, render: render, traceparent: tracecontext.From(ctx), left: make(chan struct{}),
	}
}

// refuse settles the change with an error.
func (c *change) refuse(err error) {
	c.settled, c.err = true, err
}

// patience says what to do about a lock that somebody else has.
type patience bool

const (
	wait patience = true
	skip patience = false // leave the change unsettled, for others wait for the same transaction
)

// queueReads takes the lock and reads all that the command needs. Each statement sees what was committed before it
// started (READ COMMITTED), so all after the lock are current.
func (c *change) queueReads(b *pgx.Batch, p patience) {
	c.locked = false
	c.ledger = &task.Ledger{UserID: c.who.UserID, Actor: c.actor, Traceparent: c.traceparent, NewID: NewID}
	ActAs(b, c.who, func(refusal error) error {
		c.refuse(refusal)
		return nil // others' part of the transaction goes on
	})
	// primary key of user_stream
	lock := `SELECT seq, last_position FROM user_stream WHERE user_id = $1 FOR UPDATE`
	if p == skip {
		lock += ` SKIP LOCKED`
	}
	b.Queue(lock, c.who.UserID).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			c.locked = true
			if err := rows.Scan(&c.ledger.Seq, &c.ledger.LastPosition); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	if c.key.Name != "" {
		QueueFirstAnswer(b, c.who.UserID, c.key, func(a idempotency.Answer, err error) {
			if !c.settled { // or refused already: the token is not good
				c.settled, c.answer, c.err = true, a, err
			}
		})
	}
	if c.causes != nil {
		c.causes.queueKnown(b)
	}
	needs := c.cmd.Needs()
	if len(needs.Tasks) > 0 {
		queueTasks(b, c.who.UserID, needs, c.ledger)
	}
	if len(needs.Chosen) > 0 {
		queueChosen(b, needs.Chosen, c.ledger)
	}
	if needs.Timezone {
		queueTimezone(b, c.ledger)
	}
}

// What was answered to a request with an idempotency key; primary key of idempotency_key.
const (
	firstAnswer = `SELECT request_hash, status, header, body FROM idempotency_key WHERE user_id = $1 AND key = $2`
	keepAnswer  = `INSERT INTO idempotency_key (user_id, key, request_hash, status, header, body) VALUES ($1, $2, $3, $4, coalesce($5, '{}'::jsonb), $6)`
)

// relatives are the tasks named, all above them ("up") and all below ("down").
const relatives = `
WITH RECURSIVE up AS (
  SELECT id, parent_id FROM task WHERE user_id = $1 AND id = ANY ($2)
  UNION SELECT t.id, t.parent_id FROM task t JOIN up ON t.user_id = $1 AND t.id = up.parent_id
), down AS (
  SELECT id FROM task WHERE user_id = $1 AND id = ANY ($2)
  UNION SELECT t.id FROM task t JOIN down ON t.user_id = $1 AND t.parent_id = down.id
)
`

func queueTasks(b *pgx.Batch, user uuid.UUID, needs task.Needs, ledger *task.Ledger) {
	// primary key of task; task_parent for the way down. With a list PostgreSQL plans the query anew each time, since
	// it expects more of a list that it does not know; for one task that took longer than to find it.
	const one = `SELECT ` + taskColumns + ` FROM task WHERE user_id = $1 AND id = $2`
	const named = `SELECT ` + taskColumns + ` FROM task WHERE user_id = $1 AND id = ANY ($2)`
	const family = relatives + `SELECT ` + taskColumns + ` FROM task WHERE user_id = $1 AND id IN (SELECT id FROM up UNION SELECT id FROM down)`
	query, ids := named, any(needs.Tasks)
	switch {
	case needs.Family:
		query = family
	case len(needs.Tasks) == 1:
		query, ids = one, needs.Tasks[0]
	}
	b.Queue(query, user, ids).Query(func(rows pgx.Rows) error {
		tasks, err := pgx.CollectRows(rows, scanTask)
		ledger.Load(tasks...)
		return err
	})
}

// apply lets the command do its work on what was read, and renders the answer. It reports whether there is
// something to commit; else the change is settled.
func (c *change) apply() (ok bool) {
	if c.settled {
		return false
	}
	defer func() {
		// Others wait for the same transaction, and their requests' own guards are in other goroutines.
		if p := recover(); p != nil {
			c.refuse(fault.Wrap(fault.Internal, fmt.Errorf("panic: %v\n%s", p, debug.Stack()), "an unexpected error"))
			ok = false
		}
	}()
	// Taken under the lock, the times of a user's changes follow their order.
	c.ledger.Now = clock.Now()
	outcome, err := c.cmd.Apply(c.ledger)
	if err != nil {
		c.refuse(err)
		return false
	}
	c.answer = c.render(outcome)
	return true
}

// queueWrites writes what the ledger has recorded, and the answer. With shared, others have read since this user's
// turn, so the user must be named again.
func (c *change) queueWrites(b *pgx.Batch, shared bool) {
	events := c.ledger.Events()
	if len(events) == 0 && c.key.Name == "" && c.causes == nil {
		return
	}
	if shared {
		b.Queue(SetUser, c.who.UserID.String())
	}
	for _, e := range events {
		saveEvent(b, e, c.ledger.LastPosition)
	}
	if c.causes != nil {
		c.causes.queueRecord(b)
	}
	if c.key.Name != "" {
		QueueKeepAnswer(b, c.who.UserID, c.key, c.answer)
	}
}

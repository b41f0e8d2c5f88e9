// Package userlog changes the data of a user. It is the only way to do so.
//
// Every user has a log (the table task_event): what happened to the user's tasks and notifications, numbered without
// gaps in commit order. A change does all of this in one transaction: it takes the user's lock, checks whether its
// cause or its request was handled before, reads what it needs, applies the rules of the domain, and writes the rows,
// the audit events, their CloudEvents for the outbox, the inbox record and the answer. After the commit it wakes the
// publisher.
//
// Changes of different users that wait at the same moment share a transaction (groupcommit.go).
package userlog

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// Log makes changes in the role of its pool: taskwire_app for requests of users, taskwire_worker for consumers.
type Log struct {
	pool  *postgres.Pool
	wake  func(user uuid.UUID)
	lock  userLock
	group group

	bounds *task.Usage // nil: none
}

// New returns a Log. It calls wake after each commit that put events of a user into the outbox.
func New(pool *postgres.Pool, wake func(user uuid.UUID)) *Log {
	return &Log{pool: pool, wake: wake, lock: newUserLock()}
}

// Bound lets users keep at most that much, unless the operator has set other bounds for a user: a change that adds more is refused.
// Without it there is no bound, as for consumers, whose work must not get lost.
func (l *Log) Bound(u task.Usage) *Log {
	l.bounds = &u
	return l
}

// Change is a change to the data of one user.
type Change struct {
	// User is the owner of the data. A personal access token is checked for revocation.
	User token.Principal
	// Actor is recorded in the log as the author. The default is the user, or the consumer that Cause names.
	Actor string
	// Key makes the change idempotent for a caller that repeats a request. The zero Key does not.
	Key idempotency.Key
	// Cause makes the change idempotent for a consumer of events, and does nothing for a user whose account was erased. The zero Cause
	// does neither.
	Cause Cause
	// Needs are the tasks to read before Apply.
	Needs task.Needs
	// Alone makes the change in its own transaction: it takes so long that others must not wait for it.
	Alone bool
	// Read queues further queries, which also run under the user's lock. Unexpected results are for Apply to judge: an
	// error here makes the change run again, separately from its group.
	Read func(*pgx.Batch)
	// Apply decides. What it appends and queues is written unless it fails; then nothing is written. Read and Apply may
	// run more than once, so they must not have side effects.
	Apply func(*Tx) error
}

// Cause is the event that a consumer handles. Only one of its deliveries is applied.
type Cause struct {
	Consumer    string // its name in the inbox, which must never change
	Source, ID  string // of the event
	Traceparent string // of the event; if it has none, the context's
}

// actor is the author of the change in the log.
func (c Change) actor() string {
	switch {
	case c.Actor != "":
		return c.Actor
	case c.Cause.Consumer != "":
		return System(c.Cause.Consumer)
	default:
		return c.User.Actor()
	}
}

// System is the Actor of a function that does not act for a user or an event.
func System(function string) string { return "system:" + function }

// Command returns the change that executes a command on tasks. render makes the answer, before the commit; it may be
// nil.
func Command(user token.Principal, cmd task.Command, render func(task.Outcome) idempotency.Answer) Change {
	return Change{User: user, Needs: cmd.Needs(), Apply: func(tx *Tx) error {
		outcome, err := cmd.Apply(tx.Ledger)
		if err == nil && render != nil {
			tx.Answer = render(outcome)
		}
		return err
	}}
}

// Do makes a change and returns its answer. If the Key was used before for the same request, it returns the first
// answer and changes nothing.
func (l *Log) Do(ctx context.Context, c Change) (idempotency.Answer, error) {
	return l.run(ctx, []Change{c})
}

// DoAll makes changes of one user in order, all or none of them, in one transaction. They have no Key.
func (l *Log) DoAll(ctx context.Context, changes []Change) error {
	for _, c := range changes {
		if c.User.UserID != changes[0].User.UserID {
			return fault.New(fault.Invalid, "the changes are of different users")
		}
	}
	if len(changes) == 0 {
		return nil
	}
	_, err := l.run(ctx, changes)
	return err
}

func (l *Log) run(ctx context.Context, changes []Change) (_ idempotency.Answer, err error) {
	ctx, end := begin(ctx, changes)
	defer func() { end(err) }()
	p := newPending(ctx, changes, l.bounds)
	unlock, err := l.lock.acquire(ctx, p.user.UserID)
	if err != nil {
		return idempotency.Answer{}, err
	}
	defer unlock()
	if !p.large {
		l.commitInGroup(ctx, p)
	}
	if !p.done {
		l.commitAlone(ctx, p)
	}
	return p.answer, postgres.Fault(p.err)
}

package userlog

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"

	"github.com/jackc/pgx/v5"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"taskwire.dev/shared/clock"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
)

// pending is the changes of one call while they are processed.
type pending struct {
	user        token.Principal
	key         idempotency.Key
	changes     []Change
	inbox       inbox
	needs       task.Needs
	span        trace.SpanContext // of the call
	traceparent string            // of the call
	bounds      *task.Usage       // nil: none

	tx     *Tx
	locked bool // this transaction has the user's lock
	alone  bool // this transaction is the changes' own
	large  bool // the changes need their own transaction: they take so long that others must not wait for them

	flushed bool // earlier stages are written
	wrote   bool // and had events

	notified notified // what the changes may resolve

	done   bool // answer or err is the caller's result
	answer idempotency.Answer
	err    error
	left   chan struct{} // closed when its group has ended
}

func newPending(ctx context.Context, changes []Change, bounds *task.Usage) *pending {
	p := &pending{
		user: changes[0].User, key: changes[0].Key, changes: changes, inbox: newInbox(changes), needs: changes[0].Needs, bounds: bounds,
		large: changes[0].Alone || len(changes[0].Needs.Tasks) > maxRelatives,
		span:  trace.SpanContextFromContext(ctx), traceparent: telemetry.Traceparent(ctx), left: make(chan struct{}),
	}
	for _, c := range changes[1:] {
		p.needs = p.needs.And(c.Needs)
	}
	return p
}

func (p *pending) complete(a idempotency.Answer) { p.done, p.answer = true, a }

func (p *pending) fail(err error) {
	if !p.done {
		p.done, p.err = true, err
	}
}

// locking is how a transaction takes the user's lock.
type locking int

const (
	skipLocked locking = iota // skip the user if another transaction holds it: others of the group would wait as well
	waitForIt
	firstChange // the user may have no row to lock yet: a registration adds it, and what an event causes comes later
)

// queueReads takes the lock and reads what the changes need. Each statement sees what was committed before it started
// (READ COMMITTED), so everything read after the lock is current.
func (p *pending) queueReads(b *pgx.Batch, how locking) {
	user := p.user.UserID
	p.locked, p.alone, p.flushed, p.wrote = false, how != skipLocked, false, false
	p.tx = &Tx{Ledger: &task.Ledger{UserID: user, NewID: postgres.NewID}}
	postgres.ActAs(b, p.user, func(refusal error) error {
		p.fail(refusal)
		return nil // the rest of the group goes on
	})
	// primary key of user_stream
	lock := `SELECT seq, last_position, tasks, bytes, coalesce(max_tasks, 0), coalesce(max_bytes, 0) FROM user_stream WHERE user_id = $1 FOR UPDATE`
	switch how {
	case skipLocked:
		lock += ` SKIP LOCKED`
	case firstChange:
		b.Queue(`INSERT INTO user_stream (user_id) VALUES ($1) ON CONFLICT (user_id) DO NOTHING`, user)
	}
	b.Queue(lock, user).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			p.locked = true
			var own task.Usage // bounds that the operator has set for this user
			if err := rows.Scan(&p.tx.Seq, &p.tx.LastPosition, &p.tx.Usage.Tasks, &p.tx.Usage.Bytes, &own.Tasks, &own.Bytes); err != nil {
				return err
			}
			if p.bounds != nil {
				p.tx.Bounds = task.Usage{Tasks: cmp.Or(own.Tasks, p.bounds.Tasks), Bytes: cmp.Or(own.Bytes, p.bounds.Bytes)}
			}
		}
		return rows.Err()
	})
	if p.key.Name != "" {
		QueueFirstAnswer(b, user, p.key, func(first idempotency.Answer, err error) {
			if err != nil {
				p.fail(err)
			} else if !p.done { // else the token is not valid
				p.complete(first)
			}
		})
	}
	p.inbox.queueHandled(b)
	if p.needs.Family {
		queueFamily(b, user, p.needs.Tasks, nil, p.alone, p.tx.Ledger, &p.large)
	} else {
		queueTasks(b, user, p.needs.Tasks, p.tx.Ledger)
	}
	queueParents(b, user, p.needs, p.tx.Ledger)
	queueChosen(b, p.needs.Chosen, p.tx.Ledger)
	queueNames(b, p.needs, p.tx.Ledger)
	if p.needs.Preferences {
		queuePreferences(b, p.tx.Ledger)
	}
	for _, c := range p.changes {
		if c.Read != nil {
			c.Read(b)
		}
	}
}

// ready reports whether the changes can go on in this transaction.
func (p *pending) ready() bool { return p.locked && !p.done && (p.alone || !p.large) }

// apply runs the changes on what was read. It reports whether there is something to commit; if not, they may have
// failed, or need their own transaction.
func (p *pending) apply() (ok bool) {
	if !p.ready() {
		return false
	}
	defer p.recover(&ok)
	// Taken under the lock, so that the times of a user's changes follow their order.
	p.tx.Begin(clock.Now())
	for _, c := range p.changes {
		if !p.inbox.first(c.Cause) {
			deduplicated.Add(context.Background(), 1, metric.WithAttributes(attribute.String("consumer", c.Cause.Consumer)))
			continue
		}
		p.tx.Actor, p.tx.Traceparent = c.actor(), p.traceparent
		if telemetry.ValidTraceparent(c.Cause.Traceparent) {
			p.tx.Traceparent = c.Cause.Traceparent
		}
		if err := c.Apply(p.tx); err != nil {
			p.fail(err)
			return false
		}
	}
	if p.tx.putOff() && !p.alone {
		p.large = true
		return false
	}
	return p.check()
}

// recover fails the changes after a panic: others share the transaction, and the handlers that would recover a panic of their
// requests run in other goroutines.
func (p *pending) recover(ok *bool) {
	if defect := recover(); defect != nil {
		p.fail(fault.Wrap(fault.Internal, fmt.Errorf("panic: %v\n%s", defect, debug.Stack()), "an unexpected error"))
		*ok = false
	}
}

// check fails the changes if they lack preferences or, after the last stage, exceed a bound.
func (p *pending) check() (ok bool) {
	err := p.checkPreferences()
	if err == nil && !p.tx.putOff() {
		err = p.tx.CheckBounds()
	}
	if err != nil {
		p.fail(err)
	}
	return err == nil
}

// checkPreferences returns a fault if reminders would be planned without the user's preferences: a command did not ask for
// them (task.Needs).
func (p *pending) checkPreferences() error {
	if p.tx.Preferences != (preference.Preferences{}) {
		return nil
	}
	for _, e := range p.tx.Events() {
		if e.Row() != nil && !e.Row().Completed && e.Row().DeletedAt == nil && reminder.Touched(e) && e.Row().CanRemind() {
			return fault.New(fault.Internal, "a command planned reminders without preferences")
		}
	}
	return nil
}

// queueWrites writes the recorded events, the inbox and the answer. In a group, other users' reads came after this
// user's, so the user must be set again.
func (p *pending) queueWrites(b *pgx.Batch, group bool) {
	if len(p.tx.Events()) == 0 && p.tx.writes.Len() == 0 && p.key.Name == "" && len(p.inbox.ids) == 0 {
		return
	}
	if group {
		b.Queue(postgres.SetUser, p.user.UserID.String())
	}
	p.queueEvents(b)
	p.inbox.queueRecord(b)
	if p.key.Name != "" {
		QueueAnswer(b, p.user.UserID, p.key, p.tx.Answer)
	}
}

// queueEvents writes the recorded events and what goes with them.
func (p *pending) queueEvents(b *pgx.Batch) {
	b.QueuedQueries = append(b.QueuedQueries, p.tx.writes.QueuedQueries...)
	events := p.tx.Events()
	saved := -1 // the last event that writes the usage
	for i, e := range events {
		if t := e.Row(); t != nil && !t.Gone() {
			saved = i
		}
	}
	for i, e := range events {
		queueEvent(b, e, p.tx.Preferences, p.tx.LastPosition, p.tx.Usage, i == saved || i == len(events)-1)
	}
	if len(events) > 0 {
		queueSpelled(b, p.tx.Ledger)
	}
}

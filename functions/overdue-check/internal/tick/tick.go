// Package tick is one run of the clock of reminders: it sends due reminders, and brings snoozed notifications back.
package tick

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/overdue-check/internal/decide"
	"taskwire.dev/shared/reminder"
)

// Batch is how many rows are claimed at once: enough that many share a transaction, few enough that a writer hardly
// waits for one of them, and that memory stays small however many are due.
const Batch = 500

// Ledger is the table of reminders.
type Ledger interface {
	// Claim locks up to limit rows that are due at now and not locked by another tick, the longest due first, has them
	// decided on, and writes the verdicts and the reminders to send in one transaction. It returns how many rows there
	// were, and fails unless each of them was written: a row that stays due would be claimed again at once, forever.
	Claim(ctx context.Context, now time.Time, limit int, judge func(context.Context, []decide.Due) []decide.Verdict) (int, error)
}

// Snoozed are the snoozed notifications.
type Snoozed interface {
	// Return brings back those whose snooze ended by now, and returns how many there were, also with an error.
	Return(ctx context.Context, now time.Time) (int, error)
}

// Guard remembers for a while what was sent. It is read before a commit and written after it, so it contains only
// committed reminders; it may forget anything at any time. It is only an optimization: a database that has lost its
// last commits would send those reminders again, and the guard tells which ones to check. The existing notifications
// decide whether they are sent.
type Guard interface {
	// Sent returns the ids of those reminders that it remembers.
	Sent(ctx context.Context, reminders []*reminder.Reminder) (map[uuid.UUID]bool, error)
	Remember(ctx context.Context, reminders []*reminder.Reminder) error
}

// Clock processes what is due.
type Clock struct {
	ledger  Ledger
	snoozed Snoozed
	guard   Guard
	judge   func(decide.Due, time.Time) decide.Verdict
}

// NewClock returns a Clock that calls judge for each row; outside of tests that is decide.Decide.
func NewClock(ledger Ledger, snoozed Snoozed, guard Guard, judge func(decide.Due, time.Time) decide.Verdict) *Clock {
	return &Clock{ledger: ledger, snoozed: snoozed, guard: guard, judge: judge}
}

// Done is the result of a tick.
type Done struct {
	Sent     int // reminders
	Returned int // notifications whose snooze ended
}

// Tick processes everything that is due at now, one batch at a time. Ticks may run concurrently: each row is claimed by
// one. After a failure, what it has not committed is still due.
//
// A verdict that would leave its row due is a bug. The row is put off, so that it blocks neither this tick nor the
// reminders of others, and the tick ends with an error that names it.
//
// Reminders go first: users whose notifications cannot be brought back now would take the time of the tick.
func (c *Clock) Tick(ctx context.Context, now time.Time) (Done, error) {
	sent, unsent := c.remind(ctx, now)
	returned, unreturned := c.snoozed.Return(ctx, now)
	return Done{Sent: sent, Returned: returned}, errors.Join(unsent, unreturned)
}

// remind sends the reminders that are due, and returns how many there were.
func (c *Clock) remind(ctx context.Context, now time.Time) (sent int, err error) {
	guard := &fallible{guard: c.guard}
	var stuck stuckRows
	earlier := map[uuid.UUID]int{} // how many were sent to users who had more rows than one claim takes
	for {
		var batch []*reminder.Reminder
		var still stuckRows
		n, err := c.ledger.Claim(ctx, now, Batch, func(ctx context.Context, due []decide.Due) []decide.Verdict {
			var verdicts []decide.Verdict
			verdicts, still = c.decideAll(due, now)
			verdicts, batch = known(ctx, guard, verdicts)
			markRest(verdicts, earlier)
			return verdicts
		})
		if err != nil || n == 0 {
			return sent, errors.Join(err, stuck.err())
		}
		if n == Batch {
			for _, r := range batch {
				earlier[r.UserID]++
			}
		}
		stuck = stuck.add(still)
		sent += len(batch)
		measure(ctx, batch, now)
		guard.remember(ctx, batch)
	}
}

// putOff is how long such a row is put off.
const putOff = time.Hour

// decideAll decides on each row, and makes sure that none of them is due after that.
func (c *Clock) decideAll(due []decide.Due, now time.Time) (verdicts []decide.Verdict, stuck stuckRows) {
	verdicts = make([]decide.Verdict, len(due))
	for i, d := range due {
		v := c.judge(d, now)
		if v.Next != nil && !v.Next.After(now) {
			stuck = stuck.add(stuckRows{n: 1, first: fmt.Errorf("task %s, kind %s, remind_at %s, next at %s",
				d.TaskID, d.Kind, d.RemindAt.Format(time.RFC3339), v.Next.Format(time.RFC3339))})
			later := now.Add(putOff)
			v.Next = &later
		}
		verdicts[i] = v
	}
	return verdicts, stuck
}

// stuckRows counts the rows that would have stayed due, and names the first.
type stuckRows struct {
	n     int
	first error
}

func (s stuckRows) add(t stuckRows) stuckRows {
	return stuckRows{s.n + t.n, cmp.Or(s.first, t.first)}
}

func (s stuckRows) err() error {
	if s.n == 0 {
		return nil
	}
	return fmt.Errorf("%d stuck reminder(s) put off by %s, the first: %w", s.n, putOff, s.first)
}

// markRest marks the verdicts for users to whom more than a few reminders are sent, with those of earlier claims of the tick.
func markRest(verdicts []decide.Verdict, earlier map[uuid.UUID]int) {
	now := map[uuid.UUID]int{}
	for _, v := range verdicts {
		if v.Send != nil {
			now[v.Send.UserID]++
		}
	}
	for i, v := range verdicts {
		if v.Send != nil {
			before := earlier[v.Send.UserID]
			verdicts[i].Rest = before > 0 && before+now[v.Send.UserID] > reminder.Few
		}
	}
}

// known marks in the verdicts what the guard knows as sent, and returns the rest of what is to be sent.
func known(ctx context.Context, guard *fallible, verdicts []decide.Verdict) (_ []decide.Verdict, send []*reminder.Reminder) {
	for _, v := range verdicts {
		if v.Send != nil {
			send = append(send, v.Send)
		}
	}
	sent := guard.sent(ctx, send)
	if len(sent) == 0 {
		return verdicts, send
	}
	send = send[:0]
	for i, v := range verdicts {
		switch {
		case v.Send == nil:
		case sent[v.Send.ID]:
			verdicts[i].Again = true
		default:
			send = append(send, v.Send)
		}
	}
	return verdicts, send
}

// fallible is a guard that is not used for the rest of the tick once it has failed.
type fallible struct {
	guard Guard
	gone  bool
}

func (f *fallible) sent(ctx context.Context, reminders []*reminder.Reminder) map[uuid.UUID]bool {
	if f.gone || len(reminders) == 0 {
		return nil
	}
	known, err := f.guard.Sent(ctx, reminders)
	f.failed(err)
	return known
}

func (f *fallible) remember(ctx context.Context, reminders []*reminder.Reminder) {
	if !f.gone && len(reminders) > 0 {
		f.failed(f.guard.Remember(ctx, reminders))
	}
}

func (f *fallible) failed(err error) {
	if err != nil {
		f.gone = true
		slog.Warn("dedup cache unavailable; sending reminders without it", "error", err)
	}
}

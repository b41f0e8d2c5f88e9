package tick

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/overdue-check/internal/decide"
	"taskwire.dev/migrations/pgtest/sized"
	"taskwire.dev/shared/userlog"
)

// TestSize: a tick reads what is due, and not what is due later.
func TestSize(t *testing.T) {
	db := sized.Open(t)
	owner := db.Connect(t, "taskwire_owner", "")
	now := time.Now()
	// Of users with hundreds of thousands of reminders, and of those with a few.
	remind := func(users []uuid.UUID, each int) func(context.Context) error {
		return func(ctx context.Context) error {
			// Not those that the retention has an eye on, whose test may run on this database at the same time. Nor those of an earlier
			// call: their old versions stay, and are read, for as long as any other test has a transaction open here.
			const due = `
UPDATE task_reminder SET remind_at = $2 WHERE ctid = ANY (ARRAY(SELECT r.ctid FROM unnest($1::uuid[]) AS u (user_id), LATERAL (
  SELECT ctid FROM task_reminder t WHERE t.user_id = u.user_id AND sent_for IS NULL AND sent_on IS NULL AND remind_at > $2
    AND due_at > $2 - interval '80 days' ORDER BY remind_at LIMIT $3) AS r))`
			_, err := owner.Exec(ctx, due, users, now.Add(-time.Minute), each)
			return err
		}
	}
	t.Cleanup(func() { // the database is kept, and these would be due no more
		const again = `UPDATE task_reminder SET remind_at = now() + interval '1 day', sent_for = NULL, sent_on = NULL WHERE sent_for IS NOT NULL OR sent_on IS NOT NULL`
		if _, err := owner.Exec(context.WithoutCancel(t.Context()), again); err != nil {
			t.Error(err)
		}
	})
	var some []uuid.UUID
	for n := range 100 {
		some = append(some, db.Light(n))
	}
	sized.Run(t, db, "The tick of reminders", func(open sized.OpenPool) []sized.Case {
		pool := open("taskwire_worker")
		notifications := NewNotifications(pool, userlog.New(pool, func(uuid.UUID) {}))
		clock := NewClock(NewReminders(pool, func(uuid.UUID) {}), notifications, &guard{}, decide.Decide)
		tick := func(ctx context.Context) error {
			_, err := clock.Tick(ctx, now)
			return err
		}
		return []sized.Case{
			{Name: "nothing is due", Rows: 10, Pages: 200, Before: tick, Call: tick},
			{Name: "up to 400 reminders of one user", Rows: 8000, Pages: 20_000, Before: remind([]uuid.UUID{sized.Heavy}, 400), Call: tick, Calls: 20},
			{Name: "some reminders of 100 users", Rows: 4000, Pages: 10_000, Before: remind(some, 2), Call: tick, Calls: 20},
		}
	})
}

package integration

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/migrations/pgtest/sized"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/outbox"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// TestSize_Outbox: publishers read the rows that they publish, however many wait behind them.
func TestSize_Outbox(t *testing.T) {
	db := sized.Open(t)
	owner := db.Connect(t, "taskwire_owner", "")
	// A backlog of the one user, and a row of each of many others.
	backlog := func(ctx context.Context) error {
		_, err := owner.Exec(ctx, `TRUNCATE outbox`)
		if err != nil {
			return err
		}
		const waiting = `
INSERT INTO outbox (shard, user_id, topic, payload, created_at)
SELECT 0, CASE WHEN i % 2 = 0 THEN $1 ELSE (SELECT id FROM app_user WHERE id <> $1 ORDER BY id OFFSET i / 2 % 400 LIMIT 1) END, 'task-events',
  convert_to(repeat('x', 1200), 'UTF8'), now() - interval '1 minute' FROM generate_series(0, 4999) AS i`
		_, err = owner.Exec(ctx, waiting, sized.Heavy)
		return err
	}
	if err := backlog(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = owner.Exec(context.WithoutCancel(t.Context()), `TRUNCATE outbox`) })
	users := []uuid.UUID{sized.Heavy}
	for n := range 100 {
		users = append(users, db.Light(n))
	}
	sized.Run(t, db, "The outbox", func(open sized.OpenPool) []sized.Case {
		box := postgres.NewOutbox(open("taskwire_outbox"))
		drain := func(users []uuid.UUID, each int) func(context.Context) error {
			return func(ctx context.Context) error {
				_, err := box.Drain(ctx, users, each, func(_ context.Context, all []outbox.Message) (ids []int64) {
					for _, m := range all[:min(10, len(all))] {
						ids = append(ids, m.ID)
					}
					return ids
				})
				return err
			}
		}
		return []sized.Case{
			{Name: "a batch of one user", Rows: 300, Pages: 600, Call: drain(users[:1], 256), Calls: 50},
			{Name: "a batch of 101 users", Rows: 600, Pages: 2000, Call: drain(users, 4), Calls: 50},
			{Name: "users whose rows are stale", Rows: 900, Pages: 4000, Call: func(ctx context.Context) error {
				_, err := box.Stale(ctx, 2*time.Second)
				return err
			}},
		}
	})
}

// TestSize_Writes: what a change reads does not grow with the user's tasks.
func TestSize_Writes(t *testing.T) {
	db := sized.Open(t)
	sized.Run(t, db, "Changes", func(open sized.OpenPool) (cases []sized.Case) {
		log := userlog.New(open("taskwire_app"), func(uuid.UUID) {})
		for name, who := range map[string]token.Principal{"": {UserID: sized.Heavy}, " by a user with 100": {UserID: db.Light(3)}} {
			kind, id := "0197", sized.ID("0197", db.Tasks/2)
			if who.UserID != sized.Heavy {
				kind, id = "0198", sized.ID("0198", 3)
			}
			do := func(cmd func() task.Command) func(context.Context) error {
				return func(ctx context.Context) error {
					_, err := log.Do(ctx, userlog.Command(who, cmd(), ok))
					return err
				}
			}
			add := func(what string, rows, pages int, call func(context.Context) error) {
				cases = append(cases, sized.Case{Name: what + name, Rows: rows, Pages: pages, Call: call, Calls: 100})
			}
			named := draft("one more task about the garden")
			project := "Project 77"
			named.Project, named.Tags = &project, []string{"garden"}
			due := time.Now().Add(24 * time.Hour)
			named.DueAt = &due
			add("create a task", 20, 400, do(func() task.Command { return task.Create{Draft: named} }))
			done := false
			add("complete a task and open it again", 60, 400, do(func() task.Command {
				done = !done
				return task.SetCompleted{ID: id, Completed: done}
			}))
			var many inOrder
			for n := range 50 {
				many = append(many, task.SetCompleted{ID: sized.ID(kind, 3+n*100), Completed: n%2 == 0})
			}
			if who.UserID == sized.Heavy {
				add("complete and open 50 tasks", 600, 6000, do(func() task.Command { return many }))
			}
			var made uuid.UUID
			cases = append(cases, sized.Case{
				Name: "delete a task" + name, Rows: 60, Pages: 400, Calls: 100,
				Before: func(ctx context.Context) error {
					_, err := log.Do(ctx, userlog.Command(who, task.Create{Draft: named}, func(o task.Outcome) idempotency.Answer {
						made = o.TaskID
						return ok(o)
					}))
					return err
				},
				Call: do(func() task.Command { return task.Delete{ID: made} }),
			})
		}
		return cases
	})
}

package chaos

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/load"
	"taskwire.dev/e2e/stack"
	"taskwire.dev/e2e/world"
)

// TestKilledWhileCompletionsAreInFlight_EachHasExactlyOneSuccessor completes hundreds of recurring tasks while
// recurring-spawn and its sidecar are killed repeatedly.
func TestKilledWhileCompletionsAreInFlight_EachHasExactlyOneSuccessor(t *testing.T) {
	if os.Getenv("TASKWIRE_URL") == "" {
		t.Fatal("TASKWIRE_URL is not set: there is no stack to test. Run `make test`, which starts one.")
	}
	s := check.Must(stack.Open(os.Getenv("TASKWIRE_PROFILE")))(t)
	values := check.Must(s.Values(check.Within(t, timeout)))(t)
	db := check.Must(pgxpool.New(t.Context(), values.Database["owner"]))(t)
	t.Cleanup(db.Close)
	const users, each = 10, 60
	accounts := check.Must(load.Register(check.Within(t, 2*time.Minute), client.New(values.GatewayURL, http.DefaultTransport), users))(t)
	ids := make([]string, users)

	var writing sync.WaitGroup
	for i, account := range accounts {
		ids[i] = account.ID
		writing.Go(func() {
			c := client.New(values.GatewayURL, http.DefaultTransport).As(account.Token).Patient()
			if err := completeRecurring(t.Context(), c, each); err != nil {
				t.Error(err)
			}
		})
	}
	const part = "recurring-spawn"
	for _, victim := range []string{part, stack.Sidecar(part), part} {
		ctx := check.Within(t, timeout)
		before := check.Must(s.Kill9(ctx, victim))(t)
		check.Must(s.WaitReplaced(ctx, before))(t)
	}
	writing.Wait()
	check.NoError(t, s.Hold(check.Within(t, timeout), part)) // the rest is delivered while the function is down
	check.NoError(t, s.Release(check.Within(t, timeout), part))

	const open = `
SELECT count(*) FROM task t WHERE user_id = ANY ($1::uuid[]) AND completed_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM task n WHERE n.user_id = t.user_id AND n.series_id = t.id AND n.id <> t.id)`
	check.NoError(t, world.Again(check.Within(t, 2*timeout), func() error {
		var n int
		if err := db.QueryRow(t.Context(), open, ids).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("%d completed tasks have no successor yet", n)
		}
		return nil
	}))
	var done, successors, subtasks, made int
	const count = `
SELECT count(*) FILTER (WHERE completed_at IS NOT NULL), count(*) FILTER (WHERE completed_at IS NULL AND series_id IS NOT NULL),
  count(*) FILTER (WHERE completed_at IS NULL AND parent_id IS NOT NULL),
  (SELECT count(*) FROM task_event WHERE user_id = ANY ($1::uuid[]) AND actor = 'system:recurring-spawn')
FROM task WHERE user_id = ANY ($1::uuid[]) AND deleted_at IS NULL`
	check.NoError(t, db.QueryRow(t.Context(), count, ids).Scan(&done, &successors, &subtasks, &made))
	// Every tenth task has a subtask, which its successor must have too.
	parts := users * each / 10
	if done != users*each || successors != done || subtasks != 2*parts || made != done+parts {
		t.Errorf("%d completed, %d successors, %d open subtasks (want %d), %d changes by recurring-spawn (want %d)",
			done, successors, subtasks, 2*parts, made, users*each+parts)
	}
}

// completeRecurring creates and completes n recurring tasks, a few at a time.
func completeRecurring(ctx context.Context, c *client.Client, n int) error {
	const some = 10
	for range n / some {
		operations := make([]client.Operation, some)
		for i := range operations {
			operations[i] = client.Operation{Op: "create", Task: client.Fields{
				"title": fmt.Sprint("Again ", i), "due_at": "2098-06-02T08:00:00Z", "recurrence": client.Fields{"rrule": "FREQ=DAILY"},
			}}
		}
		made, err := c.Batch(ctx, operations...)
		if err != nil {
			return err
		}
		if _, err := c.CreateTask(ctx, client.Fields{"title": "A part of it", "parent_id": made[0].ID}); err != nil {
			return err
		}
		for i, r := range made {
			operations[i] = client.Operation{Op: "complete", ID: r.ID}
		}
		if _, err := c.Batch(ctx, operations...); err != nil {
			return err
		}
	}
	return nil
}

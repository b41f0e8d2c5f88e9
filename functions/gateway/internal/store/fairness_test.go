package store

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"taskwire.dev/functions/gateway/internal/stream"
	"taskwire.dev/shared/eventually"
	"taskwire.dev/shared/task"
)

func TestAStreamThatCatchesUpCountsForItsUser(t *testing.T) {
	t.Parallel()
	b := setup(t)
	heavy, other := principal(), principal()
	b.do(t, other, task.Create{Draft: draft("a")})
	b.do(t, heavy, task.Create{Draft: draft("slow")})
	// A policy is a condition of every query: any query that reads a row of heavy sleeps in PostgreSQL.
	slow := fmt.Sprintf("ALTER POLICY stream_all ON task_event USING (user_id <> '%s' OR pg_sleep(60) IS NOT NULL)", heavy.UserID)
	if _, err := b.Connect(t, "taskwire_owner", "").Exec(t.Context(), slow); err != nil {
		t.Fatal(err)
	}
	watch := b.Connect(t, "none", "") // without a role: only the login user sees the connections
	ctx, stop := context.WithCancel(t.Context())
	var crowd sync.WaitGroup
	defer crowd.Wait()
	defer stop()
	for range 40 {
		crowd.Go(func() {
			for ctx.Err() == nil {
				_, _ = b.log.Replay(ctx, stream.Cursor{UserID: heavy.UserID}, events(10))
			}
		})
	}
	eventually.True(t, "heavy has a quarter of the connections", func() bool {
		var asleep int
		const count = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`
		if err := watch.QueryRow(t.Context(), count).Scan(&asleep); err != nil {
			t.Fatal(err)
		}
		return asleep == 2
	})
	for range 20 {
		page, err := b.log.Replay(t.Context(), stream.Cursor{UserID: other.UserID}, events(10))
		if err != nil || len(page.Events) != 1 {
			t.Errorf("another user: %+v, %v", page, err)
		}
	}
}

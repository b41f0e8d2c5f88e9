package integration

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/eventually"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// slowFor makes every query that reads a row of the user sleep in PostgreSQL: a policy is a condition of every query.
func slowFor(t *testing.T, b bundle, who token.Principal, policy, table, otherwise string) {
	t.Helper()
	b.Do(t, who, task.Create{Draft: draft("slow")})
	slow := fmt.Sprintf("ALTER POLICY %s ON %s USING (%s AND (user_id <> '%s' OR pg_sleep(60) IS NOT NULL))", policy, table, otherwise, who.UserID)
	if _, err := b.Connect(t, "taskwire_owner", uuid.Nil).Exec(t.Context(), slow); err != nil {
		t.Fatal(err)
	}
}

func slowTasks(t *testing.T, b bundle, who token.Principal) {
	t.Helper()
	slowFor(t, b, who, "app_own", "task", "user_id = current_app_user()")
}

// asleep returns the sleeping connections of this database; watch has no role, because only the login user sees them.
func asleep(t *testing.T, watch *pgx.Conn) []int32 {
	t.Helper()
	rows, err := watch.Query(t.Context(), `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`)
	if err != nil {
		t.Fatal(err)
	}
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int32])
	if err != nil {
		t.Fatal(err)
	}
	return pids
}

// share is a quarter of the connections of bundle.pool.
const share = 2

// crowd runs f 40 times concurrently while work runs, and then cancels the rest.
func crowd(t *testing.T, f func(context.Context), work func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop()
	for range 40 {
		wg.Go(func() {
			for ctx.Err() == nil {
				f(ctx)
			}
		})
	}
	work()
}

func TestSlowQueriesOfOneUserLeaveTheOthersTheirConnections(t *testing.T) {
	t.Parallel()
	b := setup(t)
	heavy, other := principal(), principal()
	slowTasks(t, b, heavy)
	watch := b.Connect(t, "none", uuid.Nil)
	crowd(t, func(ctx context.Context) { _, _ = titles(ctx, b.pool, heavy) }, func() {
		eventually.True(t, "heavy has its share of the connections", func() bool { return len(asleep(t, watch)) == share })
		for range 20 {
			b.Do(t, other, task.Create{Draft: draft("a")})
			if _, err := titles(t.Context(), b.pool, other); err != nil {
				t.Errorf("another user: %v", err)
			}
			if n := len(asleep(t, watch)); n > share {
				t.Errorf("one user has %d connections", n)
			}
		}
	})
}

func TestASearchThatTakesTooLongIsEndedByTheDatabase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := principal()
	slowTasks(t, b, who)
	_, err := titles(t.Context(), b.pool, who)
	if f := fault.From(err); f.Code != fault.Unavailable || f.RetryAfter == 0 || !strings.Contains(f.Detail, "took too long") {
		t.Errorf("%v", err)
	}
	if pids := asleep(t, b.Connect(t, "none", uuid.Nil)); len(pids) != 0 {
		t.Errorf("%d statements go on", len(pids))
	}
}

func TestAQueryEndsWithItsCallerAndKeepsItsConnection(t *testing.T) {
	t.Parallel()
	if os.Getenv("TEST_POOLER") != "" {
		t.Skip("a pooler gets no request to cancel: the statement goes on until its timeout, and the pooler keeps the connections")
	}
	b := setup(t)
	who := principal()
	slowTasks(t, b, who)
	watch := b.Connect(t, "none", uuid.Nil)
	pids := map[int32]bool{}
	for range 3 {
		ctx, hangUp := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			_, err := titles(ctx, b.pool, who)
			ended <- err
		}()
		eventually.True(t, "the statement runs", func() bool { return len(asleep(t, watch)) == 1 })
		pids[asleep(t, watch)[0]] = true
		hangUp()
		if err := <-ended; err == nil {
			t.Error("it was answered")
		}
		if n := len(asleep(t, watch)); n != 0 {
			t.Errorf("%d statements go on without a caller", n)
		}
	}
	if len(pids) != 1 {
		t.Errorf("%d connections were used up", len(pids))
	}
}

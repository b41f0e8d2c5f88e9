package store

import (
	"context"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/functions/tasks/internal/list"
	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/userlog/userlogtest"
)

// manyTasks inserts n tasks of who with long descriptions, bypassing the store.
func manyTasks(tb testing.TB, db pgtest.Database, who token.Principal, n int) {
	tb.Helper()
	owner, err := pgx.Connect(tb.Context(), db.Owner)
	if err != nil {
		tb.Fatal(err)
	}
	defer owner.Close(context.WithoutCancel(tb.Context()))
	const add = `
INSERT INTO task (user_id, id, title, description, priority, tags, reminders, position, version, created_at, updated_at)
SELECT $1, gen_random_uuid(), 'apple ' || i, (SELECT string_agg('word' || (i * 7 + w) % 5000, ' ') FROM generate_series(1, 300) w),
  0, '{}', '{}', 'a' || i, 1, now(), now() FROM generate_series(1, $2::integer) i`
	if _, err := owner.Exec(tb.Context(), add, who.UserID, n); err != nil {
		tb.Fatal(err)
	}
	if _, err := owner.Exec(tb.Context(), "ANALYZE task"); err != nil {
		tb.Fatal(err)
	}
}

// BenchmarkOthersWhileOneSearches reads and writes for one user while another, who has 6,000 tasks, runs 40 searches at
// once: it reports how many of the reads and writes fail, and the slowest of them.
func BenchmarkOthersWhileOneSearches(b *testing.B) {
	db := pgtest.New(b)
	pool, err := postgres.Open(b.Context(), postgres.Config{URL: db.URL("taskwire_app"), MaxConns: 12})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	tasks := New(pool, userlog.New(pool, func(uuid.UUID) {}))
	heavy, other := userlogtest.Principal(), userlogtest.Principal()
	manyTasks(b, db, heavy, 6000)
	search, err := list.Parse(url.Values{"q": {"a"}})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	start := time.Now()
	if _, err := tasks.List(b.Context(), heavy, search); err != nil {
		b.Fatal(err)
	}
	alone := time.Since(start)
	var refused atomic.Int64
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			for ctx.Err() == nil {
				if _, err := tasks.List(ctx, heavy, search); err != nil {
					refused.Add(1)
				}
			}
		})
	}
	defer wg.Wait()
	defer stop()
	all, err := list.Parse(nil)
	if err != nil {
		b.Fatal(err)
	}
	failed, worst := 0, time.Duration(0)
	for b.Loop() {
		start := time.Now()
		_, err := tasks.Execute(b.Context(), other, idempotency.Key{}, task.Create{Draft: userlogtest.Draft("a")}, ok)
		if err == nil {
			_, err = tasks.List(b.Context(), other, all)
		}
		if err != nil {
			failed++
		}
		worst = max(worst, time.Since(start))
	}
	b.ReportMetric(float64(failed), "failed")
	b.ReportMetric(worst.Seconds()*1000, "worst-ms")
	b.ReportMetric(alone.Seconds()*1000, "search-ms")
	b.ReportMetric(float64(refused.Load()), "refused")
}

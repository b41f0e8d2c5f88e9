package retention

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/postgres"
)

// setup returns a database in the function's role, and its owner's connection. shared/integration tests that the log
// still replays without the purged rows.
func setup(t testing.TB) (*postgres.Pool, *pgx.Conn) {
	t.Helper()
	db := pgtest.New(t)
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: db.URL("taskwire_outbox"), MaxConns: 2, ByKey: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool, db.Connect(t, "taskwire_owner", "")
}

func count(t *testing.T, conn *pgx.Conn, table string) (n int) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM `+pgx.Identifier{table}.Sanitize()).Scan(&n); err != nil {
		t.Fatalf("%s: %v", table, err)
	}
	return n
}

// expiring is a kind of rows that expire: insert adds one of age $1.
var expiring = []struct{ kind, table, retention, insert string }{
	{
		"idempotency_key", "idempotency_key", "1 day",
		`INSERT INTO idempotency_key VALUES (gen_random_uuid(), 'k', '', 200, '{}', '', now() - $1::interval)`,
	},
	{
		"processed_event", "processed_event", "14 days",
		`INSERT INTO processed_event VALUES ('c', 's', gen_random_uuid(), now() - $1::interval)`,
	},
	{
		"redriven dead_letter", "dead_letter", "14 days",
		`INSERT INTO dead_letter (id, identity, status, consumer, topic, reason, attempts, event, redriven_at)
		 VALUES (gen_random_uuid(), uuid_send(gen_random_uuid()), 'redriven', '', '', '', 1, '', now() - $1::interval)`,
	},
	{
		"open dead_letter", "dead_letter", "90 days",
		`INSERT INTO dead_letter (id, identity, consumer, topic, reason, attempts, event, failed_at)
		 VALUES (gen_random_uuid(), uuid_send(gen_random_uuid()), '', '', '', 1, '', now() - $1::interval)`,
	},
	{
		"refresh_token", "refresh_token", "1 day",
		`WITH u AS (INSERT INTO app_user (id, email, name, password_hash, created_at)
		   SELECT id, id || '@example.org', 'x', 'x', now() FROM gen_random_uuid() AS id RETURNING id)
		 INSERT INTO refresh_token (id, family_id, user_id, token_hash, created_at, expires_at)
		 SELECT gen_random_uuid(), gen_random_uuid(), id, uuid_send(gen_random_uuid()), now(), now() - $1::interval FROM u`,
	},
	{
		"access_token", "access_token", "30 days",
		`WITH u AS (INSERT INTO app_user (id, email, name, password_hash, created_at)
		   SELECT id, id || '@example.org', 'x', 'x', now() FROM gen_random_uuid() AS id RETURNING id)
		 INSERT INTO access_token (id, user_id, name, scopes, created_at, expires_at)
		 SELECT gen_random_uuid(), id, 'x', '{}', now(), now() - $1::interval FROM u`,
	},
	{
		"notification", "notification", "180 days",
		`INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, created_at)
		 VALUES (gen_random_uuid(), gen_random_uuid(), 'overdue', gen_random_uuid(), '', now(), '', '', now() - $1::interval)`,
	},
	{
		"task_reminder", "task_reminder", "90 days",
		`INSERT INTO task_reminder (user_id, task_id, kind, time_window, by_lead, due_at)
		 VALUES (gen_random_uuid(), gen_random_uuid(), 'overdue', '', false, now() - $1::interval)`,
	},
}

// TestPurge_EachKindGoesWhenItsTimeIsOver has one row just within each retention and one just past it.
func TestPurge_EachKindGoesWhenItsTimeIsOver(t *testing.T) {
	t.Parallel()
	pool, owner := setup(t)
	for _, e := range expiring {
		for _, by := range []string{" -1 minutes", " +1 minutes"} {
			if _, err := owner.Exec(t.Context(), e.insert, e.retention+by); err != nil {
				t.Fatalf("%s: %v", e.kind, err)
			}
		}
	}
	before := map[string]int{}
	for _, e := range expiring {
		before[e.table] = count(t, owner, e.table)
	}
	purged, err := Purge(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range expiring {
		if purged[e.kind] != 1 {
			t.Errorf("%d rows of %s were purged, want 1", purged[e.kind], e.kind)
		}
	}
	for table, n := range before {
		if left := count(t, owner, table); left != n/2 {
			t.Errorf("%d of %d rows of %s are left", left, n, table)
		}
	}
	if again, err := Purge(t.Context(), pool); err != nil || len(again) > 0 {
		t.Errorf("a second run purged %v, %v", again, err)
	}
}

// BenchmarkPurge deletes first answers and inbox entries as they expire at 1,000 changes a second; rows/s should exceed
// 2,000.
func BenchmarkPurge(b *testing.B) {
	const each = 200_000
	for b.Loop() {
		b.StopTimer()
		pool, owner := setup(b)
		for _, fill := range []string{
			`INSERT INTO idempotency_key SELECT gen_random_uuid(), 'k', '', 200, '{}', repeat('x', 500)::bytea, now() - interval '25 hours' - n * interval '1 ms' FROM generate_series(1, %d) n`,
			`INSERT INTO processed_event SELECT 'c', 's', gen_random_uuid(), now() - interval '15 days' - n * interval '1 ms' FROM generate_series(1, %d) n`,
		} {
			if _, err := owner.Exec(context.Background(), fmt.Sprintf(fill, each)); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		var purged int64
		for purged < 2*each {
			kinds, err := Purge(b.Context(), pool)
			if err != nil {
				b.Fatal(err)
			}
			for _, n := range kinds {
				purged += n
			}
		}
	}
	b.ReportMetric(2*each*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

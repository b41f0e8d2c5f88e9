package integration

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
)

// expiring is a kind of rows that expire: insert adds one of the age $1.
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

// TestRetention_EachKindGoesWhenItsTimeIsOver has one row just within each retention and one just past it.
func TestRetention_EachKindGoesWhenItsTimeIsOver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	owner := b.Connect(t, "taskwire_owner", uuid.Nil)
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
	purged, err := b.outbox.PurgeExpired(t.Context())
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
	if again, err := b.outbox.PurgeExpired(t.Context()); err != nil || len(again) > 0 {
		t.Errorf("a second run purged %v, %v", again, err)
	}
}

// TestRetention_DeletedTasks: a task can be restored for 30 days; then it is gone, the log still replays, and its
// subtasks, its user's other tasks and the occurrences of a series are as they were.
func TestRetention_DeletedTasks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	owner := b.Connect(t, "taskwire_owner", uuid.Nil)
	who := principal()
	kept := b.Do(t, who, task.Create{Draft: draft("kept")}).TaskID
	fresh := b.Do(t, who, task.Create{Draft: draft("deleted today")}).TaskID
	old := b.Do(t, who, task.Create{Draft: draft("deleted long ago")}).TaskID
	occurrence := b.Do(t, who, task.Create{Draft: draft("an occurrence, deleted long ago")}).TaskID
	for _, id := range []uuid.UUID{fresh, old, occurrence} {
		b.Do(t, who, task.Delete{ID: id})
	}
	// In the log as well, as if it had been written then.
	age := &pgx.Batch{}
	for _, id := range []uuid.UUID{old, occurrence} {
		age.Queue(`UPDATE task SET deleted_at = deleted_at - interval '31 days', updated_at = updated_at - interval '31 days' WHERE id = $1`, id)
		age.Queue(`UPDATE task_event SET occurred_at = occurred_at - interval '31 days' WHERE task_id = $1 AND event_type = 'task.deleted'`, id)
	}
	age.Queue(`UPDATE task SET series_id = id WHERE id = $1`, occurrence)
	age.Queue(`UPDATE task_event SET after_task = after_task || jsonb_build_object('series_id', task_id) WHERE task_id = $1 AND after_task IS NOT NULL`, occurrence)
	if err := owner.SendBatch(t.Context(), age).Close(); err != nil {
		t.Fatal(err)
	}

	// A user who is changing something is left alone.
	tx, err := owner.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `SELECT FROM user_stream WHERE user_id = $1 FOR UPDATE`, who.UserID); err != nil {
		t.Fatal(err)
	}
	if purged, err := b.outbox.PurgeExpired(t.Context()); err != nil || len(purged) > 0 {
		t.Errorf("beside the user's own change: %v, %v", purged, err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}

	if purged, err := b.outbox.PurgeExpired(t.Context()); err != nil || purged["deleted task"] != 1 {
		t.Errorf("%v, %v", purged, err)
	}
	if n := count(t, owner, "task"); n != 3 {
		t.Errorf("%d tasks are left, want 3", n)
	}
	if found, _ := b.rebuild(t); len(found) > 0 {
		t.Errorf("the log does not replay: %v", found)
	}
	b.Do(t, who, task.Restore{ID: fresh})
	b.Do(t, who, task.SetCompleted{ID: kept, Completed: true})
	if _, err := b.execute(t.Context(), who, idempotency.Key{}, task.Restore{ID: old}, ok); !fault.Is(err, fault.NotFound) {
		t.Errorf("restoring a purged task: %v", err)
	}
}

// TestRetention_RemindersOfOpenTasksStay: that a reminder was sent must be known as long as its task is open.
func TestRetention_RemindersOfOpenTasksStay(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who := principal()
	id := r.Do(t, who, task.Create{Draft: draft("open")}).TaskID
	r.Exec(t, `INSERT INTO task_reminder (user_id, task_id, kind, time_window, by_lead, due_at)
		VALUES ($1, $2, 'overdue', '', false, now() - interval '1 year')`, who.UserID, id)
	if purged, err := r.outbox.PurgeExpired(t.Context()); err != nil || len(purged) > 0 {
		t.Errorf("%v, %v", purged, err)
	}
	r.Do(t, who, task.SetCompleted{ID: id, Completed: true})
	if purged, err := r.outbox.PurgeExpired(t.Context()); err != nil || purged["task_reminder"] != 1 {
		t.Errorf("once it is completed: %v, %v", purged, err)
	}
}

// BenchmarkPurgeExpired deletes first answers and inbox entries as they expire at 1,000 changes a second; rows/s is to be
// more than 2,000.
func BenchmarkPurgeExpired(b *testing.B) {
	const each = 200_000
	for b.Loop() {
		b.StopTimer()
		bundle := setup(b)
		owner := bundle.Connect(b, "taskwire_owner", uuid.Nil)
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
			kinds, err := bundle.outbox.PurgeExpired(b.Context())
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

package integration

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
)

// purge makes the database delete expired rows, as outbox-relay does at each tick, and returns the number of rows of
// each kind.
func (b bundle) purge(t *testing.T) (map[string]int64, error) {
	t.Helper()
	purged := map[string]int64{}
	rows, err := b.Connect(t, "taskwire_outbox", uuid.Nil).Query(t.Context(), `SELECT kind, purged FROM purge_expired(2000) WHERE purged > 0`)
	if err != nil {
		return nil, err
	}
	var kind string
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&kind, &n}, func() error {
		purged[kind] = n
		return nil
	})
	return purged, err
}

// TestRetention_DeletedTasks: a task can be restored for 30 days. Then it is deleted, the log still replays, and its
// subtasks, its user's other tasks and the occurrences of its series are unchanged.
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
	// Also in the log, as if it had been written then.
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

	// A user with a change in progress is skipped.
	tx, err := owner.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `SELECT FROM user_stream WHERE user_id = $1 FOR UPDATE`, who.UserID); err != nil {
		t.Fatal(err)
	}
	if purged, err := b.purge(t); err != nil || len(purged) > 0 {
		t.Errorf("beside the user's own change: %v, %v", purged, err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}

	if purged, err := b.purge(t); err != nil || purged["deleted task"] != 1 {
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

// TestRetention_RemindersOfOpenTasksStay: a sent reminder must remain known as long as its task is open.
func TestRetention_RemindersOfOpenTasksStay(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who := principal()
	id := r.Do(t, who, task.Create{Draft: draft("open")}).TaskID
	r.Exec(t, `INSERT INTO task_reminder (user_id, task_id, kind, time_window, by_lead, due_at)
		VALUES ($1, $2, 'overdue', '', false, now() - interval '1 year')`, who.UserID, id)
	if purged, err := r.purge(t); err != nil || len(purged) > 0 {
		t.Errorf("%v, %v", purged, err)
	}
	r.Do(t, who, task.SetCompleted{ID: id, Completed: true})
	if purged, err := r.purge(t); err != nil || purged["task_reminder"] != 1 {
		t.Errorf("once it is completed: %v, %v", purged, err)
	}
}

// TestPurge_TheLogReplays: what a user deletes for good is deleted, but for occurrences, which their series counts; the log says so.
func TestPurge_TheLogReplays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := principal()
	root := b.Do(t, who, task.Create{Draft: draft("root")}).TaskID
	child := draft("child")
	child.ParentID = &root
	earlier := b.Do(t, who, task.Create{Draft: child}).TaskID // is deleted before its parent
	b.Do(t, who, task.Create{Draft: child})
	occurrence := b.Do(t, who, task.Create{Draft: draft("an occurrence")}).TaskID
	for _, id := range []uuid.UUID{earlier, root, occurrence} {
		b.Do(t, who, task.Delete{ID: id})
	}
	owner := b.Connect(t, "taskwire_owner", uuid.Nil)
	age := &pgx.Batch{}
	age.Queue(`UPDATE task SET series_id = id WHERE id = $1`, occurrence)
	age.Queue(`UPDATE task_event SET after_task = after_task || jsonb_build_object('series_id', task_id) WHERE task_id = $1 AND after_task IS NOT NULL`, occurrence)
	if err := owner.SendBatch(t.Context(), age).Close(); err != nil {
		t.Fatal(err)
	}

	b.Do(t, who, task.Purge{IDs: []uuid.UUID{root, occurrence}, Given: true})
	if n := count(t, owner, "task"); n != 1 {
		t.Errorf("%d tasks are left, want the occurrence", n)
	}
	if found, _ := b.rebuild(t); len(found) > 0 {
		t.Errorf("the log does not replay: %v", found)
	}
	for _, id := range []uuid.UUID{root, earlier, occurrence} {
		if _, err := b.execute(t.Context(), who, idempotency.Key{}, task.Restore{ID: id}, ok); !fault.Is(err, fault.NotFound) {
			t.Errorf("restoring a purged task: %v", err)
		}
	}
}

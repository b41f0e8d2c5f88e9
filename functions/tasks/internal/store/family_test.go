package store

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/eventually"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog/userlogtest"
)

func (b bundle) execute(t *testing.T, who token.Principal, cmd task.Command) {
	t.Helper()
	if _, err := b.tasks.Execute(t.Context(), who, idempotency.Key{}, cmd, ok); err != nil {
		t.Fatalf("%T: %v", cmd, err)
	}
}

// recurring creates a task that is due every day.
func (b bundle) recurring(t *testing.T, who token.Principal) uuid.UUID {
	t.Helper()
	d := userlogtest.Draft("daily")
	at := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	d.DueAt, d.Recurrence = &at, &task.Recurrence{RRule: "FREQ=DAILY", Mode: task.ModeSchedule}
	return b.Do(t, who, task.Create{Draft: d}).TaskID
}

// However many subtasks a task has, and however long they are, it can be deleted and restored with them.
func TestAFamilyOfAnySizeIsDeletedAndRestored(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		subtasks    int
		description string
	}{
		"long":     {260, strings.Repeat("x", task.MaxDescription)}, // 5 MB
		"many":     {700, ""},
		"one long": {1, strings.Repeat("x", task.MaxDescription)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, who := setup(t), userlogtest.Principal()
			root := b.recurring(t, who)
			b.AddSubtasks(t, who, root, c.subtasks, c.description)
			before := b.Tasks(t, who)
			for _, cmd := range []task.Command{task.Delete{ID: root}, task.Skip{ID: root}} {
				b.execute(t, who, cmd)
				if left := b.Tasks(t, who); len(left) > 0 {
					t.Fatalf("%T: %d tasks are left", cmd, len(left))
				}
				b.execute(t, who, task.Restore{ID: root})
				after := b.Tasks(t, who)
				if len(after) != len(before) {
					t.Fatalf("%d tasks after %T and restoring, want %d", len(after), cmd, len(before))
				}
				for i, got := range after {
					if changes := task.Diff(before[i], got); len(changes) > 0 || got.Version != before[i].Version+2 {
						t.Fatalf("task %d, version %d, has changed in %v", i, got.Version, changes)
					}
				}
				before = after
			}
			used, _, err := b.tasks.Usage(t.Context(), who)
			if err != nil || used.Tasks != int64(len(before)) || used.Bytes < int64(c.subtasks*len(c.description)) {
				t.Errorf("%+v is counted, %v", used, err)
			}
			b.execute(t, who, task.Delete{ID: root})
			b.execute(t, who, task.Purge{IDs: []uuid.UUID{root}, Given: true})
			if left := b.Count(t, "task"); left != 1 { // the occurrence, which its series counts
				t.Errorf("%d rows are left of what was deleted for good, want 1", left)
			}
			events := b.Events(t, who)
			if want := 1 + 6*len(before); len(events) != want {
				t.Errorf("%d events, want %d", len(events), want)
			}
			for i, e := range events {
				if e.Seq != int64(i+1) {
					t.Fatalf("event %d has the sequence %d", i+1, e.Seq)
				}
				if restored := e.Task != nil && e.Task.ParentID != nil; restored && e.Task.Description != c.description {
					t.Fatalf("event %d has a description of %d bytes, want %d", i+1, len(e.Task.Description), len(c.description))
				}
			}
		})
	}
}

// The last event of a change may be about a notification, which is written without the usage.
func TestAChangeThatResolvesANotificationCountsItsTasks(t *testing.T) {
	t.Parallel()
	b, who := setup(t), userlogtest.Principal()
	root := b.recurring(t, who)
	b.AddSubtasks(t, who, root, 3, "text")
	b.Exec(t, `
INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, created_at)
SELECT user_id, gen_random_uuid(), 'upcoming', id, 'PT1H', due_at, 'daily', '', now() FROM task WHERE id = $1`, root)
	b.execute(t, who, task.Delete{ID: root})
	events := b.Events(t, who)
	if used, _, err := b.tasks.Usage(t.Context(), who); err != nil || used != (task.Usage{}) || events[len(events)-1].EventType != notification.Read {
		t.Errorf("%+v is counted after the last event %s, %v", used, events[len(events)-1].EventType, err)
	}
}

// An edit or another subtask reads nothing of a family but its size.
func TestAParentOfLongSubtasksGetsAnother(t *testing.T) {
	t.Parallel()
	b, who := setup(t), userlogtest.Principal()
	root := b.Do(t, who, task.Create{Draft: userlogtest.Draft("root")}).TaskID
	b.AddSubtasks(t, who, root, 260, strings.Repeat("x", task.MaxDescription))
	moved := b.Do(t, who, task.Create{Draft: userlogtest.Draft("moved")}).TaskID
	d := userlogtest.Draft("below")
	d.ParentID = &root
	b.execute(t, who, task.Create{Draft: d})
	b.execute(t, who, task.Replace{ID: moved, Draft: d})
	if n := len(b.Tasks(t, who)); n != 263 {
		t.Errorf("%d tasks", n)
	}
}

func TestTheBoundOfAFamilyHoldsInTheDatabase(t *testing.T) {
	t.Parallel()
	b, who := setup(t), userlogtest.Principal()
	root := b.Do(t, who, task.Create{Draft: userlogtest.Draft("root")}).TaskID
	b.AddSubtasks(t, who, root, task.MaxSubtasks, "")
	moved := b.Do(t, who, task.Create{Draft: userlogtest.Draft("moved")}).TaskID
	subtasks := b.Tasks(t, who)[2:]
	d := userlogtest.Draft("one more")
	d.ParentID = &subtasks[0].ID
	for _, cmd := range []task.Command{task.Create{Draft: d}, task.Replace{ID: moved, Draft: d}} {
		_, err := b.tasks.Execute(t.Context(), who, idempotency.Key{}, cmd, ok)
		if f := (*fault.Error)(nil); !errors.As(err, &f) || f.Code != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Pointer != "/parent_id" {
			t.Errorf("%T: %v", cmd, err)
		}
	}
	within := d
	within.Title = "moved within the family"
	b.execute(t, who, task.Replace{ID: subtasks[1].ID, Draft: within})
	// Occurrences that are done are made by the platform, however many.
	b.Exec(t, `UPDATE task SET completed_at = now(), series_id = $2 WHERE id = $1`, subtasks[2].ID, root)
	b.execute(t, who, task.Create{Draft: d})
}

// A large family is changed in its own transaction: while it lasts, those of other users do not wait.
func TestALargeFamilyDelaysNoOtherUser(t *testing.T) {
	t.Parallel()
	b, other := setup(t), userlogtest.Principal()
	b.Do(t, other, task.Create{Draft: userlogtest.Draft("first")})
	lock, err := b.Connect(t, "taskwire_owner", uuid.Nil).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	const busy = 2 // as many as transactions are shared at once
	for range busy {
		who := userlogtest.Principal()
		root := b.Do(t, who, task.Create{Draft: userlogtest.Draft("root")}).TaskID
		b.AddSubtasks(t, who, root, 300, "")
		if _, err := lock.Exec(t.Context(), `SELECT FROM task WHERE parent_id = $1 FOR UPDATE`, root); err != nil {
			t.Fatal(err)
		}
		wg.Go(func() { b.execute(t, who, task.Delete{ID: root}) })
	}
	defer wg.Wait()
	defer func() { _ = lock.Rollback(t.Context()) }()
	eventually.True(t, "both deletions wait for the locked rows", func() bool {
		var waiting int
		const query = `SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid' AND transactionid = pg_current_xact_id()::xid`
		return lock.QueryRow(t.Context(), query).Scan(&waiting) == nil && waiting == busy
	})
	b.execute(t, other, task.Create{Draft: userlogtest.Draft("at once")})
	var waiting bool
	const still = `SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'transactionid' AND transactionid = pg_current_xact_id()::xid)`
	if err := lock.QueryRow(t.Context(), still).Scan(&waiting); err != nil || !waiting {
		t.Errorf("the other user's change came after the deletions: %v", err)
	}
}

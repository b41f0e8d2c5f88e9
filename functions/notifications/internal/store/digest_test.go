package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/userlog/userlogtest"
)

// digests adds digests, newest last, of two reminders of each of so many tasks, the first of which is about first.
func (b bundle) digests(t *testing.T, who token.Principal, n, tasks int, title string, first uuid.UUID) (ids []uuid.UUID) {
	t.Helper()
	for i := range n {
		id := postgres.NewID()
		ids = append(ids, id)
		b.Exec(t, `
INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, created_at)
VALUES ($1, $2, 'digest', '00000000-0000-0000-0000-000000000000', '', now(), '', '', now())`, who.UserID, id)
		b.Exec(t, `
INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, created_at, read_at, digest_id)
SELECT $1, gen_random_uuid(), kind, CASE n WHEN 0 THEN $5 ELSE ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid END,
  CASE kind WHEN 'overdue' THEN (date '2026-01-01' + $6::int)::text ELSE 'PT' || ($6::int + 1) || 'M' END,
  timestamptz '2026-01-01' + n * interval '1 second', $4, 'Was due', now(), now(), $2
FROM generate_series(0, $3::int - 1) n, unnest('{upcoming,overdue}'::text[]) kind`, who.UserID, id, tasks, title, first, i)
	}
	return ids
}

// What is read of a digest has a bound, and what it says does not depend on that.
func TestDigests_OfVeryManyTasks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := userlogtest.Principal()
	const tasks = 1000
	first := b.notify(t, who).TaskID
	ids := b.digests(t, who, 5, tasks, "Water the plants", first)

	reminders, due := 0, map[uuid.UUID]notification.Due{}
	if err := postgres.Read(t.Context(), b.notifications.pool, who, func(q *pgx.Batch) {
		userlog.QueueItems(q, who.UserID, ids, func(uuid.UUID, notification.Item) { reminders++ })
		userlog.QueueDue(q, who.UserID, ids, []uuid.UUID{first}, due)
	}); err != nil {
		t.Fatal(err)
	}
	if reminders != len(ids)*notification.MaxListed {
		t.Errorf("%d reminders were read", reminders)
	}
	for _, id := range ids {
		if d := due[id]; len(d.First) != notification.MaxListed || d.Count() != tasks-1 || d.Overdue != tasks-1 {
			t.Errorf("%d tasks were read of %d, %d of them overdue", len(d.First), d.Count(), d.Overdue)
		}
	}

	listed := func(n notification.Notification) {
		t.Helper()
		if n.Kind == "digest" && (len(n.Reminders) != notification.MaxListed || len(n.TaskIDs) != notification.MaxListed) {
			t.Errorf("%d reminders, %d tasks", len(n.Reminders), len(n.TaskIDs))
		}
	}
	for _, n := range b.list(t, who) {
		listed(n)
	}
	if _, err := b.notifications.Read(t.Context(), who, ids[0], func(n notification.Notification) idempotency.Answer {
		listed(n)
		return seen(n)
	}); err != nil {
		t.Fatal(err)
	}

	b.Do(t, who, task.SetCompleted{ID: first, Completed: true})
	updated := map[uuid.UUID]bool{}
	for _, e := range b.Events(t, who) {
		var n notification.Notification
		if e.Notification == nil || json.Unmarshal(e.Notification, &n) != nil || n.Kind != "digest" || n.Title == "" {
			continue
		}
		updated[n.ID] = true
		body := fmt.Sprintf("Water the plants, Water the plants, Water the plants and %d more", tasks-1-3)
		if n.Title != fmt.Sprintf("%d tasks are overdue", tasks-1) || n.Body != body || len(n.TaskIDs) != notification.MaxListed || slices.Contains(n.TaskIDs, first) {
			t.Errorf("%q %q, %d tasks", n.Title, n.Body, len(n.TaskIDs))
		}
	}
	if len(updated) != len(ids) {
		t.Errorf("%d digests have one task less, want %d", len(updated), len(ids))
	}
}

// A page ends when it has enough bytes, and the next one goes on from there.
func TestDigests_EndALongPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := userlogtest.Principal()
	title := ""
	for range 500 {
		title += "\U0001F33B"
	}
	want := b.digests(t, who, 8, 100, title, uuid.Must(uuid.NewV7()))
	slices.Reverse(want)
	var got []uuid.UUID
	pages := 0
	for page, more := (Page{Limit: 100}), true; more; pages++ {
		var list []notification.Notification
		var err error
		if list, more, err = b.notifications.List(t.Context(), who, page); err != nil || len(list) == 0 {
			t.Fatalf("%d notifications, %v", len(list), err)
		}
		bytes := 0
		for _, n := range list {
			got = append(got, n.ID)
			for _, item := range n.Reminders {
				bytes += len(item.Title)
			}
			page.After = &Position{CreatedAt: n.CreatedAt, ID: n.ID}
			if len(n.Reminders) != 200 {
				t.Errorf("a digest with %d reminders", len(n.Reminders))
			}
		}
		if bytes > 1<<20 {
			t.Errorf("a page of %d bytes", bytes)
		}
	}
	if !slices.Equal(got, want) || pages < 3 {
		t.Errorf("%d pages: %v, want %v", pages, got, want)
	}
}

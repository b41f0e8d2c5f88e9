package world

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/load"
)

// Verify ends the load and compares all results with each other.
func (w *World) Verify(t *testing.T) {
	t.Helper()
	w.stopWriting()
	ctx := check.Within(t, w.RecoveryTimeout)
	check.NoError(t, Again(ctx, func() error { return w.outboxIsEmpty(ctx) }))
	w.streamsCatchUp(ctx, t)
	w.stopListening()

	for _, wrong := range w.Writer.Wrong() {
		t.Errorf("writing: %s", wrong)
	}
	topic := check.Must(readTopic(ctx, strings.Split(w.KafkaBrokers, ","), "task-events"))(t)
	total := 0
	for _, u := range w.Users {
		events := check.Must(w.auditLog(ctx, u.ID))(t)
		total += len(events)
		if len(events) != u.Events() {
			t.Errorf("user %s: %d changes were acknowledged, %d are in the audit log", u.ID, u.Events(), len(events))
		}
		checkLog(t, u, events)
		w.checkTasks(ctx, t, u, events)
		checkTopic(t, u, events, topic[u.ID])
	}
	w.checkStreams(t, total)
	t.Logf("%d changes, tried again: %v", total, w.Writer.Refusals())
}

func (w *World) outboxIsEmpty(ctx context.Context) error {
	var rows int
	if err := w.db.QueryRow(ctx, `SELECT count(*) FROM outbox`).Scan(&rows); err != nil {
		return err
	}
	if rows > 0 {
		return fmt.Errorf("%d rows are in the outbox", rows)
	}
	return nil
}

// audit is a row of task_event.
type audit struct {
	Seq  int64
	ID   string
	Task string
	Type string
	Left *client.Task // nil for task.deleted
}

func (w *World) auditLog(ctx context.Context, user string) ([]audit, error) {
	rows, err := w.db.Query(ctx, `SELECT seq, id::text, task_id::text, event_type, after_task FROM task_event WHERE user_id = $1 ORDER BY seq`, user)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (audit, error) {
		var a audit
		var left []byte
		if err := row.Scan(&a.Seq, &a.ID, &a.Task, &a.Type, &left); err != nil || left == nil {
			return a, err
		}
		a.Left = &client.Task{}
		return a, json.Unmarshal(left, a.Left)
	})
}

func checkLog(t *testing.T, u *load.User, events []audit) {
	t.Helper()
	for i, e := range events {
		if e.Seq != int64(i+1) {
			t.Fatalf("user %s: number %d is at place %d of the audit log", u.ID, e.Seq, i+1)
		}
	}
}

// checkTasks compares the tasks with what was acknowledged and with a replay of the audit log.
func (w *World) checkTasks(ctx context.Context, t *testing.T, u *load.User, events []audit) {
	t.Helper()
	replayed := map[string]*client.Task{}
	for _, e := range events {
		if !strings.HasPrefix(e.Type, "task.") {
			continue // a notification or a comment, which leave the task as it is
		}
		if e.Left == nil {
			delete(replayed, e.Task)
		} else {
			replayed[e.Task] = e.Left
		}
	}
	query := map[string][]string{"status": {"all"}, "limit": {"200"}}
	stored := check.Must(w.Anybody.As(u.Token).AllTasks(ctx, query, nil))(t)
	if len(stored) != len(replayed) {
		t.Errorf("user %s: %d tasks are stored, %d come from replaying the audit log", u.ID, len(stored), len(replayed))
	}
	byID := map[string]client.Task{}
	for _, task := range stored {
		byID[task.ID] = task
		if again := replayed[task.ID]; again == nil || !reflect.DeepEqual(*again, task) {
			t.Errorf("user %s: the task is %+v, replayed %+v", u.ID, task, again)
		}
	}
	acknowledged := u.Tasks()
	for id, want := range acknowledged {
		got, exists := byID[id]
		switch {
		case want.Deleted == exists:
			t.Errorf("user %s: task %s, deleted: %t, exists: %t", u.ID, id, want.Deleted, exists)
		case exists && (got.Title != want.Title || got.Completed != want.Completed || got.Version != want.Version):
			t.Errorf("user %s: acknowledged %+v, stored %+v", u.ID, want, got)
		}
		delete(byID, id)
	}
	for id := range byID {
		t.Errorf("user %s: task %s is stored, and nobody was told", u.ID, id)
	}
}

// checkTopic checks that every event of the log is in the topic: once after dropping duplicates, and the first ones in
// order.
func checkTopic(t *testing.T, u *load.User, events []audit, records []client.Event) {
	t.Helper()
	seen := map[string]bool{}
	var first []client.Event
	for _, r := range records {
		if !seen[r.ID] {
			seen[r.ID] = true
			first = append(first, r)
		}
	}
	if len(first) != len(events) {
		t.Errorf("user %s: %d events in the topic, %d in the audit log", u.ID, len(first), len(events))
	}
	for i := range min(len(first), len(events)) {
		if got, want := first[i], events[i]; got.ID != want.ID || got.Type != want.Type || got.Sequence != fmt.Sprintf("%020d", want.Seq) {
			t.Fatalf("user %s: place %d of the topic has %s %s %s, the audit log %s %s %d",
				u.ID, i+1, got.Sequence, got.Type, got.ID, want.ID, want.Type, want.Seq)
		}
	}
}

// checkStreams checks that every sequence was on every stream, once and in order: the listeners have checked the order.
func (w *World) checkStreams(t *testing.T, total int) {
	t.Helper()
	connects, resets, changes := 0, 0, 0
	for _, r := range w.Reports() {
		for _, wrong := range r.Wrong {
			t.Errorf("a stream of user %s: %s", r.User.ID, wrong)
		}
		if r.Seq != int64(r.User.Events()) {
			t.Errorf("a stream of user %s ends at %d of %d", r.User.ID, r.Seq, r.User.Events())
		}
		if r.Resets == 0 && r.Changes != r.User.Events() {
			t.Errorf("a stream of user %s delivered %d of %d changes", r.User.ID, r.Changes, r.User.Events())
		}
		connects, resets, changes = connects+r.Connects, resets+r.Resets, changes+r.Changes
	}
	t.Logf("%d streams, %d connections, %d resets, %d frames (of %d)", len(w.listeners), connects, resets, changes, total*streamsPerUser)
}

// Reports describes what each stream has received.
func (w *World) Reports() []load.Report {
	reports := make([]load.Report, len(w.listeners))
	for i, l := range w.listeners {
		reports[i] = l.Report()
	}
	return reports
}

// RefusedSince returns the refusals that are not in before.
func (w *World) RefusedSince(before map[string]int) map[string]int {
	since := map[string]int{}
	for reason, n := range w.Writer.Refusals() {
		if n > before[reason] {
			since[reason] = n - before[reason]
		}
	}
	return since
}

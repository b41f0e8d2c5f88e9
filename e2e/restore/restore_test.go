// Package restore loses the database of a running Taskwire and restores a backup that was made under load. It is a separate package
// because afterwards every user has another epoch.
package restore

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/shared/eventually"
)

const timeout = 2 * time.Minute

const consumer = "recurring-spawn"

// TestBackupDisasterRestore_NothingUpToTheBackupIsLost: what was acknowledged before the backup is there afterwards, and what came
// later is not. Every client is told to reload, and goes on. Effects happen once: of events that were published and not yet
// handled when the backup was made, of those that were handled only in the lost time, and of new events that use the sequence
// numbers of lost ones again.
func TestBackupDisasterRestore_NothingUpToTheBackupIsLost(t *testing.T) {
	w := setup(t)
	ada, bob, quiet := w.user(t, "ada"), w.user(t, "bob"), w.user(t, "quiet")
	quiet.create(t, "The only task")
	quiet.follow(t)
	weekly := client.Fields{"recurrence": client.Fields{"rrule": "FREQ=WEEKLY", "mode": "schedule"}, "due_at": time.Now().AddDate(0, 0, 1).UTC()}
	before, during := ada.create(t, "Completed before the backup", weekly), ada.create(t, "Completed twice", weekly)
	ada.prefer(t, "Europe/Berlin")
	key := map[string]string{"Idempotency-Key": "before-the-backup"}
	first := check.Must(ada.Do(t.Context(), client.Request{Method: http.MethodPost, Path: "/api/todos", JSON: client.Fields{"title": "Once"}, Header: key}))(t)
	ada.follow(t)
	bob.follow(t)

	// A completion is published, and not handled when the backup is made.
	check.NoError(t, w.stack.Hold(check.Within(t, timeout), consumer))
	held := true
	t.Cleanup(func() {
		if held {
			check.NoError(t, w.stack.Release(context.Background(), consumer))
		}
	})
	check.Must(ada.CompleteTask(t.Context(), before, true))(t)
	w.published(t)
	remind := time.Now().Add(4 * time.Second)
	reminded := bob.create(t, "A reminder after the backup", client.Fields{"reminders": []any{client.Fields{"at": remind.UTC().Format(time.RFC3339)}}, "due_at": remind.Add(time.Hour).UTC()})

	stop := w.load(t, ada, bob)
	eventually.Within(t, timeout, "the load runs", func() bool { return w.writes() > 100 })
	saved := w.acknowledged()
	file := filepath.Join(t.TempDir(), "backup.zip")
	began := time.Now()
	check.NoError(t, w.stack.Backup(check.Within(t, timeout), file))
	t.Logf("backup under load: %v", time.Since(began).Round(time.Millisecond))
	after := w.writes()

	// The future that is lost.
	eventually.Within(t, timeout, "more is written", func() bool { return w.writes() > after+100 })
	lost := ada.create(t, "Lost")
	ada.prefer(t, "America/New_York")
	check.NoError(t, w.stack.Release(check.Within(t, timeout), consumer))
	held = false
	check.Must(ada.CompleteTask(t.Context(), during, true))(t)
	eventually.Within(t, timeout, "both completions have a successor", func() bool { return w.successors(t, before) == 1 && w.successors(t, during) == 1 })
	eventually.Within(t, timeout, "the reminder became a notification", func() bool { return bob.notifications(t, reminded) == 1 })
	for _, u := range []*user{ada, bob, quiet} {
		u.last(t)
	}
	check.NoError(t, w.values.DropDatabase(check.Within(t, timeout)))
	stop()

	if err := w.stack.Restore(check.Within(t, timeout), file); err == nil {
		t.Fatal("a running stack was restored without force")
	}
	began = time.Now()
	// Consumers were behind by seconds. By default all that the tests before have caused would be published again.
	check.NoError(t, w.stack.Restore(check.Within(t, timeout), file, "--force", "--republish", "1m"))
	t.Logf("restore of a running stack, until all parts are healthy: %v", time.Since(began).Round(time.Millisecond))

	// Every client reloads, and goes on.
	for _, u := range []*user{ada, bob, quiet} {
		u.resumesAfterReset(t)
	}
	for id, title := range saved {
		owner := ada
		if title.user == bob {
			owner = bob
		}
		if task, err := owner.Task(t.Context(), id); err != nil || task.Title != title.title {
			t.Fatalf("task %s, acknowledged before the backup: %+v, %v", id, task, err)
		}
	}
	if r := check.Must(ada.Do(t.Context(), client.Request{Method: http.MethodGet, Path: "/api/todos/" + lost}))(t); r.Status != http.StatusNotFound {
		t.Errorf("a task from after the backup: %d", r.Status)
	}
	if zone := ada.zone(t); zone != "Europe/Berlin" {
		t.Errorf("time zone %s, which was set after the backup", zone)
	}
	again := check.Must(ada.Do(t.Context(), client.Request{Method: http.MethodPost, Path: "/api/todos", JSON: client.Fields{"title": "Once"}, Header: key}))(t)
	if again.Status != first.Status || string(again.Body) != string(first.Body) {
		t.Errorf("a repeated request is answered %d %s, first %d %s", again.Status, again.Body, first.Status, first.Body)
	}
	check.Must(ada.Refresh(t.Context(), ada.refresh))(t)

	// Effects. The task that is completed again uses sequence numbers, and has a successor id, of the lost time.
	check.Must(ada.CompleteTask(t.Context(), during, true))(t)
	eventually.Within(t, timeout, "both completions have a successor again", func() bool { return w.successors(t, before) > 0 && w.successors(t, during) > 0 })
	eventually.Within(t, timeout, "the reminder became a notification again", func() bool { return bob.notifications(t, reminded) > 0 })
	w.settle(t, ada)
	if a, b, n := w.successors(t, before), w.successors(t, during), bob.notifications(t, reminded); a != 1 || b != 1 || n != 1 {
		t.Errorf("%d and %d successors, %d notifications; want one of each", a, b, n)
	}
	check.NoError(t, w.stack.RebuildCheck(check.Within(t, timeout)))
	if letters := w.deadLetters(t); letters != w.deadBefore {
		t.Errorf("%d dead letters, %d before", letters, w.deadBefore)
	}
}

// follow opens a stream, as a screen does.
func (u *user) follow(t *testing.T) {
	t.Helper()
	s := check.Must(u.OpenStream(t.Context(), "", nil))(t)
	t.Cleanup(s.Close)
	u.at = check.Must(s.NextEvent(check.Within(t, timeout)))(t).ID
	u.stream = s
}

// last reads the stream up to the user's newest change.
func (u *user) last(t *testing.T) {
	t.Helper()
	head := u.head(t)
	ctx := check.Within(t, timeout)
	for seqOf(t, u.at) < head {
		u.at = check.Must(u.stream.NextEvent(ctx))(t).ID
	}
}

// resumesAfterReset reconnects with the id of the last event that was received, and expects sync.reset, then new changes.
func (u *user) resumesAfterReset(t *testing.T) {
	t.Helper()
	ctx := check.Within(t, timeout)
	s := check.Must(u.OpenStream(ctx, u.at, nil))(t)
	defer s.Close()
	hello := check.Must(s.NextEvent(ctx))(t)
	reset := check.Must(s.NextEvent(ctx))(t)
	if why := check.Must(reset.Greeting())(t); hello.Event != "hello" || reset.Event != "sync.reset" || why.Reason != "epoch" {
		t.Fatalf("%s resumes at %s with %s and %s %s, want sync.reset for another epoch", u.name, u.at, hello.Event, reset.Event, reset.Data)
	}
	u.receives(t, s, fmt.Sprintf("After the restore, of %s", u.name))
	resumed := check.Must(u.OpenStream(ctx, u.at, nil))(t)
	defer resumed.Close()
	check.Must(resumed.NextEvent(ctx))(t)
	u.receives(t, resumed, "After resuming without a reset")
}

// receives makes a change and reads the stream up to it, without another reset.
func (u *user) receives(t *testing.T, s *client.Stream, title string) {
	t.Helper()
	id := u.create(t, title)
	ctx := check.Within(t, timeout)
	for {
		f := check.Must(s.NextEvent(ctx))(t)
		u.at = f.ID
		if f.Event == "sync.reset" {
			t.Fatalf("%s is reset again: %s", u.name, f.Data)
		}
		if change, err := f.Change(); err == nil && change.TaskID == id {
			return
		}
	}
}

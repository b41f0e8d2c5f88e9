package tick

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/overdue-check/internal/decide"
	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/userlog/userlogtest"
)

// addNotified creates a notification for each sent reminder, as reminder-fan-in does.
const addNotified = `
INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, created_at, read_at, snoozed_until)
SELECT user_id, gen_random_uuid(), kind, task_id, CASE kind WHEN 'upcoming' THEN time_window ELSE sent_on::text END, due_at, 'due', '', now(), $1, $2
FROM task_reminder WHERE sent_for IS NOT NULL OR sent_on IS NOT NULL ON CONFLICT DO NOTHING`

func (r *reminders) notified(t *testing.T) {
	t.Helper()
	r.Exec(t, addNotified, nil, nil)
}

// snoozeOne creates a task that is due in half an hour, with a notification that is snoozed until then.
func snoozeOne(t *testing.T, b *userlogtest.Bundle, who token.Principal, until time.Time) (taskID uuid.UUID) {
	t.Helper()
	id := b.Do(t, who, task.Create{Draft: due(soon(30*time.Minute), "PT1H")}).TaskID
	b.Exec(t, `UPDATE task_reminder SET sent_for = due_at, remind_at = NULL WHERE kind = 'upcoming' AND task_id = $1`, id)
	b.Exec(t, addNotified, time.Now(), until)
	return id
}

// list returns the notifications that are shown.
func (r *reminders) list(t *testing.T, who token.Principal) []notification.Notification {
	t.Helper()
	snoozed := func(n notification.Notification) bool { return n.SnoozedUntil != nil }
	return slices.DeleteFunc(r.Notifications(t, who), snoozed)
}

func TestWhatWasSnoozedComesBackOnce(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who := userlogtest.Principal()
	until := soon(time.Hour)
	kept := snoozeOne(t, r.Bundle, who, until)
	done := snoozeOne(t, r.Bundle, who, until)
	r.Do(t, who, task.SetCompleted{ID: done, Completed: true})
	r.tick(t, until.Add(-time.Minute))
	if list := r.list(t, who); len(list) != 0 {
		t.Fatalf("too early: %+v", list)
	}
	before := len(r.Events(t, who))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := r.clock.Tick(t.Context(), until.Add(time.Minute)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	list := r.list(t, who)
	if len(list) != 2 || list[0].TaskID != kept || list[0].ReadAt != nil || list[1].TaskID != done || list[1].ReadAt == nil {
		t.Fatalf("%+v", list)
	}
	entries := r.Events(t, who)[before:]
	if len(entries) != 1 || entries[0].EventType != notification.Created || entries[0].TaskID != kept || entries[0].Actor != "system:overdue-check" {
		t.Fatalf("%+v", entries)
	}
}

// What comes back says what the task is now, and a task that was moved or is no longer due does not come back.
// A notification about the account is about no task that could be done.
func TestASnoozedAccountNotificationComesBack(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who := userlogtest.Principal()
	until := soon(time.Hour)
	r.Do(t, who, task.Create{Draft: userlogtest.Draft("first")})
	r.Exec(t, `
INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, created_at, read_at, snoozed_until)
VALUES ($1, gen_random_uuid(), 'account', '00000000-0000-0000-0000-000000000000', '', now(), 'New sign-in', 'Somebody', now(), now(), $2)`, who.UserID, until)
	r.tick(t, until.Add(time.Second))
	if list := r.list(t, who); len(list) != 1 || list[0].Title != "New sign-in" || list[0].Body != "Somebody" || list[0].ReadAt != nil || list[0].ResolvedAt != nil {
		t.Errorf("%+v", list)
	}
}

func TestWhatWasSnoozedIsJudgedAnew(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who := userlogtest.Principal()
	until := soon(time.Hour)
	at := soon(30 * time.Minute)
	renamed, moved, undated, gone := snoozeOne(t, r.Bundle, who, until), snoozeOne(t, r.Bundle, who, until),
		snoozeOne(t, r.Bundle, who, until), snoozeOne(t, r.Bundle, who, until)
	var key time.Time
	if err := r.owner.QueryRow(t.Context(), `SELECT due_at FROM notification WHERE task_id = $1`, renamed).Scan(&key); err != nil {
		t.Fatal(err)
	}
	change := func(id uuid.UUID, title string, at *time.Time) {
		d := userlogtest.Draft(title)
		d.DueAt, d.Reminders = at, []task.Reminder{"PT1H"}
		r.Do(t, who, task.Replace{ID: id, Draft: d})
	}
	later := at.Add(48 * time.Hour)
	change(renamed, "another title", &key)
	change(moved, "due", &later)
	change(undated, "due", nil)
	r.Do(t, who, task.Delete{ID: gone})
	before := len(r.Events(t, who))
	r.tick(t, until.Add(time.Minute))
	for _, n := range r.list(t, who) {
		want := n.TaskID == renamed
		if want != (n.ResolvedAt == nil) || want != (n.ReadAt == nil) || want != (n.Title == "another title") {
			t.Errorf("%+v", n)
		}
		if text := "Was due " + key.UTC().Format("Mon, 2 Jan 2006, 15:04 MST"); want && n.Body != text {
			t.Errorf("%q, want %q", n.Body, text)
		}
	}
	if entries := r.Events(t, who)[before:]; len(entries) != 1 || entries[0].TaskID != renamed {
		t.Errorf("%+v", entries)
	}
}

// A user whose data cannot be changed now, such as one with a busy lock, delays no other user's notifications and reminders.
func TestAUserWhoFailsDelaysNoOther(t *testing.T) {
	t.Parallel()
	r := setup(t)
	failing, other := userlogtest.Principal(), userlogtest.Principal()
	until := soon(time.Hour)
	for range returnUsers + 1 { // as many as one round looks at, all due before the other user's
		snoozeOne(t, r.Bundle, failing, until)
	}
	snoozeOne(t, r.Bundle, other, until.Add(time.Second))
	reminded := r.Do(t, other, task.Create{Draft: due(until.Add(time.Hour), "PT1H")}).TaskID
	r.Exec(t, `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''refused''; END'`)
	r.Exec(t, `CREATE TRIGGER refuse BEFORE UPDATE ON notification FOR EACH ROW WHEN (NEW.user_id = '`+failing.UserID.String()+`') EXECUTE FUNCTION refuse()`)
	now := until.Add(time.Minute)
	done, err := r.clock.Tick(t.Context(), now)
	if err == nil || !strings.Contains(err.Error(), failing.UserID.String()) || done.Returned != 1 {
		t.Errorf("%+v, %v; want one returned, and an error that names the user who failed", done, err)
	}
	if list := r.list(t, other); len(list) != 1 || list[0].ReadAt != nil {
		t.Errorf("the other user has %+v", list)
	}
	if !slices.ContainsFunc(r.take(t), func(p published) bool { return p.Data.TaskID == reminded }) {
		t.Error("the other user was not reminded")
	}
	r.Exec(t, `DROP TRIGGER refuse ON notification`)
	r.tick(t, now)
	if list := r.list(t, failing); len(list) != returnUsers+1 {
		t.Errorf("%d notifications came back with the next tick, want %d", len(list), returnUsers+1)
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	userlogtest.Run(t, func(t testing.TB) userlogtest.Database { return pgtest.New(t) }, userlogtest.Command{
		Role: "taskwire_worker",
		Prepare: func(t *testing.T, b *userlogtest.Bundle, who token.Principal) userlogtest.Deliver {
			until := soon(time.Hour)
			snoozeOne(t, b, who, until)
			return func(ctx context.Context, pool *postgres.Pool, log *userlog.Log) error {
				clock := NewClock(nothingDue{}, NewNotifications(pool, log), &guard{}, decide.Decide)
				_, err := clock.Tick(ctx, until)
				return err
			}
		},
	})
}

// nothingDue is a Ledger without reminders.
type nothingDue struct{}

func (nothingDue) Claim(context.Context, time.Time, int, func(context.Context, []decide.Due) []decide.Verdict) (int, error) {
	return 0, nil
}

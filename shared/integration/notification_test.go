package integration

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// told makes a task that is due in half an hour, has its reminder sent, and makes its notification.
func (r *reminders) told(t *testing.T, who token.Principal) (reminder.Reminder, notification.Notification) {
	t.Helper()
	id := r.do(t, who, task.Create{Draft: due(soon(30 * time.Minute))}).TaskID
	for _, one := range r.tick(t, soon(0)) {
		if one.Data.TaskID == id {
			one.Data.Kind = reminder.Upcoming
			r.notify(t, one.ID.String(), one.Data)
			list := r.list(t, who)
			return one.Data, list[0]
		}
	}
	t.Fatal("nothing was sent")
	return reminder.Reminder{}, notification.Notification{}
}

func (r *reminders) notify(t *testing.T, id string, about reminder.Reminder) {
	t.Helper()
	if err := r.fanIn.Notify(t.Context(), "/users/x/tasks", id, about); err != nil {
		t.Fatal(err)
	}
}

func (r *reminders) list(t *testing.T, who token.Principal) []notification.Notification {
	t.Helper()
	list, err := r.notifications.List(t.Context(), who, notification.Page{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func seen(notification.Notification) idempotency.Answer { return idempotency.Answer{Status: 200} }

// Whoever delivers, however often and at the same time, and even under another id: one notification, one entry.
func TestAReminderIsOneNotification(t *testing.T) {
	t.Parallel()
	r := setupReminders(t)
	who := principal()
	about, first := r.told(t, who)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			id := "again"
			if i%2 == 0 {
				id = uuid.NewString()
			}
			if err := r.fanIn.Notify(t.Context(), "/users/x/tasks", id, about); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if list := r.list(t, who); len(list) != 1 || list[0].ID != first.ID || list[0].Title != "due" {
		t.Errorf("%+v", list)
	}
	events, _, err := r.tasks.History(t.Context(), who, 0, 10)
	if err != nil || len(events) != 2 || events[1].EventType != notification.Created || events[1].Seq != 2 || events[1].TaskID != about.TaskID {
		t.Errorf("%+v, %v", events, err)
	}
	// Moved, the task is another occasion, once its reminder was sent; completed, it is none.
	moved := about
	moved.DueAt = about.DueAt.Add(time.Hour)
	r.do(t, who, task.Replace{ID: about.TaskID, Draft: due(moved.DueAt)})
	r.notify(t, "late", about)
	r.notify(t, "moved", moved)
	if list := r.list(t, who); len(list) != 1 {
		t.Errorf("before the reminder was sent: %+v", list)
	}
	r.tick(t, moved.DueAt.Add(-time.Minute))
	r.notify(t, "moved", moved) // what came too early has not used up the event
	r.do(t, who, task.SetCompleted{ID: about.TaskID, Completed: true})
	r.notify(t, "completed", reminder.Reminder{Kind: reminder.Overdue, UserID: who.UserID, TaskID: about.TaskID, DueAt: moved.DueAt, Window: "2026-12-01"})
	if list := r.list(t, who); len(list) != 2 {
		t.Errorf("%+v", list)
	}
}

// The log stays one: changes of tasks and of notifications at the same time are numbered without gaps, and a stream
// reads all of them.
func TestNotificationsAreNumberedWithTheTasks(t *testing.T) {
	t.Parallel()
	r := setupReminders(t)
	who := principal()
	at := soon(30 * time.Minute)
	ids := make([]uuid.UUID, 20)
	for i := range ids {
		ids[i] = r.do(t, who, task.Create{Draft: due(at)}).TaskID
	}
	sent := r.tick(t, soon(0))
	if len(sent) != len(ids) {
		t.Fatalf("%d were sent", len(sent))
	}
	var wg sync.WaitGroup
	for i, one := range sent {
		one.Data.Kind = reminder.Upcoming
		wg.Go(func() {
			if err := r.fanIn.Notify(t.Context(), "/s", one.ID.String(), one.Data); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if _, err := r.tasks.Execute(t.Context(), who, idempotency.Key{}, task.Create{Draft: draft("beside")}, ok); err != nil {
				t.Error(err)
			}
		})
		if i%4 == 0 {
			wg.Go(func() {
				if _, err := r.notifications.ReadAll(t.Context(), who, idempotency.Key{}, func(int64) idempotency.Answer { return idempotency.Answer{} }); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	events, _, err := r.tasks.History(t.Context(), who, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[task.EventType]int{}
	for i, e := range events {
		if e.Seq != int64(i+1) {
			t.Fatalf("number %d is at place %d", e.Seq, i+1)
		}
		kinds[e.EventType]++
		if about := e.EventType == notification.Created; about != (e.Notification != nil) || (e.EventType == notification.Read) != (e.TaskID == uuid.Nil) {
			t.Errorf("%+v", e)
		}
	}
	if kinds[notification.Created] != len(ids) || kinds[task.Created] != 2*len(ids) {
		t.Errorf("%v", kinds)
	}
}

func TestWhatWasSnoozedComesBackOnce(t *testing.T) {
	t.Parallel()
	r := setupReminders(t)
	who := principal()
	about, kept := r.told(t, who)
	_, done := r.told(t, who)
	for _, n := range []notification.Notification{kept, done} {
		if _, err := r.notifications.Snooze(t.Context(), who, idempotency.Key{}, n.ID, time.Hour, seen); err != nil {
			t.Fatal(err)
		}
	}
	r.do(t, who, task.SetCompleted{ID: done.TaskID, Completed: true})
	if list := r.list(t, who); len(list) != 0 {
		t.Fatalf("snoozed, and shown: %+v", list)
	}
	r.tick(t, soon(30*time.Minute)) // too early
	if list := r.list(t, who); len(list) != 0 {
		t.Fatalf("too early: %+v", list)
	}
	before, _, err := r.tasks.History(t.Context(), who, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	back := soon(61 * time.Minute)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := r.clock.Tick(t.Context(), back); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	list := r.list(t, who)
	if len(list) != 2 || list[0].ID != kept.ID || list[0].ReadAt != nil || list[0].SnoozedUntil != nil || list[1].ReadAt == nil {
		t.Fatalf("%+v", list)
	}
	events, _, err := r.tasks.History(t.Context(), who, int64(len(before)), 100)
	if err != nil || len(events) != 1 || events[0].EventType != notification.Created || events[0].TaskID != about.TaskID {
		t.Fatalf("%+v, %v", events, err)
	}
}

func TestAnothersNotificationIsNotFound(t *testing.T) {
	t.Parallel()
	r := setupReminders(t)
	alice, mallory := principal(), principal()
	_, secret := r.told(t, alice)
	_, own := r.told(t, mallory)
	if _, err := r.notifications.Read(t.Context(), mallory, secret.ID, seen); !fault.Is(err, fault.NotFound) {
		t.Errorf("read: %v", err)
	}
	if _, err := r.notifications.Snooze(t.Context(), mallory, idempotency.Key{}, secret.ID, time.Hour, seen); !fault.Is(err, fault.NotFound) {
		t.Errorf("snooze: %v", err)
	}
	if list := r.list(t, mallory); len(list) != 1 || list[0].ID != own.ID {
		t.Errorf("%+v", list)
	}
	if list := r.list(t, alice); len(list) != 1 || list[0].ReadAt != nil {
		t.Errorf("%+v", list)
	}
	// The database is the last wall: without a WHERE, and in another's name.
	for table, rows := range map[string]int{"notification": 1, "task_reminder": 2} {
		for user, want := range map[uuid.UUID]int{mallory.UserID: rows, uuid.New(): 0} {
			if n := count(t, r.connect(t, "taskwire_app", user), table); n != want {
				t.Errorf("%s: %d rows, want %d", table, n, want)
			}
		}
		conn := r.connect(t, "taskwire_app", mallory.UserID)
		tag, err := conn.Exec(t.Context(), `UPDATE `+table+` SET due_at = now() WHERE user_id = $1`, alice.UserID)
		if err != nil || tag.RowsAffected() != 0 {
			t.Errorf("%s: %d rows changed, %v", table, tag.RowsAffected(), err)
		}
	}
	var refused *pgconn.PgError
	_, err := r.connect(t, "taskwire_app", mallory.UserID).Exec(t.Context(),
		`INSERT INTO task_reminder (user_id, task_id, kind, time_window, by_lead, due_at) VALUES ($1, gen_random_uuid(), 'overdue', '', false, now())`, alice.UserID)
	if !errors.As(err, &refused) || refused.Code != "42501" {
		t.Errorf("a reminder of another: %v", err)
	}
	for _, role := range []string{"taskwire_stream", "taskwire_outbox", "taskwire_auth"} {
		for _, table := range []string{"notification", "task_reminder"} {
			if _, err := r.connect(t, role, alice.UserID).Exec(t.Context(), `SELECT FROM `+table); !errors.As(err, &refused) || refused.Code != "42501" {
				t.Errorf("%s reads %s: %v", role, table, err)
			}
		}
	}
}

func TestTheSameKeyReadsAllOnce(t *testing.T) {
	t.Parallel()
	r := setupReminders(t)
	who := principal()
	r.told(t, who)
	key, err := idempotency.FromHeader("k", "POST", "/api/notifications/read-all", nil)
	if err != nil {
		t.Fatal(err)
	}
	readAll := func() string {
		a, err := r.notifications.ReadAll(t.Context(), who, key, func(n int64) idempotency.Answer {
			return idempotency.Answer{Status: 200, Body: []byte{'0' + byte(n)}}
		})
		if err != nil {
			t.Fatal(err)
		}
		return string(a.Body)
	}
	if first := readAll(); first != "1" {
		t.Fatalf("%s were read", first)
	}
	r.told(t, who)
	if again := readAll(); again != "1" || r.list(t, who)[0].ReadAt != nil {
		t.Errorf("the second time: %s", again)
	}
}

// Everybody who reaches the broker can write a reminder. What a user reads comes from the task all the same, and only what
// the ledger has sent becomes a notification.
func TestAForgedReminderSaysNothingOfItsOwn(t *testing.T) {
	t.Parallel()
	r := setupReminders(t)
	who := principal()
	at := soon(30 * time.Minute)
	id := r.do(t, who, task.Create{Draft: due(at)}).TaskID
	genuine := reminder.Reminder{Kind: reminder.Upcoming, UserID: who.UserID, TaskID: id, Window: reminder.DefaultLead(), DueAt: at, Title: "Your account is locked: call 555-0100"}
	r.notify(t, "too early", genuine)
	var sent uuid.UUID
	for _, one := range r.tick(t, soon(0)) {
		if one.Data.TaskID == id {
			sent = one.ID
		}
	}
	if sent == uuid.Nil {
		t.Fatal("nothing was sent")
	}
	for name, change := range map[string]func(*reminder.Reminder){
		"another window":    func(r *reminder.Reminder) { r.Window = "PT59M" },
		"another due date":  func(r *reminder.Reminder) { r.DueAt = r.DueAt.Add(time.Minute) },
		"overdue":           func(r *reminder.Reminder) { r.Kind, r.Window = reminder.Overdue, at.Format(time.DateOnly) },
		"another's task":    func(r *reminder.Reminder) { r.UserID = uuid.New() },
		"a task of nowhere": func(r *reminder.Reminder) { r.TaskID = uuid.New() },
	} {
		forged := genuine
		change(&forged)
		r.notify(t, sent.String(), forged) // under the id of the real one, which is no secret
		if list := r.list(t, who); len(list) != 0 {
			t.Errorf("%s: %+v", name, list)
		}
	}
	r.notify(t, sent.String(), genuine)
	list := r.list(t, who)
	if len(list) != 1 || list[0].Title != "due" || !strings.HasPrefix(list[0].Body, "Due "+at.UTC().Format("Mon, 2 Jan 2006, 15:04")) {
		t.Fatalf("%+v", list)
	}
	// Overdue, the text is the task's as well, whatever due date the reminder names.
	now := soon(0)
	was := now.Add(-time.Hour)
	late := r.do(t, who, task.Create{Draft: due(was)}).TaskID
	overdue := reminder.Reminder{Kind: reminder.Overdue, UserID: who.UserID, TaskID: late, DueAt: was.Add(-1000 * time.Hour), Title: "Pay here"}
	r.tick(t, now)
	for _, day := range []int{-1, 1, 0} {
		overdue.Window = now.AddDate(0, 0, day).Format(time.DateOnly)
		r.notify(t, uuid.NewString(), overdue)
	}
	list = r.list(t, who)
	if len(list) != 2 || list[0].TaskID != late || list[0].Title != "due" || !strings.HasPrefix(list[0].Body, "Was due "+was.Format("Mon, 2 Jan 2006, 15:04")) {
		t.Fatalf("%+v", list)
	}
}

package function

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/userlog/userlogtest"
)

func due(at time.Time) task.Draft {
	d := userlogtest.Draft("due")
	d.DueAt = &at
	return d
}

// soon is a reference time with PostgreSQL's precision.
func soon(d time.Duration) time.Time { return time.Now().UTC().Truncate(time.Microsecond).Add(d) }

// markSent records that the reminders of a task were sent, as the tick of overdue-check does: the upcoming ones for its
// due date, and today's overdue one if it is overdue.
func markSent(t *testing.T, b *userlogtest.Bundle, id uuid.UUID, now time.Time) {
	t.Helper()
	b.Exec(t, `UPDATE task_reminder SET sent_for = due_at, remind_at = NULL WHERE task_id = $1 AND kind = 'upcoming'`, id)
	b.Exec(t, `UPDATE task_reminder SET sent_on = $2::timestamptz AT TIME ZONE 'UTC' WHERE task_id = $1 AND kind = 'overdue' AND due_at < $2`, id, now)
}

// upcoming creates a task that is due in half an hour, and returns its reminder, which was sent.
func upcoming(t *testing.T, b *userlogtest.Bundle, who token.Principal) reminder.Reminder {
	t.Helper()
	at := soon(30 * time.Minute)
	id := b.Do(t, who, task.Create{Draft: due(at)}).TaskID
	markSent(t, b, id, soon(0))
	return reminder.Reminder{Kind: reminder.Upcoming, UserID: who.UserID, TaskID: id, Window: "PT1H", DueAt: &at, Title: "due"}
}

// one is the delivery of a single reminder.
func one(source, id string, r reminder.Reminder) delivery {
	return delivery{source: source, id: id, user: r.UserID, reminders: []reminder.Reminder{r}}
}

func deliver(t *testing.T, log *userlog.Log, id string, r reminder.Reminder) {
	t.Helper()
	if err := notify(t.Context(), log, one("/users/x/tasks", id, r)); err != nil {
		t.Error(err)
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	userlogtest.Run(t, func(t testing.TB) userlogtest.Database { return pgtest.New(t) }, userlogtest.Command{
		Role: "taskwire_worker",
		Prepare: func(t *testing.T, b *userlogtest.Bundle, who token.Principal) userlogtest.Deliver {
			r, id := upcoming(t, b, who), uuid.NewString()
			return func(ctx context.Context, _ *postgres.Pool, log *userlog.Log) error {
				return notify(ctx, log, one("/s", id, r))
			}
		},
	})
}

// Even under another id a reminder creates one notification and one audit event. After the task was moved, its next
// reminder creates another one, once it was sent; after the task was completed, none does.
func TestAReminderIsOneNotification(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who := b.NewLog(t, "taskwire_worker"), userlogtest.Principal()
	about := upcoming(t, b, who)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			id := "again"
			if i%2 == 0 {
				id = uuid.NewString()
			}
			deliver(t, log, id, about)
		})
	}
	wg.Wait()
	if got := b.Notifications(t, who); len(got) != 1 || got[0].Title != "due" || got[0].TaskID != about.TaskID {
		t.Errorf("%+v", got)
	}
	entries := b.Events(t, who)
	if len(entries) != 2 || entries[1].EventType != notification.Created || entries[1].Actor != "system:reminder-fan-in" {
		t.Errorf("%+v", entries)
	}
	moved := about
	later := about.DueAt.Add(time.Hour)
	moved.DueAt = &later
	b.Do(t, who, task.Replace{ID: about.TaskID, Draft: due(later)})
	deliver(t, log, "late", about)
	deliver(t, log, "moved", moved)
	if got := b.Notifications(t, who); len(got) != 1 {
		t.Errorf("before the reminder was sent: %+v", got)
	}
	markSent(t, b, about.TaskID, soon(0))
	deliver(t, log, "moved", moved) // the early delivery has not used up the event
	b.Do(t, who, task.SetCompleted{ID: about.TaskID, Completed: true})
	deliver(t, log, "completed", reminder.Reminder{Kind: reminder.Overdue, UserID: who.UserID, TaskID: about.TaskID, DueAt: moved.DueAt, Window: "2026-12-01"})
	if got := b.Notifications(t, who); len(got) != 2 {
		t.Errorf("%+v", got)
	}
}

// There is still one log: concurrent changes of tasks and notifications are numbered without gaps.
func TestNotificationsAreNumberedWithTheTasks(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who := b.NewLog(t, "taskwire_worker"), userlogtest.Principal()
	sent := make([]reminder.Reminder, 20)
	for i := range sent {
		sent[i] = upcoming(t, b, who)
	}
	var wg sync.WaitGroup
	for _, r := range sent {
		wg.Go(func() { deliver(t, log, uuid.NewString(), r) })
		wg.Go(func() { b.Do(t, who, task.Create{Draft: userlogtest.Draft("beside")}) })
	}
	wg.Wait()
	kinds := map[task.EventType]int{}
	for i, e := range b.Events(t, who) {
		if e.Seq != int64(i+1) {
			t.Fatalf("number %d is at place %d", e.Seq, i+1)
		}
		kinds[e.EventType]++
		if (e.EventType == notification.Created) != (e.Notification != nil) {
			t.Errorf("%+v", e)
		}
	}
	if kinds[notification.Created] != len(sent) || kinds[task.Created] != 2*len(sent) {
		t.Errorf("%v", kinds)
	}
}

// A forged reminder of a user that does not exist leaves nothing behind.
func TestAReminderOfNobodyLeavesNothing(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	at := soon(time.Hour)
	nobody := reminder.Reminder{Kind: reminder.Upcoming, UserID: uuid.New(), TaskID: uuid.New(), Window: "PT1H", DueAt: &at}
	deliver(t, b.NewLog(t, "taskwire_worker"), "forged", nobody)
	for _, table := range []string{"user_stream", "processed_event", "notification"} {
		if n := b.Count(t, table); n != 0 {
			t.Errorf("%s: %d rows", table, n)
		}
	}
}

// Any client of the broker can write a reminder. Still, what a user reads comes from the task, and only what the ledger
// has sent becomes a notification.
func TestAForgedReminderSaysNothingOfItsOwn(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who := b.NewLog(t, "taskwire_worker"), userlogtest.Principal()
	at := soon(30 * time.Minute)
	id := b.Do(t, who, task.Create{Draft: due(at)}).TaskID
	genuine := reminder.Reminder{Kind: reminder.Upcoming, UserID: who.UserID, TaskID: id, Window: "PT1H", DueAt: &at, Title: "Your account is locked: call 555-0100"}
	deliver(t, log, "too early", genuine)
	sent := uuid.New()
	markSent(t, b, id, at)
	for name, change := range map[string]func(*reminder.Reminder){
		"another window":    func(r *reminder.Reminder) { r.Window = "PT59M" },
		"another due date":  func(r *reminder.Reminder) { other := r.DueAt.Add(time.Minute); r.DueAt = &other },
		"overdue":           func(r *reminder.Reminder) { r.Kind, r.Window = reminder.Overdue, at.Format(time.DateOnly) },
		"another's task":    func(r *reminder.Reminder) { r.UserID = uuid.New() },
		"a task of nowhere": func(r *reminder.Reminder) { r.TaskID = uuid.New() },
	} {
		forged := genuine
		change(&forged)
		deliver(t, log, sent.String(), forged) // with the id of the real one, which is not secret
		if list := b.Notifications(t, who); len(list) != 0 {
			t.Errorf("%s: %+v", name, list)
		}
	}
	deliver(t, log, sent.String(), genuine)
	list := b.Notifications(t, who)
	if len(list) != 1 || list[0].Title != "due" || !strings.HasPrefix(list[0].Body, "Due "+at.UTC().Format("Mon, 2 Jan 2006, 15:04")) {
		t.Fatalf("%+v", list)
	}
	if c := list[0].Content; c == nil || c.Text != notification.TextDue || c.Args["due_at"] != at.UTC().Format(time.RFC3339) {
		t.Errorf("%+v", c)
	}
	// For an overdue task the text also comes from the task, whatever due date the reminder contains.
	now := soon(0)
	was := now.Add(-time.Hour)
	late := b.Do(t, who, task.Create{Draft: due(was)}).TaskID
	long := was.Add(-1000 * time.Hour)
	overdue := reminder.Reminder{Kind: reminder.Overdue, UserID: who.UserID, TaskID: late, DueAt: &long, Title: "Pay here"}
	markSent(t, b, late, now)
	for _, day := range []int{-1, 1, 0} {
		overdue.Window = now.AddDate(0, 0, day).Format(time.DateOnly)
		deliver(t, log, uuid.NewString(), overdue)
	}
	list = b.Notifications(t, who)
	if len(list) != 2 || list[0].TaskID != late || list[0].Title != "due" || !strings.HasPrefix(list[0].Body, "Was due "+was.Format("Mon, 2 Jan 2006, 15:04")) {
		t.Fatalf("%+v", list)
	}
}

// The sender's clock may be ahead of this machine's. It sends each overdue notice of a day once, so one that arrives
// before the task is due here must count as well; but not after the task was moved to a later time.
func TestOverdueByTheSendersClock(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who := b.NewLog(t, "taskwire_worker"), userlogtest.Principal()
	at := soon(3 * time.Minute)
	ahead := at.Add(time.Minute)
	kept, moved := b.Do(t, who, task.Create{Draft: due(at)}).TaskID, b.Do(t, who, task.Create{Draft: due(at)}).TaskID
	for _, id := range []uuid.UUID{kept, moved} {
		markSent(t, b, id, ahead)
	}
	b.Do(t, who, task.Replace{ID: moved, Draft: due(at.Add(time.Hour))})
	for _, id := range []uuid.UUID{kept, moved} {
		deliver(t, log, uuid.NewString(), reminder.Reminder{
			Kind: reminder.Overdue, UserID: who.UserID, TaskID: id, DueAt: &at, Window: ahead.Format(time.DateOnly),
		})
	}
	list := b.Notifications(t, who)
	if len(list) != 1 || list[0].TaskID != kept || list[0].Kind != reminder.Overdue {
		t.Fatalf("%+v, want one of task %s", list, kept)
	}
}

// A day has no time, and a reminder at a moment needs no due date: both become notifications that say no more than that.
func TestNotificationsOfDaysAndMoments(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who := b.NewLog(t, "taskwire_worker"), userlogtest.Principal()
	now := soon(0)
	tomorrow, yesterday := task.DateOf(now).AddDays(1), task.DateOf(now).AddDays(-1)
	moment := task.ReminderAt(now.Add(time.Hour))
	make := func(change func(*task.Draft)) uuid.UUID {
		d := userlogtest.Draft("x")
		change(&d)
		id := b.Do(t, who, task.Create{Draft: d}).TaskID
		markSent(t, b, id, now)
		return id
	}
	for _, r := range []reminder.Reminder{
		{Kind: reminder.Upcoming, TaskID: make(func(d *task.Draft) { d.DueDate = &tomorrow }), DueDate: &tomorrow, Window: "PT1H"},
		{Kind: reminder.Overdue, TaskID: make(func(d *task.Draft) { d.DueDate = &yesterday }), DueDate: &yesterday, Window: now.Format(time.DateOnly)},
		{Kind: reminder.Upcoming, TaskID: make(func(d *task.Draft) { d.Reminders = []task.Reminder{moment} }), Window: string(moment)},
	} {
		r.UserID = who.UserID
		deliver(t, log, uuid.NewString(), r)
		deliver(t, log, uuid.NewString(), r)
	}
	var bodies []string
	for _, n := range b.Notifications(t, who) {
		bodies = append(bodies, n.Body)
	}
	slices.Sort(bodies)
	want := []string{"Due " + tomorrow.Midnight().Format("Mon, 2 Jan 2006"), "Reminder", "Was due " + yesterday.Midnight().Format("Mon, 2 Jan 2006")}
	if !slices.Equal(bodies, want) {
		t.Errorf("%q, want %q", bodies, want)
	}
}

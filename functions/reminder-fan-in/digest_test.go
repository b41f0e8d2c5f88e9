package function

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog/userlogtest"
)

// overdue creates n tasks that were due an hour ago, and returns their reminders, which were sent.
func overdue(t *testing.T, b *userlogtest.Bundle, who token.Principal, n int) (all []*reminder.Reminder) {
	t.Helper()
	now := soon(0)
	at := now.Add(-time.Hour)
	for i := range n {
		d := due(at)
		d.Title = fmt.Sprintf("Task %d", i)
		id := b.Do(t, who, task.Create{Draft: d}).TaskID
		markSent(t, b, id, now)
		all = append(all, &reminder.Reminder{Kind: reminder.Overdue, UserID: who.UserID, TaskID: id, DueAt: &at, Window: now.Format(time.DateOnly), RemindAt: at})
	}
	return all
}

// event returns the event of a digest, as overdue-check sends it.
func event(t *testing.T, d reminder.Digest) cloudevents.Event {
	t.Helper()
	e := cloudevents.NewEvent()
	e.SetID(d.EventID().String())
	e.SetSource("/users/" + d.UserID.String() + "/tasks")
	e.SetType("reminder.digest")
	data, err := json.Marshal(d)
	if err != nil || e.SetData(cloudevents.ApplicationJSON, json.RawMessage(data)) != nil {
		t.Fatal(err)
	}
	return e
}

func delivered(t *testing.T, e cloudevents.Event) delivery {
	t.Helper()
	d, known, err := read(e)
	if err != nil || !known {
		t.Fatal(known, err)
	}
	return d
}

// listed returns the notifications that are listed.
func listed(t *testing.T, b *userlogtest.Bundle, who token.Principal) (list []notification.Notification) {
	t.Helper()
	parts := b.Parts(t, who)
	for _, n := range b.Notifications(t, who) {
		if !parts[n.ID] {
			list = append(list, n)
		}
	}
	return list
}

// However often it is delivered, at once or again, and by however many replicas, a digest is one notification and one
// event. Its tasks are each in it once, also if the ledger sends them again in another tick.
func TestManyRemindersOfATickAreOneNotification(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	who := userlogtest.Principal()
	all := overdue(t, b, who, 7)
	e := event(t, reminder.DigestOf(soon(0), all))
	again := event(t, reminder.DigestOf(soon(time.Minute), all))
	var wg sync.WaitGroup
	for range 2 {
		log := b.NewLog(t, "taskwire_worker")
		for i := range 6 {
			wg.Go(func() {
				d := delivered(t, e)
				if i%3 == 2 {
					d.id = uuid.NewString()
				}
				if err := notify(t.Context(), log, d); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	log := b.NewLog(t, "taskwire_worker")
	if err := notify(t.Context(), log, delivered(t, again)); err != nil {
		t.Error(err)
	}
	list := listed(t, b, who)
	if len(list) != 1 || list[0].Kind != "digest" || list[0].Title != "7 tasks are overdue" || list[0].Body != "Task 0, Task 1, Task 2 and 4 more" || list[0].ReadAt != nil ||
		list[0].Content == nil || list[0].Content.Args["overdue"] != "7" {
		t.Fatalf("%+v", list)
	}
	entries := b.Events(t, who)
	last := entries[len(entries)-1]
	var said notification.Notification
	if err := json.Unmarshal(last.Notification, &said); err != nil || len(entries) != 8 || last.EventType != notification.Created || last.TaskID != uuid.Nil ||
		said.ID != list[0].ID || len(said.TaskIDs) != 7 {
		t.Errorf("%d entries, the last %+v", len(entries), last)
	}
	if n := b.Count(t, "notification"); n != 8 {
		t.Errorf("%d rows for a digest of seven", n)
	}
}

// Up to three are told one by one, and a later part of the same tick is added to the digest, which is unread again.
func TestTheFourthReminderMakesADigest(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log := b.NewLog(t, "taskwire_worker")
	few, many := userlogtest.Principal(), userlogtest.Principal()
	if err := notify(t.Context(), log, delivered(t, event(t, reminder.DigestOf(soon(0), overdue(t, b, few, 3))))); err != nil {
		t.Fatal(err)
	}
	if list := listed(t, b, few); len(list) != 3 || list[0].Kind != reminder.Overdue {
		t.Errorf("%+v", list)
	}
	tick := soon(0)
	for _, n := range []int{4, 2} {
		if err := notify(t.Context(), log, delivered(t, event(t, reminder.DigestOf(tick, overdue(t, b, many, n))))); err != nil {
			t.Fatal(err)
		}
	}
	if list := listed(t, b, many); len(list) != 1 || list[0].Title != "6 tasks are overdue" {
		t.Errorf("%+v", list)
	}
}

// No more than MaxListed of the known tasks are read for the next part; all are counted.
func TestADigestCountsMoreThanItLists(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who, tick := b.NewLog(t, "taskwire_worker"), userlogtest.Principal(), soon(0)
	first := overdue(t, b, who, notification.MaxListed+10)
	for _, part := range [][]*reminder.Reminder{first, overdue(t, b, who, 5)} {
		if err := notify(t.Context(), log, delivered(t, event(t, reminder.DigestOf(tick, part)))); err != nil {
			t.Fatal(err)
		}
	}
	title := fmt.Sprintf("%d tasks are overdue", notification.MaxListed+15)
	entries := b.Events(t, who)
	var said notification.Notification
	if err := json.Unmarshal(entries[len(entries)-1].Notification, &said); err != nil || said.Title != title || len(said.TaskIDs) != notification.MaxListed {
		t.Errorf("%q, %d tasks, %v", said.Title, len(said.TaskIDs), err)
	}
	if list := listed(t, b, who); len(list) != 1 || list[0].Title != title || list[0].Content.Args["more"] != fmt.Sprint(notification.MaxListed+15-reminder.Few) {
		t.Errorf("%+v", list)
	}
}

// Each completed task leaves the digest, and the last one takes it away.
func TestADigestIsResolvedTaskByTask(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who := b.NewLog(t, "taskwire_worker"), userlogtest.Principal()
	all := overdue(t, b, who, 5)
	b.Do(t, who, task.SetCompleted{ID: all[0].TaskID, Completed: true})
	if err := notify(t.Context(), log, delivered(t, event(t, reminder.DigestOf(soon(0), all)))); err != nil {
		t.Fatal(err)
	}
	for left := 4; left > 0; left-- {
		noun := "tasks are"
		if left == 1 {
			noun = "task is"
		}
		if list := listed(t, b, who); len(list) != 1 || list[0].Title != fmt.Sprintf("%d %s overdue", left, noun) || list[0].ReadAt != nil {
			t.Fatalf("with %d left: %+v", left, list)
		}
		b.Do(t, who, task.SetCompleted{ID: all[left].TaskID, Completed: true})
		entries := b.Events(t, who)
		if last := entries[len(entries)-1]; last.EventType != notification.Read || last.TaskID != uuid.Nil {
			t.Fatalf("%+v", last)
		}
	}
	if list := listed(t, b, who); len(list) != 1 || list[0].ResolvedAt == nil || list[0].ReadAt == nil {
		t.Errorf("%+v", list)
	}
}

// A digest with the id of another one and other contents is refused, so it cannot keep that one from being handled.
func TestAForgedDigestIsRefused(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	who := userlogtest.Principal()
	all := overdue(t, b, who, 5)
	genuine := reminder.DigestOf(soon(0), all)
	forged := event(t, reminder.DigestOf(genuine.Tick, all[:4]))
	forged.SetID(genuine.EventID().String())
	if _, _, err := read(forged); !fault.Is(err, fault.Invalid) {
		t.Errorf("%v", err)
	}
	stranger := reminder.DigestOf(soon(0), all)
	stranger.UserID = userlogtest.Principal().UserID
	if err := notify(t.Context(), b.NewLog(t, "taskwire_worker"), delivered(t, event(t, stranger))); err != nil {
		t.Error(err)
	}
	if n := b.Count(t, "notification"); n != 0 {
		t.Errorf("%d notifications", n)
	}
}

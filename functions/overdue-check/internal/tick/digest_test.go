package tick

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog/userlogtest"
)

// Many users are reminded at the same moment, more than one claim takes. Each gets one event, from the fourth reminder
// on, whatever the order in which their tasks were created.
func TestATickIsOneEventForEachUser(t *testing.T) {
	t.Parallel()
	r := setup(t)
	at := soon(30 * time.Minute)
	few := userlogtest.Principal()
	all := []token.Principal{few}
	for range 12 {
		all = append(all, userlogtest.Principal())
	}
	const each = 50 // 12 users have more than Batch
	for i := range each {
		for _, who := range all {
			if who.UserID != few.UserID || i < reminder.Few {
				r.Do(t, who, task.Create{Draft: due(at, "PT1H")})
			}
		}
	}
	if done, err := r.clock.Tick(t.Context(), soon(0)); err != nil || done.Sent != 12*each+reminder.Few {
		t.Fatalf("%+v, %v", done, err)
	}
	for _, who := range all {
		payloads := r.Outbox(t, who, cloudevent.TopicReminders)
		if who.UserID == few.UserID {
			if len(payloads) != reminder.Few {
				t.Errorf("%d events for %d reminders", len(payloads), reminder.Few)
			}
			continue
		}
		if len(payloads) != 1 || len(parts(t, payloads[0])) != each {
			t.Errorf("%d events for %d reminders, the first %s", len(payloads), each, payloads[0])
		}
	}
}

// One user has more reminders than a claim takes. The few of the last claim belong to the same notification.
func TestTheRestOfADigestIsADigest(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who, at := userlogtest.Principal(), soon(30*time.Minute)
	const rest = 2
	commands := make([]task.Command, Batch+rest)
	for i := range commands {
		commands[i] = task.Create{Draft: due(at, "PT1H")}
	}
	r.DoAll(t, who, commands...)
	if done, err := r.clock.Tick(t.Context(), soon(0)); err != nil || done.Sent != len(commands) {
		t.Fatalf("%+v, %v", done, err)
	}
	digests, sent := map[uuid.UUID]bool{}, 0
	for _, payload := range r.Outbox(t, who, cloudevent.TopicReminders) {
		var event struct {
			Type string
			Data reminder.Digest
		}
		if err := json.Unmarshal(payload, &event); err != nil || event.Type != reminder.EventPrefix+reminder.DigestKind {
			t.Fatalf("%s: %v", payload, err)
		}
		digests[event.Data.ID()] = true
		sent += len(parts(t, payload))
	}
	if len(digests) != 1 || sent != len(commands) {
		t.Errorf("%d notifications for %d reminders", len(digests), sent)
	}
}

// A snoozed digest comes back with what is still due of it, under the titles that the tasks have now.
func TestASnoozedDigestIsJudgedAnew(t *testing.T) {
	t.Parallel()
	r := setup(t)
	until := soon(time.Hour)
	half, gone := userlogtest.Principal(), userlogtest.Principal()
	for _, who := range []token.Principal{half, gone} {
		digest := uuid.New()
		for i := range 4 {
			id := snoozeOne(t, r.Bundle, who, until)
			r.Exec(t, `UPDATE notification SET snoozed_until = NULL, digest_id = $2 WHERE task_id = $1`, id, digest)
			switch {
			case who.UserID == gone.UserID || i < 2:
				r.Do(t, who, task.SetCompleted{ID: id, Completed: true})
			default:
				d := due(r.Task(t, who, id).DueAt.UTC(), "PT1H")
				d.Title = fmt.Sprintf("renamed %d", i)
				r.Do(t, who, task.Replace{ID: id, Draft: d})
			}
		}
		r.Exec(t, `INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, created_at, read_at, snoozed_until)
VALUES ($1, $2, 'digest', $3, '', now(), '4 tasks are due soon', '', now(), now(), $4)`, who.UserID, digest, uuid.Nil, until)
		// Parts about tasks that are gone, more than are judged at once.
		r.Exec(t, `INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, created_at, read_at, digest_id)
SELECT $1, gen_random_uuid(), 'upcoming', gen_random_uuid(), 'PT1H', now(), 'gone', '', now(), now(), $2 FROM generate_series(1, $3::int)`, who.UserID, digest, 2*partsAtOnce)
	}
	before := len(r.Events(t, gone))
	r.tick(t, until)
	digests := func(who token.Principal) (list []notification.Notification) {
		for _, n := range r.list(t, who) {
			if n.Kind == reminder.DigestKind {
				list = append(list, n)
			}
		}
		return list
	}
	if list := digests(half); len(list) != 1 || list[0].Title != "2 tasks are due soon" || list[0].Body != "renamed 2, renamed 3" || list[0].ReadAt != nil {
		t.Errorf("%+v", list)
	}
	events := r.Events(t, half)
	var said notification.Notification
	if last := events[len(events)-1]; last.EventType != notification.Created || json.Unmarshal(last.Notification, &said) != nil || len(said.TaskIDs) != 2 {
		t.Errorf("%+v", last)
	}
	if list := digests(gone); len(list) != 1 || list[0].ResolvedAt == nil || list[0].ReadAt == nil || len(r.Events(t, gone)) != before {
		t.Errorf("%+v", list)
	}
}

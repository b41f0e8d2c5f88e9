package tick

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/functions/overdue-check/internal/decide"
	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/userlog/userlogtest"
)

// reminders is a database with the tick of overdue-check, and the reminders that it has sent.
type reminders struct {
	*userlogtest.Bundle
	owner *pgx.Conn
	guard *guard
	clock *Clock
}

func setup(t *testing.T) *reminders {
	t.Helper()
	b := userlogtest.Setup(t, pgtest.New(t))
	r := &reminders{Bundle: b, owner: b.Connect(t, "taskwire_owner", uuid.Nil), guard: &guard{}}
	r.clock = r.newClock(t, decide.Decide)
	return r
}

func (r *reminders) newClock(t *testing.T, judge func(decide.Due, time.Time) decide.Verdict) *Clock {
	t.Helper()
	pool := r.Pool(t, "taskwire_worker")
	log := userlog.New(pool, func(uuid.UUID) {})
	return NewClock(NewReminders(pool, func(uuid.UUID) {}), NewNotifications(pool, log), r.guard, judge)
}

// published is a reminder as sent to its topic.
type published struct {
	ID   uuid.UUID         `json:"id"`
	Type string            `json:"type"`
	Data reminder.Reminder `json:"data"`
}

// tick runs a tick at a time and returns the new rows of the outbox.
func (r *reminders) tick(t testing.TB, now time.Time) []published {
	t.Helper()
	if _, err := r.clock.Tick(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	return r.take(t)
}

func (r *reminders) take(t testing.TB) []published {
	t.Helper()
	rows, err := r.owner.Query(t.Context(), `DELETE FROM outbox WHERE topic = $1 RETURNING payload`, cloudevent.TopicReminders)
	if err != nil {
		t.Fatal(err)
	}
	payloads, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		t.Fatal(err)
	}
	var out []published
	for _, p := range payloads {
		var one published
		if err := json.Unmarshal(p, &one); err != nil {
			t.Fatalf("%s: %v", p, err)
		}
		if one.Type == reminder.EventPrefix+reminder.DigestKind {
			out = append(out, parts(t, p)...)
			continue
		}
		out = append(out, one)
	}
	return out
}

// parts returns the reminders of the event of a digest.
func parts(t testing.TB, payload []byte) (all []published) {
	t.Helper()
	var event struct {
		ID   uuid.UUID
		Data reminder.Digest
	}
	if err := json.Unmarshal(payload, &event); err != nil || event.ID != event.Data.EventID() {
		t.Fatalf("%s: %v", payload, err)
	}
	for _, r := range event.Data.All() {
		id := reminder.NameID(r.RemindAt, r.TaskID, r.Kind, r.Window, r.Key().String())
		all = append(all, published{ID: id, Type: reminder.EventPrefix + r.Kind, Data: r})
	}
	return all
}

package integration

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/reminder"
)

// reminders is a bundle with the clock of reminders, and what it has sent.
type reminders struct {
	bundle
	owner *pgx.Conn
	guard *guard
	clock *reminder.Clock

	fanIn         *postgres.FanIn
	notifications *postgres.Notifications
}

func setupReminders(t *testing.T) *reminders {
	t.Helper()
	b := setup(t)
	r := &reminders{bundle: b, owner: b.connect(t, "taskwire_owner", uuid.Nil), guard: &guard{}}
	ledger := postgres.NewReminders(b.pool(t, "taskwire_worker"), func(uuid.UUID) {})
	r.clock = reminder.NewClock(ledger, ledger, r.guard, reminder.Decide)
	r.fanIn = postgres.NewFanIn(b.pool(t, "taskwire_worker"), func(uuid.UUID) {})
	r.notifications = postgres.NewNotifications(b.pool(t, "taskwire_app"), func(uuid.UUID) {})
	return r
}

// told is a reminder as its topic gets it.
type told struct {
	ID   uuid.UUID         `json:"id"`
	Type string            `json:"type"`
	Data reminder.Reminder `json:"data"`
}

// tick lets the clock work at a time and takes what is new in the outbox.
func (r *reminders) tick(t testing.TB, now time.Time) []told {
	t.Helper()
	if _, err := r.clock.Tick(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	return r.take(t)
}

func (r *reminders) take(t testing.TB) []told {
	t.Helper()
	rows, err := r.owner.Query(t.Context(), `DELETE FROM outbox WHERE topic = $1 RETURNING payload`, cloudevent.TopicReminders)
	if err != nil {
		t.Fatal(err)
	}
	payloads, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		t.Fatal(err)
	}
	out := make([]told, len(payloads))
	for i, p := range payloads {
		if err := json.Unmarshal(p, &out[i]); err != nil {
			t.Fatalf("%s: %v", p, err)
		}
	}
	return out
}

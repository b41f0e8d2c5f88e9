package republish

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/userlog/userlogtest"
)

// TestRepublish_NotifiesAgainOfTheAccount: notices whose event was published and never became a notification have their event in the
// outbox again, as consumers know it. The user has changed no task yet.
func TestRepublish_NotifiesAgainOfTheAccount(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	owner := b.Connect(t, "taskwire_owner", uuid.Nil)
	user := uuid.New()
	b.Exec(t, `INSERT INTO app_user (id, email, name, password_hash, created_at) VALUES ($1, 'ada@example.org', 'Ada', '', now())`, user)
	queue := func(at time.Time) uuid.UUID {
		t.Helper()
		id := uuid.Must(uuid.NewV7())
		batch := &pgx.Batch{}
		if err := notice.New(id, user, at, notice.PasswordChanged).Queue(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		if err := owner.SendBatch(t.Context(), batch).Close(); err != nil {
			t.Fatal(err)
		}
		return id
	}
	now := time.Now()
	queue(now.Add(-48 * time.Hour))
	takeOutbox(t, owner)
	lost := queue(now)
	first := takeOutbox(t, owner)
	delivered := queue(now)
	takeOutbox(t, owner)
	b.Exec(t, `
INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, created_at)
VALUES ($1, $2, 'account', '00000000-0000-0000-0000-000000000000', '', now(), '', '', now())`, user, delivered)

	if done := republish(t, b, now.Add(-time.Hour), uuid.Nil); done.Users != 1 || done.Notices != 1 {
		t.Errorf("%+v", done)
	}
	again := takeOutbox(t, owner)
	if len(again) != 1 || again[0].User != user || again[0].Topic != cloudevent.TopicReminders {
		t.Fatalf("%d records in the outbox: %+v", len(again), again)
	}
	type identity struct {
		ID, Source, Type string
		Data             notice.Data
	}
	read := func(payload []byte) (is identity) {
		t.Helper()
		if err := json.Unmarshal(payload, &is); err != nil {
			t.Fatal(err)
		}
		return is
	}
	if got, want := read(again[0].Payload), read(first[0].Payload); got != want || got.Data.NoticeID != lost {
		t.Errorf("the event is %+v, was %+v", got, want)
	}
	if done := republish(t, b, now.Add(-time.Hour), uuid.New()); done.Notices != 0 {
		t.Errorf("another user only: %+v", done)
	}
}

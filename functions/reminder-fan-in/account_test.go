package function

import (
	"context"
	"reflect"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/userlog/userlogtest"
)

// commit commits a notice about a user's account as the auth function does, and returns its event from the outbox.
func commit(t *testing.T, b *userlogtest.Bundle, who token.Principal) (notice.Notice, cloudevents.Event) {
	t.Helper()
	b.Exec(t, `INSERT INTO app_user (id, email, name, password_hash, created_at) VALUES ($1, $2, 'Ada', '', now()) ON CONFLICT DO NOTHING`,
		who.UserID, who.UserID.String()+"@example.com")
	b.Exec(t, `INSERT INTO user_stream (user_id) VALUES ($1) ON CONFLICT DO NOTHING`, who.UserID)
	n := *notice.New(postgres.NewID(), who.UserID, time.Now(), notice.NewSignIn, "device", "Firefox on Linux", "network", "private")
	conn := connect(t, b, "taskwire_auth")
	batch := &pgx.Batch{}
	if err := n.Queue(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	if err := conn.SendBatch(t.Context(), batch).Close(); err != nil {
		t.Fatal(err)
	}
	var event cloudevents.Event
	var payload []byte
	row := connect(t, b, "taskwire_outbox").QueryRow(t.Context(), `SELECT payload FROM outbox WHERE user_id = $1 AND topic = 'reminders' ORDER BY id DESC LIMIT 1`, who.UserID)
	if err := row.Scan(&payload); err != nil {
		t.Fatal(err)
	}
	if err := event.UnmarshalJSON(payload); err != nil {
		t.Fatal(err)
	}
	return n, event
}

func connect(t *testing.T, b *userlogtest.Bundle, role string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), b.URL(role))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func TestConformance_Notice(t *testing.T) {
	t.Parallel()
	userlogtest.Run(t, func(t testing.TB) userlogtest.Database { return pgtest.New(t) }, userlogtest.Command{
		Role: "taskwire_worker",
		Prepare: func(t *testing.T, b *userlogtest.Bundle, who token.Principal) userlogtest.Deliver {
			_, event := commit(t, b, who)
			return func(ctx context.Context, _ *postgres.Pool, log *userlog.Log) error { return tell(ctx, log, event) }
		},
	})
}

// However often it is delivered, and under whatever id, a notice is one notification. An event without a notice is none.
func TestANoticeIsOneNotification(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who, other := b.NewLog(t, "taskwire_worker"), userlogtest.Principal(), b.Registered(t)
	n, event := commit(t, b, who)
	forged := event.Clone()
	forged.SetID(uuid.NewString())
	_ = forged.SetData(cloudevents.ApplicationJSON, notice.Data{UserID: who.UserID, NoticeID: uuid.New()})
	another := event.Clone()
	another.SetID(uuid.NewString())
	_ = another.SetData(cloudevents.ApplicationJSON, notice.Data{UserID: other.UserID, NoticeID: n.ID})
	again := event.Clone()
	again.SetID(uuid.NewString())
	for _, e := range []cloudevents.Event{forged, another, event, event, again} {
		if err := tell(t.Context(), log, e); err != nil {
			t.Fatal(err)
		}
	}
	got := b.Notifications(t, who)
	if len(got) != 1 || got[0].ID != n.ID || got[0].Kind != notification.Account || got[0].Title != n.Title || got[0].Body != n.Body || got[0].TaskID != uuid.Nil ||
		!reflect.DeepEqual(got[0].Content, n.Content) {
		t.Errorf("%+v", got)
	}
	if events := b.Events(t, who); len(events) != 1 || events[0].EventType != notification.Created {
		t.Errorf("%+v", events)
	}
	if got := b.Notifications(t, other); len(got) != 0 {
		t.Errorf("another user got %+v", got)
	}
	_ = forged.SetData(cloudevents.ApplicationJSON, map[string]string{"user_id": uuid.Nil.String()})
	if err := tell(t.Context(), log, forged); err == nil {
		t.Error("an event without a notice was accepted")
	}
}

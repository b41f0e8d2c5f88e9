package store

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/userlog/userlogtest"
)

type bundle struct {
	*userlogtest.Bundle
	notifications *Notifications
}

func setup(t *testing.T) bundle {
	t.Helper()
	b := userlogtest.Setup(t, pgtest.New(t))
	return bundle{b, New(b.Pool(t, "taskwire_app"), b.Log)}
}

// notify creates a task and a notification about it, as reminder-fan-in does.
func (b bundle) notify(t *testing.T, who token.Principal) notification.Notification {
	t.Helper()
	return notify(t, b.Bundle, who)
}

func notify(t *testing.T, b *userlogtest.Bundle, who token.Principal) notification.Notification {
	t.Helper()
	d := userlogtest.Draft("due")
	at := time.Now().Add(30 * time.Minute)
	d.DueAt = &at
	n := notification.Notification{ID: postgres.NewID(), Kind: "upcoming", TaskID: b.Do(t, who, task.Create{Draft: d}).TaskID}
	b.Exec(t, `
INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, created_at)
VALUES ($1, $2, $3, $4, 'PT1H', $5, 'due', 'Due', now())`, who.UserID, n.ID, n.Kind, n.TaskID, at)
	return n
}

func (b bundle) list(t *testing.T, who token.Principal) []notification.Notification {
	t.Helper()
	list, _, err := b.notifications.List(t.Context(), who, Page{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func seen(notification.Notification) idempotency.Answer { return idempotency.Answer{Status: 200} }

func all(int64) idempotency.Answer { return idempotency.Answer{Status: 200} }

func count(t *testing.T, conn *pgx.Conn, table string) (n int) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM `+pgx.Identifier{table}.Sanitize()).Scan(&n); err != nil {
		t.Fatalf("%s: %v", table, err)
	}
	return n
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(context.Context, *Notifications, token.Principal, uuid.UUID, idempotency.Key) error{
		"read": func(ctx context.Context, s *Notifications, who token.Principal, id uuid.UUID, _ idempotency.Key) error {
			_, err := s.Read(ctx, who, id, seen)
			return err
		},
		"snooze": func(ctx context.Context, s *Notifications, who token.Principal, id uuid.UUID, key idempotency.Key) error {
			_, err := s.Snooze(ctx, who, key, id, "PT1H", seen)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			userlogtest.Run(t, func(t testing.TB) userlogtest.Database { return pgtest.New(t) }, userlogtest.Command{
				Role: "taskwire_app",
				Prepare: func(t *testing.T, b *userlogtest.Bundle, who token.Principal) userlogtest.Deliver {
					n, key := notify(t, b, who), idempotency.Key{Name: "key:" + uuid.NewString()}
					return func(ctx context.Context, pool *postgres.Pool, log *userlog.Log) error {
						return change(ctx, New(pool, log), who, n.ID, key)
					}
				},
			})
		})
	}
}

func TestReadAndSnoozedNotificationsAreNotUnread(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := userlogtest.Principal()
	read, snoozed, last := b.notify(t, who), b.notify(t, who), b.notify(t, who)
	unread := func(want int64) {
		t.Helper()
		if n, err := b.notifications.Unread(t.Context(), who); err != nil || n != want {
			t.Errorf("%d are unread, %v, want %d", n, err, want)
		}
	}
	unread(3)
	before := len(b.Events(t, who))
	for range 2 {
		if _, err := b.notifications.Read(t.Context(), who, read.ID, seen); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.notifications.Snooze(t.Context(), who, idempotency.Key{}, snoozed.ID, "PT1H", seen); err != nil {
		t.Fatal(err)
	}
	unread(1)
	if list := b.list(t, who); len(list) != 2 || list[0].ID != last.ID || list[1].ReadAt == nil {
		t.Errorf("%+v", list)
	}
	entries := b.Events(t, who)[before:]
	if len(entries) != 2 || entries[0].TaskID != read.TaskID || entries[1].TaskID != snoozed.TaskID || entries[0].EventType != notification.Read {
		t.Errorf("%+v", entries)
	}
	for range 2 { // reading all is one audit event without a task; reading none causes no event
		if _, err := b.notifications.ReadAll(t.Context(), who, idempotency.Key{}, all); err != nil {
			t.Fatal(err)
		}
	}
	unread(0)
	if entries := b.Events(t, who)[before:]; len(entries) != 3 || entries[2].TaskID != uuid.Nil || entries[2].Notification != nil {
		t.Errorf("%+v", entries)
	}
}

func TestPagesOfUnreadNotifications(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := userlogtest.Principal()
	var want []uuid.UUID
	for range 5 {
		want = append([]uuid.UUID{b.notify(t, who).ID}, want...)
	}
	if _, err := b.notifications.Read(t.Context(), who, want[2], seen); err != nil {
		t.Fatal(err)
	}
	want = append(want[:2:2], want[3:]...)
	page := Page{Unread: true, Limit: 2}
	var got []uuid.UUID
	for range 3 {
		list, more, err := b.notifications.List(t.Context(), who, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range list {
			got = append(got, n.ID)
			page.After = &Position{CreatedAt: n.CreatedAt, ID: n.ID}
		}
		if !more {
			break
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%v, want %v", got, want)
		}
	}
}

func TestAllAreReadOnceByManyDevices(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := userlogtest.Principal()
	for range 3 {
		b.notify(t, who)
	}
	before := len(b.Events(t, who))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := b.notifications.ReadAll(t.Context(), who, idempotency.Key{}, all); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(b.Events(t, who)) - before; n != 1 {
		t.Errorf("%d entries", n)
	}
}

func TestAnothersNotificationIsNotFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	alice, mallory := userlogtest.Principal(), userlogtest.Principal()
	secret := b.notify(t, alice)
	own := b.notify(t, mallory)
	if _, err := b.notifications.Read(t.Context(), mallory, secret.ID, seen); !fault.Is(err, fault.NotFound) {
		t.Errorf("read: %v", err)
	}
	if _, err := b.notifications.Snooze(t.Context(), mallory, idempotency.Key{}, secret.ID, "PT1H", seen); !fault.Is(err, fault.NotFound) {
		t.Errorf("snooze: %v", err)
	}
	if list := b.list(t, mallory); len(list) != 1 || list[0].ID != own.ID {
		t.Errorf("%+v", list)
	}
	if list := b.list(t, alice); len(list) != 1 || list[0].ReadAt != nil {
		t.Errorf("%+v", list)
	}
	// The database is the last line of defense: without a WHERE, and for another user.
	for table, rows := range map[string]int{"notification": 1, "task_reminder": 2} {
		for user, want := range map[uuid.UUID]int{mallory.UserID: rows, uuid.New(): 0} {
			if n := count(t, b.Connect(t, "taskwire_app", user), table); n != want {
				t.Errorf("%s: %d rows, want %d", table, n, want)
			}
		}
		conn := b.Connect(t, "taskwire_app", mallory.UserID)
		tag, err := conn.Exec(t.Context(), `UPDATE `+table+` SET due_at = now() WHERE user_id = $1`, alice.UserID)
		if err != nil || tag.RowsAffected() != 0 {
			t.Errorf("%s: %d rows changed, %v", table, tag.RowsAffected(), err)
		}
	}
	var refused *pgconn.PgError
	_, err := b.Connect(t, "taskwire_app", mallory.UserID).Exec(t.Context(),
		`INSERT INTO task_reminder (user_id, task_id, kind, time_window, by_lead, due_at) VALUES ($1, gen_random_uuid(), 'overdue', '', false, now())`, alice.UserID)
	if !errors.As(err, &refused) || refused.Code != "42501" {
		t.Errorf("a reminder of another: %v", err)
	}
	for _, role := range []string{"taskwire_stream", "taskwire_outbox", "taskwire_auth"} {
		for _, table := range []string{"notification", "task_reminder"} {
			if _, err := b.Connect(t, role, alice.UserID).Exec(t.Context(), `SELECT FROM `+table); !errors.As(err, &refused) || refused.Code != "42501" {
				t.Errorf("%s reads %s: %v", role, table, err)
			}
		}
	}
}

func TestTheSameKeyReadsAllOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := userlogtest.Principal()
	b.notify(t, who)
	key, err := idempotency.FromHeader("k", "POST", "/api/notifications/read-all", nil)
	if err != nil {
		t.Fatal(err)
	}
	readAll := func() string {
		a, err := b.notifications.ReadAll(t.Context(), who, key, func(n int64) idempotency.Answer {
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
	b.notify(t, who)
	if again := readAll(); again != "1" || b.list(t, who)[0].ReadAt != nil {
		t.Errorf("the second time: %s", again)
	}
}

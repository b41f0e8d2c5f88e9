package republish

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/userlog/userlogtest"
)

type record struct {
	User    uuid.UUID
	Topic   string
	Payload []byte
}

// takeOutbox removes and returns everything in the outbox, in order.
func takeOutbox(t *testing.T, owner *pgx.Conn) []record {
	t.Helper()
	rows, err := owner.Query(t.Context(), `WITH gone AS (DELETE FROM outbox RETURNING id, user_id, topic, payload)
		SELECT user_id, topic, payload FROM gone ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	records, err := pgx.CollectRows(rows, pgx.RowToStructByPos[record])
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func of(records []record, user uuid.UUID) (own []record) {
	for _, r := range records {
		if r.User == user {
			own = append(own, r)
		}
	}
	return own
}

func same(a, b []record) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Topic != b[i].Topic || !bytes.Equal(a[i].Payload, b[i].Payload) {
			return false
		}
	}
	return true
}

func republish(t *testing.T, b *userlogtest.Bundle, since time.Time, only uuid.UUID) Done {
	t.Helper()
	done, err := New(b.Pool(t, "taskwire_owner")).Since(t.Context(), since, only, func(Done) {})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// live changes a user's tasks in several ways: six events.
func live(t *testing.T, b *userlogtest.Bundle, who token.Principal) {
	t.Helper()
	root := b.Do(t, who, task.Create{Draft: userlogtest.Draft("root")}).TaskID
	b.Do(t, who, task.SetCompleted{ID: root, Completed: true})
	b.Do(t, who, task.Delete{ID: root})
	b.Do(t, who, task.Restore{ID: root})
	b.DoAll(t, who, task.Create{Draft: userlogtest.Draft("one")}, task.Create{Draft: userlogtest.Draft("two")})
}

// TestRepublish_GivesTheSameRecords: byte for byte and in each user's order, so that inboxes and streams recognize
// them.
func TestRepublish_GivesTheSameRecords(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	owner := b.Connect(t, "taskwire_owner", uuid.Nil)
	before := time.Now().Add(-time.Minute)
	one, two := userlogtest.Principal(), userlogtest.Principal()
	live(t, b, one)
	live(t, b, two)
	first := takeOutbox(t, owner)

	if done := republish(t, b, before, uuid.Nil); done.Users != 2 || done.Events != 2*6 || done.Reminders != 0 {
		t.Errorf("%+v", done)
	}
	again := takeOutbox(t, owner)
	for _, who := range []uuid.UUID{one.UserID, two.UserID} {
		if len(of(first, who)) == 0 || !same(of(first, who), of(again, who)) {
			t.Errorf("user %s has other records than at first", who)
		}
	}
	if done := republish(t, b, before, two.UserID); done.Users != 1 || len(of(takeOutbox(t, owner), one.UserID)) > 0 {
		t.Errorf("one user only: %+v", done)
	}
	if done := republish(t, b, time.Now().Add(time.Minute), uuid.Nil); done.Events != 0 || len(takeOutbox(t, owner)) > 0 {
		t.Errorf("nothing has happened since: %+v", done)
	}
}

// TestRepublish_HasNoSecondEffect delivers a completion twice, as republishing does: there is one successor.
func TestRepublish_HasNoSecondEffect(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who := b.NewLog(t, "taskwire_worker"), userlogtest.Principal()
	id := b.Do(t, who, task.Create{Draft: userlogtest.Draft("Weekly")}).TaskID
	completed := b.Do(t, who, task.SetCompleted{ID: id, Completed: true}).Event
	spawn := userlog.Command(who, task.Create{Draft: userlogtest.Draft("Weekly")}, nil)
	spawn.Cause = userlog.Cause{Consumer: "recurring-spawn", Source: "/s", ID: completed.ID.String()}
	for range 2 {
		if _, err := log.Do(t.Context(), spawn); err != nil {
			t.Fatal(err)
		}
		republish(t, b, time.Now().Add(-time.Hour), uuid.Nil)
	}
	if n := b.Count(t, "task"); n != 2 {
		t.Errorf("%d tasks, want the occurrence and its successor", n)
	}
}

// TestRepublish_RemindsAgainWhatWasLost: reminders that were sent and never became notifications, as after a restore to
// a time between the two, are due again; delivered ones are not.
func TestRepublish_RemindsAgainWhatWasLost(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	now := time.Now().UTC().Truncate(time.Second)
	who := userlogtest.Principal()
	overdue, soon := userlogtest.Draft("overdue"), userlogtest.Draft("soon")
	past, later := now.Add(-2*time.Hour), now.Add(30*time.Minute)
	overdue.DueAt, soon.DueAt = &past, &later
	b.Do(t, who, task.Create{Draft: overdue})
	b.Do(t, who, task.Create{Draft: soon})
	// As the tick writes what it has sent.
	b.Exec(t, `UPDATE task_reminder SET remind_at = NULL, sent_for = due_at WHERE kind = 'upcoming'`)
	b.Exec(t, `UPDATE task_reminder SET remind_at = $1, sent_on = $2 WHERE kind = 'overdue' AND due_at < $2`, now.Add(24*time.Hour), now)
	if done := republish(t, b, now.Add(-24*time.Hour), who.UserID); done.Reminders != 2 {
		t.Fatalf("%+v", done)
	}
	var due int
	const again = `SELECT count(*) FROM task_reminder WHERE remind_at <= $1 AND sent_for IS NULL AND sent_on IS NULL`
	if err := b.Connect(t, "taskwire_owner", uuid.Nil).QueryRow(t.Context(), again, now).Scan(&due); err != nil || due != 2 {
		t.Fatalf("%d reminders are due again, want 2; %v", due, err)
	}
	b.Exec(t, `UPDATE task_reminder SET remind_at = NULL, sent_for = due_at WHERE kind = 'upcoming'`)
	b.Exec(t, `UPDATE task_reminder SET remind_at = $1, sent_on = $2 WHERE kind = 'overdue' AND due_at < $2`, now.Add(24*time.Hour), now)
	b.Exec(t, `
INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, created_at)
SELECT user_id, gen_random_uuid(), kind, task_id, CASE kind WHEN 'upcoming' THEN time_window ELSE sent_on::text END, due_at, '', '', now()
FROM task_reminder WHERE sent_for IS NOT NULL OR sent_on IS NOT NULL`)
	if done := republish(t, b, now.Add(-24*time.Hour), who.UserID); done.Reminders != 0 {
		t.Errorf("both arrived: %+v", done)
	}
}

func TestRepublish_NamesUsersByEmail(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	owner := b.Connect(t, "taskwire_owner", uuid.Nil)
	who := userlogtest.Principal()
	if _, err := owner.Exec(t.Context(), `INSERT INTO app_user (id, email, name, password_hash, created_at) VALUES ($1, 'ada@example.org', 'Ada', '', now())`, who.UserID); err != nil {
		t.Fatal(err)
	}
	r := New(b.Pool(t, "taskwire_owner"))
	for _, name := range []string{"ada@example.org", "Ada@Example.org", who.UserID.String()} {
		if id, err := r.UserID(t.Context(), name); err != nil || id != who.UserID {
			t.Errorf("%s: %v, %v", name, id, err)
		}
	}
	if _, err := r.UserID(t.Context(), "bob@example.org"); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown one: %v", err)
	}
}

package integration

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

func TestConcurrentChangesOfAUserAreNumberedWithoutGaps(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := principal()
	const writers, each = 16, 10
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				_, err := b.execute(t.Context(), who, idempotency.Key{}, task.Create{Draft: draft(fmt.Sprint(w, i))}, ok)
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	events := b.Events(t, who)
	if len(events) != writers*each {
		t.Fatalf("%d events", len(events))
	}
	positions := map[string]bool{}
	for i, e := range events {
		if e.Seq != int64(i+1) {
			t.Fatalf("event %d has seq %d", i+1, e.Seq)
		}
		positions[e.Task.Position] = true
	}
	if len(positions) != writers*each {
		t.Errorf("%d positions for %d tasks", len(positions), writers*each)
	}
}

func TestTheSameKeyAtTheSameTimeMakesOneTask(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := principal()
	key, _ := idempotency.FromHeader("once", "POST", "/api/todos", []byte("body"))
	answers := make([]idempotency.Answer, 12)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			var err error
			answers[i], err = b.execute(t.Context(), who, key, task.Create{Draft: draft("one")}, func(o task.Outcome) idempotency.Answer {
				return idempotency.Answer{Status: 201, Header: map[string]string{"ETag": `"1"`}, Body: []byte(o.TaskID.String())}
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, a := range answers {
		if a.Status != 201 || !bytes.Equal(a.Body, answers[0].Body) || a.Header["ETag"] != `"1"` {
			t.Errorf("%+v, want %+v", a, answers[0])
		}
	}
	if events := b.Events(t, who); len(events) != 1 {
		t.Errorf("%d events", len(events))
	}
	other, _ := idempotency.FromHeader("once", "POST", "/api/todos", []byte("another body"))
	if _, err := b.execute(t.Context(), who, other, task.Create{Draft: draft("two")}, ok); !fault.Is(err, fault.Invalid) {
		t.Errorf("the key for another request: %v", err)
	}
	// Keys are per user: another user's request with the same key is independent.
	if _, err := b.execute(t.Context(), principal(), other, task.Create{Draft: draft("two")}, ok); err != nil {
		t.Errorf("the same key of another user: %v", err)
	}
}

func TestARefusedCommandLeavesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := principal()
	b.Do(t, who, task.Create{Draft: draft("there")})
	_, err := b.execute(t.Context(), who, idempotency.Key{Name: "key:x"}, inOrder{
		task.Create{Draft: draft("not there")}, task.Delete{ID: uuid.New()},
	}, ok)
	if !fault.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
	conn := b.Connect(t, "taskwire_owner", uuid.Nil)
	for table, want := range map[string]int{"task": 1, "task_event": 1, "outbox": 2, "idempotency_key": 0} {
		if n := count(t, conn, table); n != want {
			t.Errorf("%s: %d rows, want %d", table, n, want)
		}
	}
}

func TestAnothersTaskIsNotFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	alice, mallory := principal(), principal()
	id := b.Do(t, alice, task.Create{Draft: draft("secret")}).TaskID
	b.Do(t, mallory, task.Create{Draft: draft("own")})
	below := draft("below")
	below.ParentID = &id
	for _, cmd := range []task.Command{
		task.Replace{ID: id, Draft: draft("mine")}, task.SetCompleted{ID: id, Completed: true}, task.Delete{ID: id}, task.Restore{ID: id},
	} {
		if _, err := b.execute(t.Context(), mallory, idempotency.Key{}, cmd, ok); !fault.Is(err, fault.NotFound) {
			t.Errorf("%T: %v", cmd, err)
		}
	}
	if _, err := b.execute(t.Context(), mallory, idempotency.Key{}, task.Create{Draft: below}, ok); !fault.Is(err, fault.Invalid) {
		t.Errorf("below another's task: %v", err)
	}
}

func TestDeepFamiliesAreReadWhole(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := principal()
	root := b.Do(t, who, task.Create{Draft: draft("level 1")}).TaskID
	parent := root
	for level := 2; level <= task.MaxDepth; level++ {
		d := draft(fmt.Sprint("level ", level))
		d.ParentID = &parent
		parent = b.Do(t, who, task.Create{Draft: d}).TaskID
	}
	if e := b.Do(t, who, task.Delete{ID: root}).Event; e == nil || e.Task != nil {
		t.Errorf("%+v", e)
	}
	if deepest := b.Task(t, who, parent); deepest != nil {
		t.Errorf("the deepest is still there: %+v", deepest)
	}
	b.Do(t, who, task.Restore{ID: root})
	if b.Task(t, who, parent) == nil {
		t.Error("the deepest was not restored")
	}
}

func TestARevokedPersonalTokenIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	owner := b.Connect(t, "taskwire_owner", uuid.Nil)
	who := principal()
	who.Personal, who.TokenID = true, uuid.New()
	if _, err := titles(t.Context(), b.pool, who); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("a token that nobody has issued: %v", err)
	}
	batch := &pgx.Batch{}
	batch.Queue(`INSERT INTO app_user VALUES ($1, 'a@example.org', 'A', 'user', '', now())`, who.UserID)
	batch.Queue(`INSERT INTO access_token (id, user_id, name, scopes, created_at, expires_at) VALUES ($1, $2, 'cli', '{}', now(), now() + interval '1 day')`, who.TokenID, who.UserID)
	if err := owner.SendBatch(t.Context(), batch).Close(); err != nil {
		t.Fatal(err)
	}
	b.Do(t, who, task.Create{Draft: draft("by a token")})
	stranger := token.Principal{UserID: uuid.New(), TokenID: who.TokenID, Personal: true}
	if _, err := titles(t.Context(), b.pool, stranger); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("another's token: %v", err)
	}
	if _, err := owner.Exec(t.Context(), `UPDATE access_token SET revoked_at = now()`); err != nil {
		t.Fatal(err)
	}
	if _, err := b.execute(t.Context(), who, idempotency.Key{}, task.Create{Draft: draft("too late")}, ok); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("write: %v", err)
	}
	if _, err := titles(t.Context(), b.pool, who); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("read: %v", err)
	}
}

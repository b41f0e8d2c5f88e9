package integration

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/eventually"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// atOnce executes a command of each user at the same moment, and returns the outcome of each.
func (b bundle) atOnce(t *testing.T, users []token.Principal, command func(i int) task.Command) []error {
	t.Helper()
	errs := make([]error, len(users))
	var wg sync.WaitGroup
	for i, who := range users {
		wg.Go(func() {
			_, errs[i] = b.execute(t.Context(), who, idempotency.Key{}, command(i), ok)
		})
	}
	wg.Wait()
	return errs
}

func principals(n int) []token.Principal {
	users := make([]token.Principal, n)
	for i := range users {
		users[i] = principal()
	}
	return users
}

func TestChangesThatWaitShareATransaction(t *testing.T) {
	t.Parallel()
	b := setup(t)
	users := principals(40)
	owner := b.Connect(t, "taskwire_owner", uuid.Nil)
	eventually.True(t, "changes that come at once share transactions", func() bool {
		for _, err := range b.atOnce(t, users, func(i int) task.Command { return task.Create{Draft: draft(fmt.Sprint(i))} }) {
			if err != nil {
				t.Fatal(err)
			}
		}
		var events, transactions int
		if err := owner.QueryRow(t.Context(), `SELECT count(*), count(DISTINCT xmin::text) FROM task_event`).Scan(&events, &transactions); err != nil {
			t.Fatal(err)
		}
		return transactions < events
	})
	for _, who := range users {
		events := b.Events(t, who)
		for i, e := range events {
			if e.Seq != int64(i+1) || e.UserID != who.UserID || e.Task.Title != events[0].Task.Title {
				t.Fatalf("event %d of %s: %+v", i+1, who.UserID, e)
			}
		}
	}
}

// broken is a command that panics after its first change.
type broken struct{}

func (broken) Needs() task.Needs { return task.Needs{} }

func (broken) Apply(l *task.Ledger) (task.Outcome, error) {
	if _, err := (task.Create{Draft: draft("half done")}).Apply(l); err != nil {
		return task.Outcome{}, err
	}
	panic("the command of this test panics on purpose")
}

// A user's request must neither fail nor delay the concurrent requests of others.
func TestARefusedChangeTouchesNoOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	owner := b.Connect(t, "taskwire_owner", uuid.Nil)
	const poison = `
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
CREATE TRIGGER refuse BEFORE INSERT ON task FOR EACH ROW WHEN (NEW.title = 'poison') EXECUTE FUNCTION refuse()`
	if _, err := owner.Exec(t.Context(), poison); err != nil {
		t.Fatal(err)
	}
	users := principals(50)
	create := func(title string) task.Command { return task.Create{Draft: draft(title)} }
	kinds := []func(i int) (task.Command, fault.Code){
		func(int) (task.Command, fault.Code) { return create("good"), "" },
		func(int) (task.Command, fault.Code) { return create("good"), "" },
		func(int) (task.Command, fault.Code) { return task.Delete{ID: uuid.New()}, fault.NotFound },
		func(int) (task.Command, fault.Code) { return create("poison"), fault.Internal },
		func(i int) (task.Command, fault.Code) { // a token that was never issued
			users[i].Personal, users[i].TokenID = true, uuid.New()
			return create("by a bad token"), fault.Unauthenticated
		},
		func(int) (task.Command, fault.Code) { return broken{}, fault.Internal },
	}
	commands, want := make([]task.Command, len(users)), make([]fault.Code, len(users))
	for i := range users {
		commands[i], want[i] = kinds[i%len(kinds)](i)
	}
	var good int
	for range 3 {
		for i, err := range b.atOnce(t, users, func(i int) task.Command { return commands[i] }) {
			switch {
			case want[i] == "" && err == nil:
				good++
			case want[i] == "" || !fault.Is(err, want[i]):
				t.Errorf("%T: %v, want %q", commands[i], err, want[i])
			}
		}
	}
	for table, want := range map[string]int{"task": good, "task_event": good, "outbox": 2 * good} {
		if n := count(t, owner, table); n != want {
			t.Errorf("%s: %d rows, want %d", table, n, want)
		}
	}
	if woken := len(b.Woken); woken != good {
		t.Errorf("the publisher was woken %d times for %d changes", woken, good)
	}
}

func TestALockedUserHoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	users := principals(20)
	good := func(int) task.Command { return task.Create{Draft: draft("good")} }
	b.atOnce(t, users, good)
	// Another replica, or a consumer, holds the first user's lock.
	elsewhere := b.Connect(t, "taskwire_owner", uuid.Nil)
	tx, err := elsewhere.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	if _, err := tx.Exec(t.Context(), `SELECT FROM user_stream WHERE user_id = $1 FOR UPDATE`, users[0].UserID); err != nil {
		t.Fatal(err)
	}
	locked := make(chan error, 1)
	go func() {
		_, err := b.execute(t.Context(), users[0], idempotency.Key{}, good(0), ok)
		locked <- err
	}()
	for range 3 {
		for _, err := range b.atOnce(t, users[1:], good) {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	select {
	case err := <-locked:
		if !unavailable(err) { // it gives up after a while, but cannot have passed the lock
			t.Fatalf("the locked user's change: %v", err)
		}
		return
	default:
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-locked; err != nil && !unavailable(err) {
		t.Error(err)
	}
}

// If a query of one change fails, or its result is unexpected, only that change fails.
func TestAReadThatFailsFailsItsOwnChange(t *testing.T) {
	t.Parallel()
	b := setup(t)
	users := principals(40)
	b.atOnce(t, users, func(int) task.Command { return task.Create{Draft: draft("first")} })
	unexpected := errors.New("an unexpected result")
	for range 3 {
		errs := make([]error, len(users))
		var wg sync.WaitGroup
		for i, who := range users {
			c := userlog.Command(who, task.Create{Draft: draft("next")}, nil)
			switch i % 10 {
			case 3:
				c.Read = func(b *pgx.Batch) {
					b.Queue(`SELECT 1`).QueryRow(func(pgx.Row) error { return unexpected })
				}
			case 7:
				c.Read = func(b *pgx.Batch) { b.Queue(`SELECT 1/0`) }
			}
			wg.Go(func() { _, errs[i] = b.Log.Do(t.Context(), c) })
		}
		wg.Wait()
		for i, err := range errs {
			switch i % 10 {
			case 3:
				if !errors.Is(err, unexpected) {
					t.Errorf("a read with an unexpected result: %v", err)
				}
			case 7:
				if !fault.Is(err, fault.Internal) {
					t.Errorf("a read that the database refuses: %v", err)
				}
			default:
				if err != nil {
					t.Errorf("another change: %v", err)
				}
			}
		}
	}
	if n, want := b.Count(t, "task"), len(users)+3*len(users)*8/10; n != want {
		t.Errorf("%d tasks, want %d", n, want)
	}
}

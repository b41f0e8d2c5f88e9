package integration

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// caused is a command that a consumer executes because of an event.
func caused(who token.Principal, id string, cmd task.Command) userlog.Change {
	c := userlog.Command(who, cmd, nil)
	c.Cause = userlog.Cause{Consumer: "test", Source: "/s", ID: id}
	return c
}

func create(title string) task.Command { return task.Create{Draft: draft(title)} }

// A broker may deliver an event twice in one delivery.
func TestInbox_TheSameCauseTwiceInACallIsAppliedOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	log, who := b.NewLog(t, "taskwire_worker"), b.Registered(t)
	once := caused(who, "once", create("once"))
	for range 2 {
		if err := log.DoAll(t.Context(), []userlog.Change{once, caused(who, "other", create("other")), once}); err != nil {
			t.Fatal(err)
		}
	}
	if tasks, causes := b.Count(t, "task"), b.Count(t, "processed_event"); tasks != 2 || causes != 2 {
		t.Errorf("%d tasks and %d causes, want 2 of each", tasks, causes)
	}
}

// Whether the domain or the database refuses it, alone or in a transaction with others.
func TestInbox_ARefusedChangeIsNotRecordedAndTheNextDeliveryIsApplied(t *testing.T) {
	t.Parallel()
	b := setup(t)
	log, users := b.NewLog(t, "taskwire_worker"), make([]token.Principal, 40)
	for i := range users {
		users[i] = b.Registered(t)
	}
	b.Exec(t, `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$`)
	b.Exec(t, `CREATE TRIGGER refuse BEFORE INSERT ON task FOR EACH ROW WHEN (NEW.title = 'poison') EXECUTE FUNCTION refuse()`)
	deliver := func(round int, command func(i int) (cmd task.Command, want fault.Code)) {
		var wg sync.WaitGroup
		for i, who := range users {
			cmd, want := command(i)
			wg.Go(func() {
				_, err := log.Do(t.Context(), caused(who, fmt.Sprint(round, i), cmd))
				if want == "" && err != nil || want != "" && !fault.Is(err, want) {
					t.Errorf("%T: %v, want %q", cmd, err, want)
				}
			})
		}
		wg.Wait()
	}
	const rounds = 3
	for round := range rounds {
		deliver(round, func(i int) (task.Command, fault.Code) {
			switch i % 8 {
			case 2:
				return task.Delete{ID: uuid.New()}, fault.NotFound
			case 4:
				return broken{}, fault.Internal
			case 6:
				if i == 6 { // every transaction that it shares fails
					return create("poison"), fault.Internal
				}
			}
			return create("good"), ""
		})
		refused := len(users)/8*2 + 1
		if tasks, causes, want := b.Count(t, "task"), b.Count(t, "processed_event"), round*len(users)+len(users)-refused; tasks != want || causes != want {
			t.Fatalf("%d tasks and %d causes, want %d of each", tasks, causes, want)
		}
		deliver(round, func(int) (task.Command, fault.Code) { return create("again"), "" })
	}
	if tasks, causes, want := b.Count(t, "task"), b.Count(t, "processed_event"), rounds*len(users); tasks != want || causes != want {
		t.Errorf("%d tasks and %d causes, want %d of each", tasks, causes, want)
	}
}

// The second delivery waits until the first one ends, and does the work only if that failed. Other users do not wait.
func TestInbox_ADeliveryWaitsForOneInProgress(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end   string
		tasks int
	}{"that commits": {"COMMIT", 0}, "that fails": {"ROLLBACK", 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			log, who, other := b.NewLog(t, "taskwire_worker"), principal(), principal()
			for _, user := range []token.Principal{who, other} {
				b.Do(t, user, create("first"))
			}
			first := b.Connect(t, "taskwire_worker", who.UserID) // another replica, before its COMMIT
			for _, sql := range []string{
				`BEGIN`, `SELECT FROM user_stream WHERE user_id = '` + who.UserID.String() + `' FOR UPDATE`,
				`INSERT INTO processed_event (consumer, source, id) VALUES ('test', '/s', 'now')`,
			} {
				if _, err := first.Exec(t.Context(), sql); err != nil {
					t.Fatal(err)
				}
			}
			second := make(chan error, 1)
			go func() {
				_, err := log.Do(t.Context(), caused(who, "now", create("next")))
				second <- err
			}()
			for i := range 10 {
				if _, err := log.Do(t.Context(), caused(other, fmt.Sprint(i), create("of another user"))); err != nil {
					t.Fatal(err)
				}
			}
			select {
			case err := <-second:
				t.Fatalf("the second delivery did not wait: %v", err)
			default:
			}
			if _, err := first.Exec(t.Context(), c.end); err != nil {
				t.Fatal(err)
			}
			if err := <-second; err != nil {
				t.Fatal(err)
			}
			if n := len(b.Tasks(t, who)) - 1; n != c.tasks {
				t.Errorf("the second delivery created %d tasks, want %d", n, c.tasks)
			}
		})
	}
}

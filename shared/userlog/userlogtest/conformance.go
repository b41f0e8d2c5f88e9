package userlogtest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"runtime"
	"strconv"
	"sync"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/outbox"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// Command is a function's command on a user's data.
type Command struct {
	// Role is the function's role in the database.
	Role string
	// Prepare creates the data of who that the command needs, and returns the command on a pool and its log; another
	// replica may run it as well. It must append to the user's log. Running it again is a redelivery of the same event,
	// or a repetition of the same request.
	Prepare func(t *testing.T, b *Bundle, who token.Principal) Deliver
}

// Deliver runs a command in one replica of its function.
type Deliver func(context.Context, *postgres.Pool, *userlog.Log) error

// Run runs the conformance suite. newDatabase returns a fresh one for each test.
func Run(t *testing.T, newDatabase func(testing.TB) Database, c Command) {
	for name, test := range map[string]func(*testing.T, *suite){
		"applied once, however often it is delivered":     once,
		"numbered and published in order":                 inOrder,
		"a refused transaction leaves nothing":            refused,
		"killed between commit and publish":               killed,
		"delivered to two replicas at once, applied once": replicas,
		"late, when its user is gone, it leaves nothing":  late,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, &suite{Setup(t, newDatabase(t)), c})
		})
	}
}

type suite struct {
	*Bundle
	Command
}

// replica is the function in another process.
type replica struct {
	pool *postgres.Pool
	log  *userlog.Log
}

func (s *suite) replica(t *testing.T, wake func(uuid.UUID)) replica {
	pool := s.Pool(t, s.Role)
	return replica{pool, userlog.New(pool, wake)}
}

func (r replica) run(t *testing.T, deliver Deliver) {
	t.Helper()
	if err := deliver(t.Context(), r.pool, r.log); err != nil {
		t.Error(err)
	}
}

func asleep(uuid.UUID) {}

// workers is the role of the consumers of events.
const workers = "taskwire_worker"

// state counts the rows of all tables that a change may write, and returns the user's sequence.
func (s *suite) state(t *testing.T, who token.Principal) map[string]int {
	t.Helper()
	state := map[string]int{"sequence": 0}
	for _, table := range []string{"task", "task_event", "outbox", "processed_event", "idempotency_key", "notification", "task_reminder", "user_stream", "preference"} {
		state[table] = s.Count(t, table)
	}
	if events := s.Events(t, who); len(events) > 0 {
		state["sequence"] = int(events[len(events)-1].Seq)
	}
	return state
}

func once(t *testing.T, s *suite) {
	who := s.Registered(t)
	deliver := s.Prepare(t, s.Bundle, who)
	before := s.state(t, who)
	r := s.replica(t, asleep)
	r.run(t, deliver)
	after := s.state(t, who)
	if after["sequence"] == before["sequence"] {
		t.Fatalf("the command appended nothing: %v", after)
	}
	for range 3 {
		r.run(t, deliver)
	}
	if again := s.state(t, who); !maps.Equal(again, after) {
		t.Errorf("delivered again: %v, want %v", again, after)
	}
}

func inOrder(t *testing.T, s *suite) {
	who := s.Registered(t)
	deliveries := make([]Deliver, 8)
	for i := range deliveries {
		deliveries[i] = s.Prepare(t, s.Bundle, who)
	}
	both := []replica{s.replica(t, asleep), s.replica(t, asleep)}
	var wg sync.WaitGroup
	for i, deliver := range deliveries {
		wg.Go(func() { both[i%2].run(t, deliver) })
	}
	wg.Wait()
	events := s.Events(t, who)
	for i, e := range events {
		if e.Seq != int64(i+1) {
			t.Fatalf("event %d has the number %d", i+1, e.Seq)
		}
		if i > 0 && e.Time.Before(events[i-1].Time) {
			t.Errorf("event %d is older than the one before", e.Seq)
		}
	}
	s.published(t, events, s.Outbox(t, who, cloudevent.TopicTaskUpdates))
}

// published checks that the events of task-updates are those of the audit events, in order.
func (s *suite) published(t *testing.T, events []task.Event, payloads [][]byte) {
	t.Helper()
	if len(payloads) != len(events) {
		t.Fatalf("%d events for %d audit events", len(payloads), len(events))
	}
	for i, payload := range payloads {
		var event struct {
			ID       uuid.UUID `json:"id"`
			Sequence string    `json:"sequence"`
		}
		if err := json.Unmarshal(payload, &event); err != nil {
			t.Fatalf("%s: %v", payload, err)
		}
		if seq, err := strconv.Atoi(event.Sequence); err != nil || int64(seq) != events[i].Seq || event.ID != events[i].ID {
			t.Errorf("event %d is %s, want that of event %d", i+1, payload, events[i].Seq)
		}
	}
}

func refused(t *testing.T, s *suite) {
	who := s.Registered(t)
	deliver := s.Prepare(t, s.Bundle, who)
	before := s.state(t, who)
	s.Exec(t, `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused by the test'; END $$`)
	s.Exec(t, `CREATE TRIGGER refuse BEFORE INSERT ON task_event FOR EACH ROW EXECUTE FUNCTION refuse()`)
	woken := 0
	r := s.replica(t, func(uuid.UUID) { woken++ })
	if err := deliver(t.Context(), r.pool, r.log); err == nil {
		t.Error("nothing was appended, and no error returned")
	}
	if after := s.state(t, who); !maps.Equal(after, before) || woken > 0 {
		t.Errorf("it left %v, want %v; the publisher was woken %d times", after, before, woken)
	}
	s.Exec(t, `DROP TRIGGER refuse ON task_event`)
	r.run(t, deliver)
	if after := s.state(t, who); after["sequence"] == before["sequence"] || woken == 0 {
		t.Errorf("delivered again it did nothing: %v; the publisher was woken %d times", after, woken)
	}
}

// killed ends the process at the failpoint: after the commit, before the publisher is notified.
func killed(t *testing.T, s *suite) {
	who := s.Registered(t)
	deliver := s.Prepare(t, s.Bundle, who)
	before := s.state(t, who)
	dead := s.replica(t, func(uuid.UUID) { runtime.Goexit() })
	answered := false
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = deliver(context.Background(), dead.pool, dead.log)
		answered = true
	}()
	<-ended
	after := s.state(t, who)
	if answered || after["sequence"] == before["sequence"] {
		t.Fatalf("it was not killed after the commit: %v", after)
	}
	s.replica(t, asleep).run(t, deliver) // the first delivery was not acknowledged
	if again := s.state(t, who); !maps.Equal(again, after) {
		t.Errorf("delivered again: %v, want %v", again, after)
	}
	// The relay finds what the dead process left, complete and in order.
	relay := postgres.NewOutbox(s.Pool(t, "taskwire_outbox"))
	stale, err := relay.Stale(t.Context(), 0)
	if err != nil || fmt.Sprint(stale) != fmt.Sprint([]uuid.UUID{who.UserID}) {
		t.Fatalf("the relay finds %v, %v", stale, err)
	}
	var payloads [][]byte
	_, err = relay.Drain(t.Context(), stale, 1000, func(_ context.Context, messages []outbox.Message) (acked []int64) {
		for _, m := range messages {
			if acked = append(acked, m.ID); m.Topic == cloudevent.TopicTaskUpdates {
				payloads = append(payloads, m.Payload)
			}
		}
		return acked
	})
	if err != nil || s.Count(t, "outbox") != 0 {
		t.Errorf("the relay leaves %d events, %v", s.Count(t, "outbox"), err)
	}
	s.published(t, s.Events(t, who), payloads)
}

func replicas(t *testing.T, s *suite) {
	alone, who := s.Registered(t), s.Registered(t)
	deliver := s.Prepare(t, s.Bundle, alone)
	before := len(s.Events(t, alone))
	s.replica(t, asleep).run(t, deliver)
	want := len(s.Events(t, alone)) - before

	deliver = s.Prepare(t, s.Bundle, who)
	before = len(s.Events(t, who))
	both := []replica{s.replica(t, asleep), s.replica(t, asleep)}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() { both[i%2].run(t, deliver) })
	}
	wg.Wait()
	if got := len(s.Events(t, who)) - before; got != want {
		t.Errorf("%d audit events, want %d", got, want)
	}
}

// late delivers after the account was erased. Requests are left out: nobody can sign in as that user.
func late(t *testing.T, s *suite) {
	who := s.Registered(t)
	deliver := s.Prepare(t, s.Bundle, who)
	if s.Role != workers {
		return
	}
	for _, table := range []string{"task", "task_event", "outbox", "notification", "task_reminder", "user_stream", "preference"} {
		s.Exec(t, `DELETE FROM `+table+` WHERE user_id = $1`, who.UserID)
	}
	before := s.state(t, who)
	s.replica(t, func(uuid.UUID) { t.Error("the publisher was woken") }).run(t, deliver)
	if after := s.state(t, who); !maps.Equal(after, before) {
		t.Errorf("it left %v, want %v", after, before)
	}
}

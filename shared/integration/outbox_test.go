package integration

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/eventually"
	"taskwire.dev/shared/outbox"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// topic stores what was published, like a broker that never fails.
type topic struct {
	mu       sync.Mutex
	messages map[string][]outbox.Message
	of       map[uuid.UUID]int
}

// count returns how many messages of a user were published.
func (b *topic) count(user uuid.UUID) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.of[user]
}

// whileStill calls do while nothing can be published, and returns how many messages of a user were published by then.
func (b *topic) whileStill(user uuid.UUID, do func()) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	do()
	return b.of[user]
}

// before returns how many messages of a user were published before the last one of another.
func (b *topic) before(user, other uuid.UUID) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, messages := range b.messages {
		seen := 0
		for _, m := range messages {
			switch m.UserID {
			case user:
				seen++
			case other:
				n += seen
				seen = 0
			}
		}
	}
	return n
}

func (b *topic) Publish(_ context.Context, name string, messages []outbox.Message) (map[int64]bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages[name] = append(b.messages[name], messages...)
	if b.of == nil {
		b.of = map[uuid.UUID]int{}
	}
	for _, m := range messages {
		b.of[m.UserID]++
	}
	return nil, nil
}

func TestManyPublishersPublishEachMessageOnceInOrder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	broker := &topic{messages: map[string][]outbox.Message{}}
	ctx, stop := context.WithCancel(t.Context())
	var publishers sync.WaitGroup
	all := make([]*outbox.Publisher, 4)
	for i := range all {
		all[i] = outbox.NewPublisher(b.outbox, broker)
		publishers.Go(func() { all[i].Run(ctx) })
	}
	// Every publisher is woken by every commit, as if each of four replicas had served every request.
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case user := <-b.Woken:
				for _, p := range all {
					p.Committed(user)
				}
			}
		}
	}()
	const users, each = 12, 25
	var writers sync.WaitGroup
	for u := range users {
		who := principal()
		writers.Go(func() {
			for i := range each {
				b.Do(t, who, task.Create{Draft: draft(fmt.Sprint(u, i))})
			}
		})
	}
	writers.Wait()
	owner := b.Connect(t, "taskwire_owner", uuid.Nil)
	eventually.True(t, "the outbox is empty", func() bool { return count(t, owner, "outbox") == 0 })
	stop()
	publishers.Wait()
	for _, name := range []string{"task-events", "task-updates"} {
		last, n := map[uuid.UUID]int64{}, 0
		for _, m := range broker.messages[name] {
			if m.ID <= last[m.UserID] {
				t.Fatalf("%s: message %d of a user after %d", name, m.ID, last[m.UserID])
			}
			last[m.UserID] = m.ID
			n++
		}
		if n != users*each {
			t.Errorf("%s: %d messages, want %d", name, n, users*each)
		}
	}
}

func TestAMessageStaysUntilTheBrokerHasIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := principal()
	users := []uuid.UUID{who.UserID}
	b.Do(t, who, task.Create{Draft: draft("a")})
	left, err := b.outbox.Drain(t.Context(), users, 10, func(context.Context, []outbox.Message) []int64 { return nil })
	if err != nil || !slices.Equal(left.More, users) || len(left.Locked) != 0 {
		t.Fatalf("%+v, %v", left, err)
	}
	// While one publisher works on a shard, another gets nothing of it.
	left, err = b.outbox.Drain(t.Context(), users, 10, func(ctx context.Context, messages []outbox.Message) []int64 {
		second, err := b.outbox.Drain(ctx, users, 10, func(context.Context, []outbox.Message) []int64 {
			t.Error("two publishers have the same shard")
			return nil
		})
		if err != nil || !slices.Equal(second.Locked, users) {
			t.Errorf("%+v, %v", second, err)
		}
		return []int64{messages[0].ID, messages[1].ID}
	})
	if err != nil || len(left.More) != 0 {
		t.Fatalf("%+v, %v", left, err)
	}
	if n := count(t, b.Connect(t, "taskwire_owner", uuid.Nil), "outbox"); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

func TestStaleFindsWhatAKilledFunctionLeft(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := principal()
	b.Do(t, who, task.Create{Draft: draft("a")})
	b.Do(t, who, task.Create{Draft: draft("b")})
	second := principal()
	b.Do(t, second, task.Create{Draft: draft("c")})
	if users, err := b.outbox.Stale(t.Context(), time.Hour); err != nil || len(users) != 0 {
		t.Errorf("%v, %v: it is fresh", users, err)
	}
	if users, err := b.outbox.Stale(t.Context(), 0); err != nil || !slices.Equal(users, []uuid.UUID{who.UserID, second.UserID}) {
		t.Errorf("%v, %v", users, err)
	}
}

// TestOutbox_RowsThatStayAreAnError: otherwise they would be published again immediately, forever.
func TestOutbox_RowsThatStayAreAnError(t *testing.T) {
	t.Parallel()
	b := setup(t)
	owner := b.Connect(t, "taskwire_owner", uuid.Nil)
	if _, err := owner.Exec(t.Context(), `CREATE RULE stay AS ON DELETE TO outbox DO INSTEAD NOTHING`); err != nil {
		t.Fatal(err)
	}
	who := principal()
	b.Do(t, who, task.Create{Draft: draft("a")})
	published := 0
	_, err := b.outbox.Drain(t.Context(), []uuid.UUID{who.UserID}, 10, func(_ context.Context, messages []outbox.Message) (acked []int64) {
		for _, m := range messages {
			acked = append(acked, m.ID)
		}
		published += len(messages)
		return acked
	})
	if err == nil || published != 2 {
		t.Errorf("%d events were published, %v", published, err)
	}
}

func TestTheStoreSaysUnavailableWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: "postgres://nobody@127.0.0.1:1/none", MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if _, err := titles(t.Context(), pool, principal()); !unavailable(err) {
		t.Errorf("%v", err)
	}
}

// backlog inserts n rows of the user into the outbox, bypassing the store.
func backlog(tb testing.TB, owner *pgx.Conn, who token.Principal, n int) {
	tb.Helper()
	const add = `
INSERT INTO outbox (shard, user_id, topic, payload)
SELECT $1, $2, CASE i % 2 WHEN 0 THEN 'task-events' ELSE 'task-updates' END, convert_to(repeat('x', 700), 'UTF8') FROM generate_series(1, $3::integer) i`
	if _, err := owner.Exec(tb.Context(), add, outbox.Shard(who.UserID), who.UserID, n); err != nil {
		tb.Fatal(err)
	}
}

// However large one user's backlog is: the changes of another user are published within a few calls to the broker.
func TestOneUsersBacklogDoesNotHoldUpOthers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	owner := b.Connect(t, "taskwire_owner", uuid.Nil)
	big, small := principal(), principal()
	const rows = 20_000
	backlog(t, owner, big, rows)
	broker := &topic{messages: map[string][]outbox.Message{}}
	publisher := outbox.NewPublisher(b.outbox, broker)
	ctx, stop := context.WithCancel(t.Context())
	var ended sync.WaitGroup
	ended.Go(func() { publisher.Run(ctx) })
	defer ended.Wait()
	defer stop()
	eventually.True(t, "the big backlog is being published", func() bool { return broker.count(big.UserID) > 0 })
	for range 5 {
		before := broker.count(small.UserID)
		b.Do(t, small, task.Create{Draft: draft("behind it")})
		already := broker.whileStill(big.UserID, func() { publisher.Committed(small.UserID) })
		eventually.True(t, "the small user's change is published", func() bool { return broker.count(small.UserID) == before+2 })
		// The batch that the publisher is at; the next one begins with a message of each user.
		if n := broker.before(big.UserID, small.UserID) - already; n > outbox.Batch {
			t.Errorf("%d events of the other user went first", n)
		}
		if broker.count(big.UserID) == rows {
			t.Error("there was no backlog any more")
		}
	}
	eventually.True(t, "all of the backlog is published", func() bool { return broker.count(big.UserID) == rows })
	eventually.True(t, "the outbox is empty", func() bool { return count(t, owner, "outbox") == 0 })
	for name, messages := range broker.messages {
		last := map[uuid.UUID]int64{}
		for _, m := range messages {
			if m.ID <= last[m.UserID] {
				t.Fatalf("%s: message %d of a user after %d", name, m.ID, last[m.UserID])
			}
			last[m.UserID] = m.ID
		}
	}
}

// BenchmarkDrain publishes 20,000 rows of one user to a broker that responds at once.
func BenchmarkDrain(b *testing.B) {
	db := pgtest.New(b)
	pool, err := postgres.Open(b.Context(), postgres.Config{URL: db.URL("taskwire_outbox"), MaxConns: 2, ByKey: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	owner, err := pgx.Connect(b.Context(), db.Owner)
	if err != nil {
		b.Fatal(err)
	}
	defer owner.Close(context.WithoutCancel(b.Context()))
	const rows = 20_000
	who := principal()
	var took time.Duration
	for b.Loop() {
		backlog(b, owner, who, rows)
		broker := &topic{messages: map[string][]outbox.Message{}}
		ctx, stop := context.WithCancel(b.Context())
		var ended sync.WaitGroup
		start := time.Now()
		ended.Go(func() { outbox.NewPublisher(postgres.NewOutbox(pool), broker).Run(ctx) })
		for broker.count(who.UserID) < rows {
			time.Sleep(time.Millisecond)
		}
		took += time.Since(start)
		stop()
		ended.Wait()
		if _, err := owner.Exec(b.Context(), "TRUNCATE outbox"); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows*b.N)/took.Seconds(), "rows/s")
}

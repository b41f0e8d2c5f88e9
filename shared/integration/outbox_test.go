package integration

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/outbox"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// topic keeps what was published, as a broker that never fails.
type topic struct {
	mu       sync.Mutex
	messages map[string][]outbox.Message
}

func (b *topic) Publish(_ context.Context, name string, messages []outbox.Message) (map[int64]bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages[name] = append(b.messages[name], messages...)
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
	// Every publisher is woken by every commit, as if each of four replicas had taken every request.
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case user := <-b.woken:
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
				b.do(t, who, task.Create{Draft: draft(fmt.Sprint(u, i))})
			}
		})
	}
	writers.Wait()
	owner := b.connect(t, "taskwire_owner", uuid.Nil)
	eventually(t, func() bool { return count(t, owner, "outbox") == 0 })
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
	b.do(t, principal(), task.Create{Draft: draft("a")})
	drained, err := b.outbox.Drain(t.Context(), outbox.All, 10, func(context.Context, []outbox.Message) []int64 { return nil })
	if err != nil || drained.Waiting != 2 || drained.Gone != 0 {
		t.Fatalf("%+v, %v", drained, err)
	}
	// While one publisher is at work another gets nothing of the same shard.
	drained, err = b.outbox.Drain(t.Context(), outbox.All, 10, func(ctx context.Context, messages []outbox.Message) []int64 {
		second, err := b.outbox.Drain(ctx, outbox.All, 10, func(context.Context, []outbox.Message) []int64 {
			t.Error("two publishers have the same shard")
			return nil
		})
		if err != nil || second.Locked != 0 {
			t.Errorf("%+v, %v", second, err)
		}
		return []int64{messages[0].ID, messages[1].ID}
	})
	if err != nil || drained.Gone != 2 {
		t.Fatalf("%+v, %v", drained, err)
	}
}

func TestStaleFindsWhatAKilledFunctionLeft(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := principal()
	b.do(t, who, task.Create{Draft: draft("a")})
	if s, err := b.outbox.Stale(t.Context(), time.Hour); err != nil || s != 0 {
		t.Errorf("%v, %v: it is fresh", s, err)
	}
	if s, err := b.outbox.Stale(t.Context(), 0); err != nil || s != outbox.SetOf(outbox.Shard(who.UserID)) {
		t.Errorf("%v, %v", s, err)
	}
}

func TestInboxDoesTheWorkOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	inbox := postgres.NewInbox(b.pool(t, "taskwire_worker"), "test")
	failure := errors.New("a passing fault")
	if done, err := inbox.Once(t.Context(), "/s", "1", func(context.Context, pgx.Tx) error { return failure }); done || !errors.Is(err, failure) {
		t.Errorf("%t, %v", done, err)
	}
	who := principal()
	var wg sync.WaitGroup
	var mu sync.Mutex
	times := 0
	for range 8 {
		wg.Go(func() {
			done, err := inbox.Once(t.Context(), "/s", "1", func(ctx context.Context, tx pgx.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO user_stream (user_id) VALUES ($1)`, who.UserID)
				return err
			})
			if err != nil {
				t.Error(err)
			}
			if done {
				mu.Lock()
				times++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if times != 1 {
		t.Errorf("done %d times", times)
	}
}

func TestTheStoreSaysUnavailableWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: "postgres://nobody@127.0.0.1:1/none", MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if _, err := postgres.NewTasks(pool, nil).Get(t.Context(), token.Principal{UserID: uuid.New()}, uuid.New()); !unavailable(err) {
		t.Errorf("%v", err)
	}
}

func TestAGreatImportDoesNotHoldUpOthers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	big := principal()
	var batch task.Batch
	for i := range task.MaxBatch {
		batch = append(batch, task.Create{Draft: draft(fmt.Sprint(i))})
	}
	b.do(t, big, batch)
	small := principal()
	b.do(t, small, task.Create{Draft: draft("behind it")})
	seen := map[uuid.UUID]int{}
	drained, err := b.outbox.Drain(t.Context(), outbox.All, outbox.Batch, func(_ context.Context, messages []outbox.Message) []int64 {
		for _, m := range messages {
			seen[m.UserID]++
		}
		return nil
	})
	if err != nil || seen[big.UserID] != outbox.PerUser || seen[small.UserID] != 2 || drained.Waiting != 2*task.MaxBatch+2 {
		t.Errorf("%v, %+v, %v", seen, drained, err)
	}
}

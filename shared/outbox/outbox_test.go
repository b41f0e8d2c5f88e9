package outbox

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// table is an outbox in memory; broker records what was published, and fails on demand.
type table struct{ rows []Message }

func (o *table) Drain(ctx context.Context, users []uuid.UUID, each int, publish func(context.Context, []Message) []int64) (Drained, error) {
	var read []Message
	taken := map[uuid.UUID]int{}
	for _, m := range o.rows {
		if slices.Contains(users, m.UserID) && taken[m.UserID] < each {
			taken[m.UserID]++
			read = append(read, m)
		}
	}
	gone := publish(ctx, read)
	o.rows = slices.DeleteFunc(o.rows, func(m Message) bool { return slices.Contains(gone, m.ID) })
	left, _ := o.Stale(ctx, 0)
	left = slices.DeleteFunc(left, func(user uuid.UUID) bool { return !slices.Contains(users, user) })
	return Drained{More: left}, nil
}

type broker struct {
	topic   []Message
	fails   func(Message) bool
	forgets func(Message) bool // accepts a message but reports a failure
}

func (b *broker) Publish(_ context.Context, _ string, messages []Message) (map[int64]bool, error) {
	failed := map[int64]bool{}
	for _, m := range messages {
		fails := b.fails != nil && b.fails(m)
		if fails {
			failed[m.ID] = true
		}
		if !fails || b.forgets != nil && b.forgets(m) {
			b.topic = append(b.topic, m)
		}
	}
	if len(failed) > 0 {
		return failed, errors.New("the broker is unavailable")
	}
	return nil, nil
}

// Whatever fails, however often: nothing is lost, and each user's messages are in order when consumers keep the first delivery of
// each.
func TestFailuresLoseNothingAndKeepEachUsersOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		users := []uuid.UUID{uuid.New(), uuid.New(), uuid.New()}
		o, b := &table{}, &broker{}
		n := rapid.IntRange(1, 60).Draw(t, "messages")
		for id := range n {
			o.rows = append(o.rows, Message{ID: int64(id), UserID: rapid.SampledFrom(users).Draw(t, "user"), Topic: "t"})
		}
		p := NewPublisher(o, b)
		for tries := 0; len(o.rows) > 0; tries++ {
			if b.fails = nil; tries < 10 {
				failing := rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "failing")
				b.fails = func(m Message) bool { return failing[m.ID] }
				forgetting := rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "forgetting")
				b.forgets = func(m Message) bool { return forgetting[m.ID] }
			}
			_, _ = p.round(t.Context())
		}
		first := map[int64]int{}
		for i, m := range b.topic {
			if _, again := first[m.ID]; !again {
				first[m.ID] = i
			}
		}
		if len(first) != n {
			t.Fatalf("%d of %d arrived", len(first), n)
		}
		latest := map[uuid.UUID]int64{}
		for i, m := range b.topic {
			if first[m.ID] != i {
				continue
			}
			if before, ok := latest[m.UserID]; ok && before > m.ID {
				t.Fatalf("%d came after %d", m.ID, before)
			}
			latest[m.UserID] = m.ID
		}
	})
}

func (o *table) Stale(context.Context, time.Duration) (users []uuid.UUID, _ error) {
	for _, m := range o.rows {
		if !slices.Contains(users, m.UserID) {
			users = append(users, m.UserID)
		}
	}
	return users, nil
}

func TestPublisherRecoversFromAnOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		user := uuid.New()
		o, b := &table{rows: []Message{{ID: 1, UserID: user, Topic: "t"}}}, &broker{}
		var away atomic.Bool
		away.Store(true)
		b.fails = func(Message) bool { return away.Load() }
		p := NewPublisher(o, b)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { p.Run(ctx); close(done) }()
		synctest.Wait()
		if len(o.rows) != 1 {
			t.Error("a row was deleted while the broker was unavailable")
		}
		away.Store(false)
		<-time.After(2 * maxBackoff) // of the bubble's clock
		synctest.Wait()
		if len(o.rows) != 0 || len(b.topic) != 1 {
			t.Errorf("%d rows left, %d published", len(o.rows), len(b.topic))
		}
		stop()
		<-done
	})
}

// Rows of another user become stale while a backlog is published.
func TestDrainStale_TakesOthersInBetween(t *testing.T) {
	t.Parallel()
	importer, other := uuid.New(), uuid.New()
	o, b := &table{}, &broker{}
	for id := range 3 * Batch {
		o.rows = append(o.rows, Message{ID: int64(id), UserID: importer, Topic: "t"})
	}
	b.fails = func(m Message) bool {
		if m.ID == 0 {
			o.rows = append(o.rows, Message{ID: 3 * Batch, UserID: other, Topic: "t"})
		}
		return false
	}
	if err := NewPublisher(o, b).DrainStale(t.Context(), 0); err != nil || len(o.rows) > 0 {
		t.Fatalf("%d rows left, %v", len(o.rows), err)
	}
	if at := slices.IndexFunc(b.topic, func(m Message) bool { return m.UserID == other }); at < 0 || at > 2*each(1) {
		t.Errorf("the other user's event is number %d of %d", at, len(b.topic))
	}
}

// Another process's publisher asks for a shard every lockWait.
func TestDrainStale_LeavesTheShardToOthersBetweenBatches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		user := uuid.New()
		o := &table{}
		for id := range 3 * Batch {
			o.rows = append(o.rows, Message{ID: int64(id), UserID: user, Topic: "t"})
		}
		began := time.Now()
		if err := NewPublisher(o, &broker{}).DrainStale(t.Context(), 0); err != nil || len(o.rows) > 0 {
			t.Fatalf("%d rows left, %v", len(o.rows), err)
		}
		batches := time.Duration(3 * Batch / each(1))
		if paused := time.Since(began); paused < batches*gather || gather <= lockWait {
			t.Errorf("%v of pauses in %d batches", paused, batches)
		}
	})
}

// The pause between two batches is long only while that delays nobody's backlog.
func TestPause(t *testing.T) {
	t.Parallel()
	many := make([]uuid.UUID, busy)
	for i := range many {
		many[i] = uuid.New()
	}
	for name, c := range map[string]struct {
		waiting []uuid.UUID
		behind  bool
		want    time.Duration
	}{
		"a user":            {many[:1], false, calm},
		"many users":        {many, false, gather},
		"a user's backlog":  {nil, true, gather},
		"nobody any longer": {nil, false, calm},
	} {
		p := NewPublisher(nil, nil)
		p.Committed(c.waiting...)
		p.behind = c.behind
		if got := p.pause(); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Package outbox brings committed events to the broker: at least once, in each user's order, whatever dies.
//
// A row of the outbox leaves only when the broker has it. Publishers of any process may run at the same time:
// each works on the shards whose lock it gets, so no two ever publish for one user at once.
package outbox

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Message is a row of the outbox.
type Message struct {
	ID      int64
	UserID  uuid.UUID
	Topic   string
	Payload []byte // a structured CloudEvent
}

// Broker publishes messages to one topic in their order. It returns the ids of those that it does not know to
// be in the broker, with the reason; nil when all are.
type Broker interface {
	Publish(ctx context.Context, topic string, messages []Message) (failed map[int64]bool, err error)
}

// Store is the outbox table.
type Store interface {
	// Drain locks those of the shards that nobody else has, hands up to limit of their oldest rows to publish,
	// and deletes the rows whose ids publish returns.
	Drain(ctx context.Context, shards Set, limit int, publish func(context.Context, []Message) []int64) (Drained, error)
	// Stale returns the shards with a row older than age.
	Stale(ctx context.Context, age time.Duration) (Set, error)
}

// Drained is what a Drain did.
type Drained struct {
	Locked  Set // the shards it had the lock of
	Waiting int // rows it found there, at most Horizon
	Gone    int // rows it deleted
}

// Batch is how many rows are published at once: enough that a trip through the sidecar is shared by many,
// small enough that a sidecar keeps little in memory.
const Batch = 500

// PerUser is how many rows of one user are in a batch: they go one after another. Horizon is how many of the
// oldest rows a batch is chosen from.
const (
	PerUser = 32
	Horizon = 2000
)

// publishTimeout bounds one trip through the sidecar. The transaction that holds the locks is open meanwhile.
const publishTimeout = 10 * time.Second

// Publisher drains the outbox whenever it is woken.
type Publisher struct {
	store  Store
	broker Broker

	mu    sync.Mutex
	dirty Set
	wake  chan struct{}
}

// NewPublisher returns a Publisher that takes every shard for dirty: what a killed predecessor left is
// published by the restarted process.
func NewPublisher(store Store, broker Broker) *Publisher {
	p := &Publisher{store: store, broker: broker, wake: make(chan struct{}, 1)}
	p.Wake(All)
	return p
}

// Committed tells the publisher that a user's outbox has something new.
func (p *Publisher) Committed(user uuid.UUID) { p.Wake(SetOf(Shard(user))) }

// Wake marks shards as dirty.
func (p *Publisher) Wake(shards Set) {
	p.mu.Lock()
	p.dirty |= shards
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default: // it is awake already
	}
}

func (p *Publisher) take() Set {
	p.mu.Lock()
	defer p.mu.Unlock()
	taken := p.dirty
	p.dirty = 0
	return taken
}

// Backoff bounds: after a failure, and while another publisher has the lock of what is wanted.
const (
	minBackoff = 50 * time.Millisecond
	maxBackoff = 2 * time.Second
	lockWait   = 5 * time.Millisecond
)

// gather is the pause after a batch, in which the next one gathers: the first event goes out at once, and under load
// the transaction and the trip through sidecar and broker, which cost the same for one event as for many, are shared.
const gather = 8 * time.Millisecond

// Run publishes until ctx is done.
func (p *Publisher) Run(ctx context.Context) {
	backoff, failing := minBackoff, false
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		}
		shards := p.take()
		left, err := p.drain(ctx, shards)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			if !failing {
				slog.Warn("publishing is failing; events wait in the outbox", "error", err)
			}
			failing = true
			p.again(ctx, shards, backoff)
			backoff = min(2*backoff, maxBackoff)
		default:
			if failing {
				slog.Info("publishing again")
			}
			backoff, failing = minBackoff, false
			p.again(ctx, left, lockWait)
			wait(ctx, gather)
		}
	}
}

// again marks shards as dirty once delay is over.
func (p *Publisher) again(ctx context.Context, shards Set, delay time.Duration) {
	if shards != 0 {
		wait(ctx, delay)
		p.Wake(shards)
	}
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// drain empties the shards as far as it gets their locks, and returns those that it did not get.
func (p *Publisher) drain(ctx context.Context, shards Set) (left Set, err error) {
	for shards != 0 {
		var failure error
		d, err := p.store.Drain(ctx, shards, Batch, func(ctx context.Context, messages []Message) []int64 {
			var acked []int64
			acked, failure = p.publish(ctx, messages)
			return acked
		})
		if err == nil {
			err = failure
		}
		if err != nil {
			return shards, err
		}
		left |= shards &^ d.Locked
		if d.Gone == d.Waiting {
			return left, nil
		}
		shards &= d.Locked
	}
	return left, nil
}

// DrainStale publishes what has lain for longer than age: some process was killed before it could. It returns
// when that is done, or says why not.
func (p *Publisher) DrainStale(ctx context.Context, age time.Duration) error {
	shards, err := p.store.Stale(ctx, age)
	if err != nil || shards == 0 {
		return err
	}
	_, err = p.drain(ctx, shards)
	return err
}

// publish sends the messages, each user's in order and the topics side by side, and returns the ids that may go.
func (p *Publisher) publish(ctx context.Context, messages []Message) ([]int64, error) {
	ctx, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()
	byTopic := map[string][]Message{}
	for _, m := range messages {
		byTopic[m.Topic] = append(byTopic[m.Topic], m)
	}
	var (
		wg      sync.WaitGroup
		mu      sync.Mutex
		acked   []int64
		failure error
	)
	for topic, list := range byTopic {
		wg.Go(func() {
			done, err := p.inWaves(ctx, topic, list)
			mu.Lock()
			defer mu.Unlock()
			acked = append(acked, done...)
			if err != nil {
				failure = err
			}
		})
	}
	wg.Wait()
	return acked, failure
}

// inWaves sends one message of each user at a time, the next only when that is in the broker, and returns the ids
// that are. Of what is sent together a broker that comes and goes may take the second and refuse the first (Dapr's
// producer has five requests in flight and tries each again by itself). Sending both again would not help
// consumers: they keep the first of each, and those would be in the wrong order.
func (p *Publisher) inWaves(ctx context.Context, topic string, messages []Message) (acked []int64, failure error) {
	for len(messages) > 0 {
		now, later := wave(messages)
		failed, err := p.broker.Publish(ctx, topic, now)
		if err != nil {
			failure = err
		}
		blocked := map[uuid.UUID]bool{}
		for _, m := range now {
			if failed[m.ID] {
				blocked[m.UserID] = true
			} else {
				acked = append(acked, m.ID)
			}
		}
		messages = slices.DeleteFunc(later, func(m Message) bool { return blocked[m.UserID] })
	}
	return acked, failure
}

// wave parts the first message of each user from the others; both keep their order.
func wave(messages []Message) (first, others []Message) {
	seen := make(map[uuid.UUID]bool, len(messages))
	first = make([]Message, 0, len(messages))
	for _, m := range messages {
		if seen[m.UserID] {
			others = append(others, m)
		} else {
			seen[m.UserID] = true
			first = append(first, m)
		}
	}
	return first, others
}

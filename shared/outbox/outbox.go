// Package outbox publishes committed events to the broker: at least once and in each user's order, whichever process dies. A row
// is deleted only when the broker has it. Publishers of any number of processes may run at the same time: each works on the
// shards whose lock it gets, so no two publish for one user at once.
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
	// CommittedAt is when the row was written.
	CommittedAt time.Time
}

// Broker publishes messages to one topic in order. It returns the ids of those that may not be in the broker, with the reason;
// nil if all are.
type Broker interface {
	Publish(ctx context.Context, topic string, messages []Message) (failed map[int64]bool, err error)
}

// Store is the outbox table.
type Store interface {
	// Drain locks the shards of the users, passes up to each of every user's oldest rows to publish, and deletes the rows whose
	// ids publish returns.
	Drain(ctx context.Context, users []uuid.UUID, each int, publish func(context.Context, []Message) []int64) (Drained, error)
	// Stale returns the users with a row older than age.
	Stale(ctx context.Context, age time.Duration) ([]uuid.UUID, error)
}

// Drained is what a Drain left behind.
type Drained struct {
	Locked []uuid.UUID // users whose shard another publisher has locked
	More   []uuid.UUID // users who have, or may have, more rows
}

// Batch is about how many rows are published at once: large enough to share the cost of a call to the sidecar, small enough to
// limit the sidecar's memory.
const Batch = 500

// A batch takes rows of up to maxUsers users, the same number of each, at most maxEach. It ends after minTurn if other users
// are waiting: long enough that the fixed cost of a batch is small, short enough that a wait of three batches behind a backlog
// is not noticeable.
const (
	maxUsers = 250
	maxEach  = 256
	minTurn  = 75 * time.Millisecond
)

// each is how many rows per user a batch of so many users takes.
func each(users int) int { return min(Batch/max(1, users), maxEach) }

// publishTimeout bounds one call to the sidecar, during which the transaction that holds the locks is open.
const publishTimeout = 10 * time.Second

// Publisher drains the outbox of the users that it is notified of, round-robin: a user with a backlog gets one batch, then all
// waiting users get theirs.
type Publisher struct {
	store   Store
	broker  Broker
	checked bool // for rows that a killed predecessor left

	mu      sync.Mutex
	queue   []uuid.UUID // next user first
	waiting map[uuid.UUID]bool
	behind  bool // the last batch left rows of its users
	wake    chan struct{}
}

// NewPublisher returns a Publisher that first publishes what a killed predecessor left.
func NewPublisher(store Store, broker Broker) *Publisher {
	p := &Publisher{store: store, broker: broker, waiting: map[uuid.UUID]bool{}, wake: make(chan struct{}, 1)}
	p.wake <- struct{}{}
	return p
}

// Committed notifies the publisher that users have new rows.
func (p *Publisher) Committed(users ...uuid.UUID) {
	p.mu.Lock()
	for _, user := range users {
		if !p.waiting[user] {
			p.waiting[user] = true
			p.queue = append(p.queue, user)
		}
	}
	p.mu.Unlock()
	p.stir()
}

func (p *Publisher) stir() {
	select {
	case p.wake <- struct{}{}:
	default: // already awake
	}
}

// take returns the next users and removes them from the queue.
func (p *Publisher) take() []uuid.UUID {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := min(len(p.queue), maxUsers)
	users := slices.Clone(p.queue[:n])
	if p.queue = p.queue[n:]; len(p.queue) == 0 {
		p.queue = nil
	}
	for _, user := range users {
		delete(p.waiting, user)
	}
	return users
}

func (p *Publisher) othersWait() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.queue) > 0
}

// Pauses after a failure, and while another publisher holds the lock.
const (
	minBackoff = 50 * time.Millisecond
	maxBackoff = 2 * time.Second
	lockWait   = 5 * time.Millisecond
)

// gather is the pause after a batch, in which the next one collects: the first event is published at once, and under load many
// events share a transaction and a call to the sidecar, which cost the same for one event as for many. It is longer than
// lockWait, so that a publisher in another process can get the shard of a user with a backlog in between.
const gather = 8 * time.Millisecond

// calm is the pause instead while few users wait. What consumers do with an event takes longer than that, and open screens do not
// wait for it: the gateway has a faster sign of most changes.
const calm = 100 * time.Millisecond

// busy are so many waiting users that the next batch begins after gather.
const busy = 100

// Run publishes until ctx is done.
func (p *Publisher) Run(ctx context.Context) {
	backoff, failing := minBackoff, false
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		}
		locked, err := p.round(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			if !failing {
				slog.Warn("publishing is failing; events wait in the outbox", "error", err)
			}
			failing = true
			wait(ctx, backoff)
			p.stir()
			backoff = min(2*backoff, maxBackoff)
		default:
			if failing {
				slog.Info("publishing again")
			}
			backoff, failing = minBackoff, false
			if len(locked) > 0 {
				wait(ctx, lockWait)
				p.Committed(locked...)
			}
			wait(ctx, p.pause())
		}
	}
}

// pause is how long to wait after a batch.
func (p *Publisher) pause() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queue) >= busy || p.behind {
		return gather
	}
	return calm
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// round publishes one batch of the next users, and returns the users whose shard another publisher has locked.
func (p *Publisher) round(ctx context.Context) (locked []uuid.UUID, err error) {
	if !p.checked {
		left, err := p.store.Stale(ctx, 0)
		if err != nil {
			return nil, err
		}
		p.checked = true
		p.Committed(left...)
	}
	users := p.take()
	if len(users) == 0 {
		return nil, nil
	}
	d, err := p.drain(ctx, users)
	if err != nil {
		p.Committed(users...)
		return nil, err
	}
	p.mu.Lock()
	p.behind = len(d.More)+len(d.Locked) > 0
	p.mu.Unlock()
	p.Committed(d.More...)
	if p.othersWait() {
		p.stir()
	}
	return d.Locked, nil
}

// drain publishes one batch.
func (p *Publisher) drain(ctx context.Context, users []uuid.UUID) (Drained, error) {
	var failure error
	d, err := p.store.Drain(ctx, users, each(len(users)), func(ctx context.Context, messages []Message) (acked []int64) {
		acked, failure = p.publish(ctx, messages)
		return acked
	})
	if err == nil {
		err = failure
	}
	return d, err
}

// DrainStale publishes rows older than age, which a killed process left. It returns when that is done, or has failed. Users with
// stale rows are listed before each batch: those of others must not wait for the end of one user's backlog. Like Run it pauses
// after a batch, so that publishers of other processes get the shards that they wait for.
func (p *Publisher) DrainStale(ctx context.Context, age time.Duration) error {
	busy := map[uuid.UUID]bool{} // another publisher is at work in the user's shard
	for {
		users, err := p.store.Stale(ctx, age)
		if err != nil {
			return err
		}
		users = slices.DeleteFunc(users, func(user uuid.UUID) bool { return busy[user] })
		if len(users) == 0 {
			return nil
		}
		d, err := p.drain(ctx, users[:min(len(users), maxUsers)])
		if err != nil {
			return err
		}
		for _, user := range d.Locked {
			busy[user] = true
		}
		wait(ctx, gather)
	}
}

// publish sends the messages, each user's in order and the topics in parallel, and returns the ids of the published ones.
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
			done, err := p.inRounds(ctx, topic, list)
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

// inRounds sends one message of each user per round, the next only when that is in the broker, and returns the ids of the
// published ones. If several messages of a user were sent together, an unstable broker could accept the second and refuse the
// first (Dapr's producer has five requests in flight and retries each separately). Sending both again would not help, because
// consumers keep the first delivery of each. If other users are waiting, messages left after minTurn stay for the next batch.
func (p *Publisher) inRounds(ctx context.Context, topic string, messages []Message) (acked []int64, failure error) {
	for begun := time.Now(); len(messages) > 0 && (time.Since(begun) < minTurn || !p.othersWait()); {
		now, later := nextRound(messages)
		failed, err := p.send(ctx, topic, now)
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

// nextRound splits off the first message of each user; both results keep their order.
func nextRound(messages []Message) (first, others []Message) {
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

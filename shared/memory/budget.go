// Package memory bounds the memory of concurrent requests, so that no mix of them makes a function exceed its limit. Small
// requests are free and never wait; large bodies and responses reserve bytes of a budget.
package memory

import (
	"container/list"
	"context"
	"math"
	"runtime/debug"
	"sync"
	"time"

	"taskwire.dev/shared/fault"
)

// Budget is the number of bytes that large requests may hold in total. An owner, the user if known, gets at most a quarter of it,
// or one larger request; owners are served round-robin.
type Budget struct {
	size    int64
	timeout time.Duration

	mu     sync.Mutex
	free   int64
	held   map[string]int64         // by owner
	queues map[string]*list.Element // of turns, by owner
	turns  *list.List               // of *queue: the waiting owners, next one first
	count  int
}

type queue struct {
	owner   string
	waiting list.List // of *waiter
}

type waiter struct {
	bytes   int64
	granted chan struct{}
}

// Limits of the queues.
const (
	timeout    = 5 * time.Second
	maxWaiting = 64 // requests; at most a quarter of them of one owner
	fraction   = 4  // an owner gets at most 1/fraction
)

// NewBudget returns a Budget of that many bytes.
func NewBudget(size int64) *Budget {
	return &Budget{
		size: size, free: size, timeout: timeout,
		held: map[string]int64{}, queues: map[string]*list.Element{}, turns: list.New(),
	}
}

// Process is the budget of this process: half of GOMEMLIMIT, which func.yaml sets below the function's memory limit. The other
// half is for the process itself, small requests and garbage.
var Process = sync.OnceValue(func() *Budget {
	limit := debug.SetMemoryLimit(-1) // only reads
	if limit == math.MaxInt64 {
		limit = 1 << 30
	}
	return NewBudget(limit / 2)
})

func busy() error {
	return &fault.Error{
		Code: fault.Unavailable, Detail: "too many large requests at the same time; try again later",
		RetryAfter: 2 * time.Second,
	}
}

// tryAcquire takes bytes for owner if they are free now and no other request is waiting.
func (b *Budget) tryAcquire(owner string, bytes int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for at := b.turns.Front(); at != nil; at = at.Next() {
		if at.Value.(*queue).waiting.Front().Value.(*waiter).bytes > b.free {
			return false
		}
	}
	return b.take(owner, bytes)
}

// take takes bytes if they are free and within the owner's share. mu is held.
func (b *Budget) take(owner string, bytes int64) bool {
	held := b.held[owner]
	if bytes > b.free || held > 0 && held+bytes > b.size/fraction {
		return false
	}
	b.free -= bytes
	b.held[owner] = held + bytes
	return true
}

// acquire takes bytes for owner, waiting for the owner's turn if necessary.
func (b *Budget) acquire(ctx context.Context, owner string, bytes int64) error {
	b.mu.Lock()
	at := b.queues[owner]
	if at == nil {
		at = b.turns.PushBack(&queue{owner: owner})
		b.queues[owner] = at
	}
	q := at.Value.(*queue)
	if b.count >= maxWaiting || q.waiting.Len() >= maxWaiting/fraction {
		b.forget(at)
		b.mu.Unlock()
		return busy()
	}
	w := &waiter{bytes: bytes, granted: make(chan struct{})}
	place := q.waiting.PushBack(w)
	b.count++
	b.grant()
	b.mu.Unlock()

	timer := time.NewTimer(b.timeout)
	defer timer.Stop()
	var err error
	select {
	case <-w.granted:
		return nil
	case <-ctx.Done():
		err = fault.Wrap(fault.Unavailable, ctx.Err(), "the request was canceled")
	case <-timer.C:
		err = busy()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-w.granted: // granted at the same time
		return nil
	default:
	}
	q.waiting.Remove(place)
	b.count--
	b.forget(at)
	b.grant() // this request may have blocked the next ones
	return err
}

// forget removes an owner without waiting requests from the turns. mu is held.
func (b *Budget) forget(at *list.Element) {
	if q := at.Value.(*queue); q.waiting.Len() == 0 && b.queues[q.owner] == at {
		b.turns.Remove(at)
		delete(b.queues, q.owner)
	}
}

// release returns bytes and wakes waiting requests.
func (b *Budget) release(owner string, bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free += bytes
	if b.held[owner] -= bytes; b.held[owner] <= 0 {
		delete(b.held, owner)
	}
	b.grant()
}

// grant serves owners in turn as long as the next owner below its share finds enough free bytes. It stops there, so that small
// requests cannot overtake a large one forever. mu is held.
func (b *Budget) grant() {
	for at := b.turns.Front(); at != nil; {
		q, next := at.Value.(*queue), at.Next()
		first := q.waiting.Front()
		w := first.Value.(*waiter)
		switch {
		case b.take(q.owner, w.bytes):
			q.waiting.Remove(first)
			b.count--
			close(w.granted)
			if q.waiting.Len() == 0 {
				b.forget(at)
			} else {
				b.turns.MoveToBack(at)
				if next == nil {
					next = at
				}
			}
		case w.bytes > b.free:
			return
		}
		at = next // this owner has its share: next owner
	}
}

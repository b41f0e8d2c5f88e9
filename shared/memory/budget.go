// Package memory bounds what requests hold in memory at a time, so that no mix of them brings a function to its memory
// limit. Small requests are free and wait for nothing; large bodies and large answers reserve their share of a budget.
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

// Budget is how many bytes large requests may hold together. An owner, the user where one is known, has at most a
// quarter of it, or one request that is larger than that; owners take turns.
type Budget struct {
	size    int64
	timeout time.Duration

	mu     sync.Mutex
	free   int64
	held   map[string]int64         // by owner
	queues map[string]*list.Element // of turns, by owner
	turns  *list.List               // of *queue: the owners that wait, the next one first
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

// Bounds of the waiting.
const (
	timeout    = 5 * time.Second
	maxWaiting = 64 // requests; a quarter of them of one owner
	fraction   = 4  // an owner's part is one of so many
)

// NewBudget returns a Budget of that many bytes.
func NewBudget(size int64) *Budget {
	return &Budget{
		size: size, free: size, timeout: timeout,
		held: map[string]int64{}, queues: map[string]*list.Element{}, turns: list.New(),
	}
}

// Process is the budget of this process: half of GOMEMLIMIT, which func.yaml sets below the function's memory limit.
// The other half is for what every process has, for small requests, and for garbage.
var Process = sync.OnceValue(func() *Budget {
	limit := debug.SetMemoryLimit(-1) // only asks
	if limit == math.MaxInt64 {
		limit = 1 << 30
	}
	return NewBudget(limit / 2)
})

func busy() error {
	return &fault.Error{
		Code: fault.Unavailable, Detail: "more large requests at a time than this function has memory for; try again later",
		RetryAfter: 2 * time.Second,
	}
}

// tryAcquire takes bytes for owner if that is possible at once, and nobody waits for the bytes.
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

// take takes bytes if they are free and owner may have them. mu is held.
func (b *Budget) take(owner string, bytes int64) bool {
	held := b.held[owner]
	if bytes > b.free || held > 0 && held+bytes > b.size/fraction {
		return false
	}
	b.free -= bytes
	b.held[owner] = held + bytes
	return true
}

// acquire takes bytes for owner, and waits for them until it is the owner's turn.
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
		err = fault.Wrap(fault.Unavailable, ctx.Err(), "the request was given up")
	case <-timer.C:
		err = busy()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-w.granted: // just now
		return nil
	default:
	}
	q.waiting.Remove(place)
	b.count--
	b.forget(at)
	b.grant() // this one may have been what the next ones waited behind
	return err
}

// forget takes an owner who waits for nothing out of the turns. mu is held.
func (b *Budget) forget(at *list.Element) {
	if q := at.Value.(*queue); q.waiting.Len() == 0 && b.queues[q.owner] == at {
		b.turns.Remove(at)
		delete(b.queues, q.owner)
	}
}

// release gives bytes back and lets others go on.
func (b *Budget) release(owner string, bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free += bytes
	if b.held[owner] -= bytes; b.held[owner] <= 0 {
		delete(b.held, owner)
	}
	b.grant()
}

// grant serves the owners in turn, as long as the next one that may have more finds enough. One that waits for much is
// not overtaken for ever by those who want little: nobody behind it is served before it. mu is held.
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
		at = next // this owner has its part: the next one's turn
	}
}

package account

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"taskwire.dev/shared/fault"
)

// client is the source of a password to hash: a network address, and the account that it tries.
type client struct {
	address string
	account string // the key of the email address, whether or not such an account exists
	known   bool   // the account has logged in from there before
}

// queue hands out the slots in which passwords are hashed. It is bounded, and fair between clients: an address has at
// most a quarter of all places, running and waiting, and so has an account. Strangers have at most three quarters of an
// account's places, so that they cannot keep the owner out, and one address at most a quarter, so that a flood on one
// account leaves room for others in the same office. A free slot goes to the client that was served least recently, by
// both its address and its account. So a flood, whether from one address or from hundreds, delays others by a hash or
// two.
type queue struct {
	mu      sync.Mutex
	slots   int // that are free
	quarter int // of all places
	waiting []*waiter
	places  map[string]int // that are taken, by key
	turn    uint64
	served  *simplelru.LRU[string, uint64] // the turn in which an address or account was last served, by key
}

// maxWaiting is how many may wait for a slot. A hash takes some 30 ms, so a client behind that many would give up
// anyway, and is rejected at once.
const maxWaiting = 64

// rememberClients is how many addresses and accounts are remembered. A forgotten one counts as never served.
const rememberClients = 4096

type waiter struct {
	address, account string // keys
	known            bool
	shares           []share
	ticket           uint64 // order of arrival
	done             chan error
}

// share is how many places all clients with the same key may take.
type share struct {
	key   string
	limit int
}

// errFull is the fault for a client that has its share of the places.
var errFull = &fault.Error{Code: fault.RateLimited, Detail: "too many sign-ins at the same time; try again in a moment", RetryAfter: time.Second}

func (q *queue) waiter(c client) *waiter {
	w := &waiter{address: "address " + c.address, account: "account " + c.account, known: c.known, done: make(chan error, 1)}
	w.shares = []share{
		{w.address, q.quarter}, {w.account, q.quarter}, {w.account + " at " + c.address, q.quarter / 4},
	}
	if !c.known {
		w.shares = append(w.shares, share{"strangers to " + w.account, q.quarter * 3 / 4})
	}
	return w
}

func newQueue(slots int) *queue {
	served, err := simplelru.NewLRU[string, uint64](rememberClients, nil)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &queue{slots: slots, quarter: (slots + maxWaiting) / 4, places: map[string]int{}, served: served}
}

// admits returns errFull if c has its share of the places.
func (q *queue) admits(c client) error {
	w := q.waiter(c)
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.full(w)
}

// full returns errFull if w has its share of the places.
func (q *queue) full(w *waiter) error {
	for _, s := range w.shares {
		if q.places[s.key] >= s.limit {
			return errFull
		}
	}
	return nil
}

// enter waits for a slot; the caller gives it back with leave. It is RateLimited when the client has its share of the
// places, and Unavailable when too many others wait.
func (q *queue) enter(ctx context.Context, c client) (leave func(), err error) {
	w := q.waiter(c)
	if err := q.join(w); err != nil {
		return nil, err
	}
	select {
	case err := <-w.done:
		if err != nil {
			return nil, err
		}
		return func() { q.leave(w) }, nil
	case <-ctx.Done():
		if !q.forget(w) {
			if err := <-w.done; err == nil { // served at this very moment
				q.leave(w)
			}
		}
		return nil, busy(ctx.Err())
	}
}

// join takes a place for w, and a slot when one is free.
func (q *queue) join(w *waiter) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.full(w); err != nil {
		return err
	}
	q.turn++
	w.ticket = q.turn
	if q.slots == 0 && len(q.waiting) == maxWaiting {
		last := q.waiting[0]
		for _, other := range q.waiting[1:] {
			if q.before(last, other) {
				last = other
			}
		}
		if !q.before(w, last) {
			return busy(nil)
		}
		q.remove(last)
		q.release(last)
		last.done <- busy(nil)
	}
	for _, s := range w.shares {
		q.places[s.key]++
	}
	q.waiting = append(q.waiting, w)
	q.serve()
	return nil
}

// serve gives free slots to waiting clients.
func (q *queue) serve() {
	for ; q.slots > 0 && len(q.waiting) > 0; q.slots-- {
		next := q.waiting[0]
		for _, other := range q.waiting[1:] {
			if q.before(other, next) {
				next = other
			}
		}
		q.remove(next)
		q.turn++
		q.served.Add(next.address, q.turn)
		q.served.Add(next.account, q.turn)
		next.done <- nil
	}
}

// before reports whether v is served before w: first by when the more recently served of address and account was
// served, then by the other of them, then known clients first, then by arrival.
func (q *queue) before(v, w *waiter) bool {
	vLate, vEarly := q.lastServed(v)
	wLate, wEarly := q.lastServed(w)
	switch {
	case vLate != wLate:
		return vLate < wLate
	case vEarly != wEarly:
		return vEarly < wEarly
	case v.known != w.known:
		return v.known
	}
	return v.ticket < w.ticket
}

func (q *queue) lastServed(w *waiter) (late, early uint64) {
	address, _ := q.served.Peek(w.address)
	account, _ := q.served.Peek(w.account)
	return max(address, account), min(address, account)
}

// leave gives back the slot of w.
func (q *queue) leave(w *waiter) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.release(w)
	q.slots++
	q.serve()
}

// forget removes w from the waiting ones, and reports whether it was still waiting.
func (q *queue) forget(w *waiter) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.remove(w) {
		return false
	}
	q.release(w)
	return true
}

// remove removes w from the waiting ones.
func (q *queue) remove(w *waiter) bool {
	for i, other := range q.waiting {
		if other == w {
			q.waiting = append(q.waiting[:i], q.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// release gives back the places of w.
func (q *queue) release(w *waiter) {
	for _, s := range w.shares {
		if q.places[s.key]--; q.places[s.key] == 0 {
			delete(q.places, s.key)
		}
	}
}

func busy(err error) error {
	return &fault.Error{Code: fault.Unavailable, Detail: "too many sign-ins at the moment; try again soon", RetryAfter: 2 * time.Second, Cause: err}
}

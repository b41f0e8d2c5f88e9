package memory

import (
	"context"
	"sync"
)

// Lease is what one request has reserved. A request may use it from one goroutine at a time.
type Lease struct {
	budget *Budget
	mu     sync.Mutex
	owner  string
	held   int64
}

type leaseKey struct{}

// Begin returns the context of a request, and its Lease, which the caller must End.
func (b *Budget) Begin(ctx context.Context) (context.Context, *Lease) {
	l := &Lease{budget: b}
	return context.WithValue(ctx, leaseKey{}, l), l
}

// End returns everything that the request has reserved.
func (l *Lease) End() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held > 0 {
		l.budget.release(l.owner, l.held)
		l.held = 0
	}
}

func of(ctx context.Context) *Lease {
	l, _ := ctx.Value(leaseKey{}).(*Lease)
	return l
}

// Identify sets the owner of the request, before it reserves anything. All requests without an owner share one share.
func Identify(ctx context.Context, owner string) {
	if l := of(ctx); l != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.held == 0 {
			l.owner = owner
		}
	}
}

// Reserve makes the request of ctx hold at least that many bytes, waiting for them if necessary. It returns an Unavailable fault
// after too long a wait. A request that needs more than the whole budget gets all of it. Outside a request, or if the request
// holds that much already, it does nothing.
func Reserve(ctx context.Context, bytes int64) error {
	l := of(ctx)
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	more := min(bytes, l.budget.size) - l.held
	if more <= 0 {
		return nil
	}
	if l.held > 0 {
		// Two requests that each hold some bytes and wait for more would deadlock.
		l.budget.release(l.owner, l.held)
		more, l.held = more+l.held, 0
	}
	if err := l.budget.acquire(ctx, l.owner, more); err != nil {
		return err
	}
	l.held = more
	return nil
}

// TryReserve is Reserve without waiting: it reports whether the request may hold that many bytes.
func TryReserve(ctx context.Context, bytes int64) bool {
	l := of(ctx)
	if l == nil {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	more := bytes - l.held
	if more > 0 {
		if !l.budget.tryAcquire(l.owner, more) {
			return false
		}
		l.held += more
	}
	return true
}

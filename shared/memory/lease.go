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

// Begin returns the context of a request, and its Lease, which must be ended.
func (b *Budget) Begin(ctx context.Context) (context.Context, *Lease) {
	l := &Lease{budget: b}
	return context.WithValue(ctx, leaseKey{}, l), l
}

// End gives back all that the request has reserved.
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

// Identify tells whose the request is, before it reserves anything. Without it all such requests share one part.
func Identify(ctx context.Context, owner string) {
	if l := of(ctx); l != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.held == 0 {
			l.owner = owner
		}
	}
}

// Reserve has the request of ctx hold at least that many bytes, and waits for them. It reports an Unavailable fault
// when it has waited too long. A request that needs more than the whole budget gets all of it. Outside a request, and
// for what is held already, it does nothing.
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
		// Two requests that each hold a part and wait for the rest would wait for each other.
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

// Package ratelimit implements rate limits with the generic cell rate algorithm, which stores one instant per key and has no
// fixed windows.
package ratelimit

import (
	"context"
	"sync"
	"time"
)

// Limit allows Burst at once, and one more after each Every.
type Limit struct {
	Burst int
	Every time.Duration
}

// PerHour allows n per hour, possibly all at once.
func PerHour(n int) Limit { return Limit{Burst: n, Every: time.Hour / time.Duration(max(1, n))} }

// Limiter counts uses by key.
type Limiter interface {
	// Take counts one use of key. If limit does not allow it, it counts nothing and returns how long to wait.
	Take(ctx context.Context, key string, limit Limit) (wait time.Duration)
	// Wait returns what Take would return, without counting.
	Wait(ctx context.Context, key string, limit Limit) time.Duration
	// Restart counts one use of key, whether or not limit allows it, and forgets the uses before.
	Restart(ctx context.Context, key string, limit Limit)
}

// Local is a Limiter of one process.
type Local struct {
	mu   sync.Mutex
	full map[string]time.Time // when the key has its full burst again (GCRA's theoretical arrival time)
	next time.Time            // when to remove keys that need not be stored
}

// NewLocal returns a Limiter of one process.
func NewLocal() *Local { return &Local{full: map[string]time.Time{}} }

// Take implements Limiter.
func (l *Local) Take(_ context.Context, key string, limit Limit) time.Duration {
	return l.ask(key, limit, true)
}

// Wait implements Limiter.
func (l *Local) Wait(_ context.Context, key string, limit Limit) time.Duration {
	return l.ask(key, limit, false)
}

// Restart implements Limiter.
func (l *Local) Restart(_ context.Context, key string, limit Limit) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.forget(now)
	l.full[key] = now.Add(limit.Every)
}

func (l *Local) ask(key string, limit Limit, take bool) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.forget(now)
	full := later(l.full[key], now).Add(limit.Every)
	if wait := full.Sub(now) - time.Duration(limit.Burst)*limit.Every; wait > 0 {
		return wait
	}
	if take {
		l.full[key] = full
	}
	return 0
}

// forget removes, once a minute, the keys that have their full burst again.
func (l *Local) forget(now time.Time) {
	if now.Before(l.next) {
		return
	}
	l.next = now.Add(time.Minute)
	for key, full := range l.full {
		if !full.After(now) {
			delete(l.full, key)
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

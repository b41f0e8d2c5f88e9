package memory

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"taskwire.dev/shared/fault"
)

func request(t *testing.T, b *Budget, owner string) (context.Context, *Lease) {
	t.Helper()
	ctx, lease := b.Begin(t.Context())
	Identify(ctx, owner)
	return ctx, lease
}

// TestBudget_NeverMoreThanItHas: for random requests of random owners, no more is held than the budget, and all requests finish.
func TestBudget_NeverMoreThanItHas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(1000)
		b.timeout = time.Hour
		var holds, most atomic.Int64
		var running sync.WaitGroup
		for i := range 60 {
			running.Go(func() {
				ctx, lease := request(t, b, string(rune('a'+i%7)))
				defer lease.End()
				n := int64(1 + i*37%1200)
				if err := Reserve(ctx, n); err != nil {
					t.Error(err)
					return
				}
				now := holds.Add(min(n, 1000))
				for m := most.Load(); now > m && !most.CompareAndSwap(m, now); m = most.Load() {
				}
				time.Sleep(time.Second)
				holds.Add(-min(n, 1000))
			})
		}
		running.Wait()
		if most.Load() > 1000 || b.free != 1000 || len(b.held) != 0 || b.turns.Len() != 0 || b.count != 0 {
			t.Errorf("held %d at most; left: %d free, %v held, %d wait", most.Load(), b.free, b.held, b.count)
		}
	})
}

// TestBudget_OneOwnerHasAQuarter: while one owner has many requests, another owner's large request is served at once, or next if
// the budget is used up.
func TestBudget_OneOwnerHasAQuarter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(1000)
		b.timeout = time.Hour
		crowd := func(bytes int64) (stop func()) {
			ctx, cancel := context.WithCancel(t.Context())
			var running sync.WaitGroup
			for range 16 {
				running.Go(func() {
					ctx, lease := b.Begin(ctx)
					Identify(ctx, "heavy")
					defer lease.End()
					if Reserve(ctx, bytes) == nil {
						select {
						case <-time.After(time.Second):
						case <-ctx.Done():
						}
					}
				})
			}
			synctest.Wait()
			return func() { cancel(); running.Wait() }
		}
		stop := crowd(100)
		if b.held["heavy"] != 200 {
			t.Errorf("the heavy owner has %d of 1000", b.held["heavy"])
		}
		ctx, lease := request(t, b, "other")
		started := time.Now()
		if err := Reserve(ctx, 750); err != nil || time.Since(started) > 0 {
			t.Errorf("%v after %v", err, time.Since(started))
		}
		lease.End()
		stop()

		stop = crowd(1000) // each takes the whole budget
		ctx, lease = request(t, b, "other")
		started = time.Now()
		if err := Reserve(ctx, 1000); err != nil || time.Since(started) > 2*time.Second {
			t.Errorf("%v after %v: not the next one", err, time.Since(started))
		}
		lease.End()
		stop()
	})
}

// TestBudget_WaitsBounded: both the waiting time and the number of waiting requests are bounded.
func TestBudget_WaitsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(1000)
		ctx, lease := request(t, b, "a")
		if err := Reserve(ctx, 5000); err != nil {
			t.Fatal(err) // more than the budget: all of it
		}
		var refused, late atomic.Int64
		var running sync.WaitGroup
		for range 20 {
			running.Go(func() {
				ctx, lease := request(t, b, "b")
				defer lease.End()
				started := time.Now()
				if err := Reserve(ctx, 1); !fault.Is(err, fault.Unavailable) || fault.From(err).RetryAfter == 0 {
					t.Errorf("%v", err)
				} else if time.Since(started) == 0 {
					refused.Add(1)
				} else if time.Since(started) == timeout {
					late.Add(1)
				}
			})
		}
		running.Wait()
		if refused.Load() != 4 || late.Load() != 16 {
			t.Errorf("%d refused at once, %d after the timeout", refused.Load(), late.Load())
		}
		if ctx, small := request(t, b, "c"); TryReserve(ctx, 1) {
			t.Error("reserved although nothing is free")
		} else {
			small.End()
		}
		lease.End()
		ctx, lease = request(t, b, "c")
		if !TryReserve(ctx, 100) || !TryReserve(ctx, 250) || TryReserve(ctx, 251) || b.free != 750 {
			t.Errorf("%d free", b.free)
		}
		lease.End()
		if b.free != 1000 || len(b.held) != 0 || b.count != 0 {
			t.Errorf("%d free, %v held", b.free, b.held)
		}
	})
}

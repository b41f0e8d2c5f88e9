package redis_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"taskwire.dev/shared/eventually"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/redis"
	"taskwire.dev/shared/redis/redistest"
)

func newLimiter(t *testing.T, server *redistest.Server) *redis.Limiter {
	t.Helper()
	client, err := redis.Open(redis.Config{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return redis.NewLimiter(client, "test:")
}

// Concurrent callers of ten replicas get exactly the burst, and the next one waits for one interval.
func TestLimiter_SharedByReplicas(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	limit := ratelimit.Limit{Burst: 20, Every: time.Hour}
	var got atomic.Int32
	var wg sync.WaitGroup
	for range 10 {
		l := newLimiter(t, server)
		for range 5 {
			wg.Go(func() {
				if l.Take(t.Context(), "k", limit) == 0 {
					got.Add(1)
				}
			})
		}
	}
	wg.Wait()
	if got.Load() != 20 {
		t.Errorf("%d were allowed, want 20", got.Load())
	}
	l := newLimiter(t, server)
	if wait := l.Take(t.Context(), "k", limit); wait < 59*time.Minute || wait > time.Hour {
		t.Errorf("the next waits %v, want about an hour", wait)
	}
	if wait := l.Wait(t.Context(), "other", limit); wait != 0 {
		t.Errorf("another key would wait %v", wait)
	}
	l.Restart(t.Context(), "k", limit)
	for range limit.Burst - 1 {
		if wait := l.Take(t.Context(), "k", limit); wait != 0 {
			t.Errorf("after a restart with one use another waits %v", wait)
		}
	}
	if l.Take(t.Context(), "k", limit) == 0 {
		t.Error("the restart did not count")
	}
}

func TestLimiter_RedisUnavailable_EachReplicaCounts(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	l := newLimiter(t, server)
	limit := ratelimit.Limit{Burst: 2, Every: time.Hour}
	if l.Take(t.Context(), "k", limit) != 0 {
		t.Fatal("the first was refused")
	}
	server.Stop()
	begin := time.Now()
	for i, want := range []bool{true, true, false} {
		if got := l.Take(t.Context(), "k", limit) == 0; got != want {
			t.Errorf("take %d while Redis is unavailable: %t, want %t", i, got, want)
		}
	}
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("three requests waited %v for Redis while it is unavailable", took)
	}
	server.Start(t)
	eventually.True(t, "Redis is used once it is available again", func() bool { return l.Take(t.Context(), "k", limit) == 0 })
}

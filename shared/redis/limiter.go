package redis

import (
	"context"
	_ "embed"
	"log/slog"
	"sync/atomic"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"taskwire.dev/shared/ratelimit"
)

//go:embed limiter.lua
var limiterSource string

var limiterScript = goredis.NewScript(limiterSource)

// retryAfter is how long Redis is left alone after it has failed.
const retryAfter = time.Second

// Limiter is a ratelimit.Limiter that all replicas share. While Redis is away each replica counts for itself:
// limits are then looser, but nobody is turned away, and nobody waits, because of Redis.
type Limiter struct {
	client *goredis.Client
	prefix string
	local  *ratelimit.Local
	away   atomic.Int64 // until when Redis is left alone, in Unix nanoseconds; 0 is not at all
}

// NewLimiter returns a Limiter whose keys start with prefix.
func NewLimiter(client *goredis.Client, prefix string) *Limiter {
	return &Limiter{client: client, prefix: prefix, local: ratelimit.NewLocal()}
}

// Take implements ratelimit.Limiter.
func (l *Limiter) Take(ctx context.Context, key string, limit ratelimit.Limit) time.Duration {
	wait, ok := l.run(ctx, key, limit, 1)
	if !ok {
		return l.local.Take(ctx, key, limit)
	}
	return wait
}

// Wait implements ratelimit.Limiter.
func (l *Limiter) Wait(ctx context.Context, key string, limit ratelimit.Limit) time.Duration {
	wait, ok := l.run(ctx, key, limit, 0)
	if !ok {
		return l.local.Wait(ctx, key, limit)
	}
	return wait
}

func (l *Limiter) run(ctx context.Context, key string, limit ratelimit.Limit, take int) (time.Duration, bool) {
	until := l.away.Load()
	if until > time.Now().UnixNano() {
		return 0, false
	}
	// Not bound to the caller: one who hangs up must neither go uncounted nor look like a Redis that is away.
	ctx = context.WithoutCancel(ctx)
	wait, err := limiterScript.Run(ctx, l.client, []string{l.prefix + key}, limit.Every.Microseconds(), limit.Burst, take).Int64()
	if err != nil {
		if l.away.Swap(time.Now().Add(retryAfter).UnixNano()) == 0 {
			slog.WarnContext(ctx, "redis is away, limits are counted by each replica", "error", err)
		}
		return 0, false
	}
	if until != 0 && l.away.CompareAndSwap(until, 0) {
		slog.InfoContext(ctx, "redis is back")
	}
	return time.Duration(wait) * time.Microsecond, true
}

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

// retryAfter is how long Redis is not called after it has failed.
const retryAfter = time.Second

// Limiter is a ratelimit.Limiter that all replicas share. While Redis is unavailable each replica counts separately: limits are
// then looser, but no request is refused or delayed because of Redis.
type Limiter struct {
	client *goredis.Client
	prefix string
	local  *ratelimit.Local
	away   atomic.Int64 // until when Redis is not called, in Unix nanoseconds; 0 while it is available
}

// NewLimiter returns a Limiter whose keys start with prefix.
func NewLimiter(client *goredis.Client, prefix string) *Limiter {
	return &Limiter{client: client, prefix: prefix, local: ratelimit.NewLocal()}
}

// Take implements ratelimit.Limiter.
func (l *Limiter) Take(ctx context.Context, key string, limit ratelimit.Limit) time.Duration {
	wait, ok := l.run(ctx, key, limit, "take")
	if !ok {
		return l.local.Take(ctx, key, limit)
	}
	return wait
}

// Wait implements ratelimit.Limiter.
func (l *Limiter) Wait(ctx context.Context, key string, limit ratelimit.Limit) time.Duration {
	wait, ok := l.run(ctx, key, limit, "wait")
	if !ok {
		return l.local.Wait(ctx, key, limit)
	}
	return wait
}

// Restart implements ratelimit.Limiter.
func (l *Limiter) Restart(ctx context.Context, key string, limit ratelimit.Limit) {
	if _, ok := l.run(ctx, key, limit, "restart"); !ok {
		l.local.Restart(ctx, key, limit)
	}
}

func (l *Limiter) run(ctx context.Context, key string, limit ratelimit.Limit, mode string) (time.Duration, bool) {
	until := l.away.Load()
	if until > time.Now().UnixNano() {
		return 0, false
	}
	// Independent of the caller's context: a client that disconnects must still be counted, and must not look like an outage of
	// Redis.
	ctx = context.WithoutCancel(ctx)
	wait, err := limiterScript.Run(ctx, l.client, []string{l.prefix + key}, limit.Every.Microseconds(), limit.Burst, mode).Int64()
	if err != nil {
		if l.away.Swap(time.Now().Add(retryAfter).UnixNano()) == 0 {
			slog.WarnContext(ctx, "redis is unavailable; each replica counts limits separately", "error", err)
		}
		return 0, false
	}
	if until != 0 && l.away.CompareAndSwap(until, 0) {
		slog.InfoContext(ctx, "redis is available again")
	}
	return time.Duration(wait) * time.Microsecond, true
}

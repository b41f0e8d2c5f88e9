// Package redis uses Redis directly, for operations that Dapr's state API does not have. Its contents may be lost at any time:
// correctness must not depend on them.
package redis

import (
	"context"
	"time"

	"github.com/redis/go-redis/extra/redisotel/v9"
	goredis "github.com/redis/go-redis/v9"

	"taskwire.dev/shared/telemetry"
)

// Config is the Redis that a function uses.
type Config struct {
	URL string `env:"REDIS_URL,required"`
}

// The client would log every failed connection; callers log what it means.
func init() { goredis.SetLogger(silent{}) }

type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}

// Open returns a client. It does not connect yet. Redis is optional, so calls fail fast: a request must not wait for Redis while
// it is unavailable.
func Open(c Config) (*goredis.Client, error) {
	options, err := goredis.ParseURL(c.URL)
	if err != nil {
		return nil, err
	}
	options.DialTimeout = 500 * time.Millisecond
	options.ReadTimeout = 500 * time.Millisecond
	options.WriteTimeout = 500 * time.Millisecond
	options.PoolTimeout = 500 * time.Millisecond
	options.DialerRetries = 1
	options.MaxRetries = -1
	options.PoolSize = 10
	// Commands are short; the default of 32 KiB per direction and connection would waste memory.
	options.ReadBufferSize, options.WriteBufferSize = 4<<10, 4<<10
	client := goredis.NewClient(options)
	if telemetry.Tracing() {
		if err := redisotel.InstrumentTracing(client, redisotel.WithDBStatement(false)); err != nil {
			return nil, err
		}
	}
	if telemetry.Measuring() {
		if err := redisotel.InstrumentMetrics(client); err != nil {
			return nil, err
		}
	}
	return client, nil
}

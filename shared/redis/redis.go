// Package redis reaches Redis directly, for what Dapr's state API has no word for. What is kept here may
// vanish at any time: nothing may depend on it for being right.
package redis

import (
	"context"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// Config says which Redis a function uses.
type Config struct {
	URL string `env:"REDIS_URL,required"`
}

// The client would log each failed connection by itself; callers know better what it means.
func init() { goredis.SetLogger(silent{}) }

type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}

// Open returns a client. It does not connect yet. Redis only helps, so a call to it fails fast: a request
// must not wait for a Redis that is away.
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
	// What is sent here is short; 32 KiB for each direction of each connection would be for nothing.
	options.ReadBufferSize, options.WriteBufferSize = 4<<10, 4<<10
	return goredis.NewClient(options), nil
}

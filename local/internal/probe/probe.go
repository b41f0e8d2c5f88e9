// Package probe asks a part whether it is healthy. The address says how:
//
//	http://host:port/path       answers 2xx
//	tcp://host:port             accepts a connection
//	postgres://…                answers a query
//	redis://:password@host:port answers PING
//	kafka://host:port           answers a request for its API versions
package probe

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Checker probes one part repeatedly, over one connection where that is cheaper.
type Checker struct {
	address  string
	postgres *pgx.Conn
	redis    *redis.Client
	kafka    *kgo.Client
}

// client has no keep-alive: a probe over an old connection proves nothing about new ones.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// Check returns nil when the part is healthy. No error contains a password.
func (c *Checker) Check(ctx context.Context, address string) error {
	if c.address != address {
		c.Close()
		c.address = address
	}
	target, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("bad probe address")
	}
	switch target.Scheme {
	case "http":
		return get(ctx, address)
	case "tcp":
		return dial(ctx, target.Host)
	case "postgres", "postgresql":
		return c.query(ctx, address)
	case "redis":
		return c.ping(ctx, address)
	case "kafka":
		return c.versions(ctx, target.Host)
	}
	return fmt.Errorf("unknown probe %q", target.Scheme)
}

// Close drops open connections.
func (c *Checker) Close() {
	if c.postgres != nil {
		_ = c.postgres.Close(context.Background())
	}
	if c.redis != nil {
		_ = c.redis.Close()
	}
	if c.kafka != nil {
		c.kafka.Close()
	}
	*c = Checker{}
}

func get(ctx context.Context, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	body, _ := io.ReadAll(io.LimitReader(response.Body, 200))
	if response.StatusCode >= 300 {
		return fmt.Errorf("%s: %s", response.Status, bytes.TrimSpace(body))
	}
	return nil
}

func dial(ctx context.Context, host string) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", host)
	if err != nil {
		return err
	}
	return conn.Close()
}

func (c *Checker) query(ctx context.Context, address string) error {
	if c.postgres == nil {
		conn, err := pgx.Connect(ctx, address)
		if err != nil {
			return err
		}
		c.postgres = conn
	}
	if err := c.postgres.Ping(ctx); err != nil {
		_ = c.postgres.Close(context.Background())
		c.postgres = nil
		return err
	}
	return nil
}

func (c *Checker) ping(ctx context.Context, address string) error {
	if c.redis == nil {
		options, err := redis.ParseURL(address)
		if err != nil {
			return fmt.Errorf("bad redis address")
		}
		options.MaxRetries = -1
		options.PoolSize = 1
		c.redis = redis.NewClient(options)
	}
	return c.redis.Ping(ctx).Err()
}

func (c *Checker) versions(ctx context.Context, host string) error {
	if c.kafka == nil {
		kafka, err := kgo.NewClient(kgo.SeedBrokers(host), kgo.RequestRetries(0))
		if err != nil {
			return err
		}
		c.kafka = kafka
	}
	return c.kafka.Ping(ctx)
}

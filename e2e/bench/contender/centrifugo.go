package contender

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"taskwire.dev/e2e/bench/generator"
	"taskwire.dev/e2e/stack"
)

// Centrifugo is Centrifugo with its PostgreSQL broker: a publication is committed, with its place in the channel's history, when the
// HTTP API accepts it, and a listener on NOTIFY takes it to the streams. PostgreSQL has the settings of Taskwire's.
type Centrifugo struct {
	foreign
	config string
}

const centrifugoKey = "a key for the length of a measurement"

// StartCentrifugo builds and starts Centrifugo, with a new database on the PostgreSQL of a stack of servers.
func StartCentrifugo(ctx context.Context, servers *stack.Stack) (*Centrifugo, error) {
	path, err := centrifugoProgram.build(ctx, servers.Root())
	if err != nil {
		return nil, err
	}
	database, err := newDatabase(ctx, servers, "centrifugo")
	if err != nil {
		return nil, err
	}
	address, err := stack.FreeAddress()
	if err != nil {
		return nil, err
	}
	c := &Centrifugo{foreign: foreign{hub: hub{name: "Centrifugo"}, address: address}}
	dir, err := os.MkdirTemp("", "centrifugo-config")
	if err != nil {
		return nil, err
	}
	c.config = dir
	_, port, _ := strings.Cut(address, ":")
	config, err := json.Marshal(map[string]any{
		"http_server": map[string]any{"address": "127.0.0.1", "port": port},
		"http_api":    map[string]any{"key": centrifugoKey},
		"client":      map[string]any{"insecure": true},
		"uni_sse":     map[string]any{"enabled": true},
		"channel":     map[string]any{"without_namespace": map[string]any{"history_size": 1000, "history_ttl": "24h", "allow_subscribe_for_client": true, "allow_subscribe_for_anonymous": true}},
		"broker":      map[string]any{"enabled": true, "type": "postgres", "postgres": map[string]any{"dsn": database, "use_notify": true}},
	})
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "config.json")
	if err := os.WriteFile(file, config, 0o600); err != nil {
		return nil, err
	}
	if c.process, err = centrifugoProgram.run(ctx, path, address, "--config", file); err != nil {
		return nil, err
	}
	c.cpu = func(ctx context.Context) (map[string]time.Duration, error) {
		u, err := c.process.usage()
		if err != nil {
			return nil, err
		}
		all, err := servers.Usages(ctx)
		return map[string]time.Duration{"centrifugo": u.CPU, stack.Postgres: stack.CPU(nil, all)[stack.Postgres]}, err
	}
	return c, nil
}

// Feed implements Hub.
func (c *Centrifugo) Feed(channel int) generator.Feed {
	connect := fmt.Sprintf(`{"subs":{"user-%d":{}}}`, channel)
	return generator.Feed{Path: "/connection/uni_sse?cf_connect=" + url.QueryEscape(connect), Change: anyChange}
}

// Author implements Hub.
func (c *Centrifugo) Author(channels, size int) func(i int) generator.Author {
	const header = "X-API-Key: " + centrifugoKey + "\r\nContent-Type: application/json\r\n"
	return func(i int) generator.Author {
		return &publisher{channels: channels, channel: i, publish: func(w *generator.Wire, p *publisher, due time.Time) error {
			p.body = fmt.Appendf(p.body[:0], `{"channel":"user-%d","data":`, p.channel)
			p.body = append(payload(p.body, due, size), '}')
			return w.Expect(http.StatusOK, "POST", "/api/publish", header, p.body)
		}}
	}
}

// Connect implements Hub.
func (c *Centrifugo) Connect(channels, connections, size int) error {
	return connect(c, &c.hub, channels, connections, size)
}

// Close implements Contender.
func (c *Centrifugo) Close(ctx context.Context) error {
	return errors.Join(c.foreign.Close(ctx), os.RemoveAll(c.config))
}

package contender

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"taskwire.dev/e2e/bench/generator"
	"taskwire.dev/e2e/stack"
)

// Mercure is a Mercure hub with its default transport, Bolt: an update is on disk when it is accepted. One bolt file has one writer, so
// it is no store for the writes of an application, and is compared for its streams.
type Mercure struct {
	foreign
	publish string // header of a request that publishes
}

// StartMercure builds and starts Mercure. Root is the repository's.
func StartMercure(ctx context.Context, root string) (*Mercure, error) {
	path, err := mercureProgram.build(ctx, root)
	if err != nil {
		return nil, err
	}
	address, err := stack.FreeAddress()
	if err != nil {
		return nil, err
	}
	const key = "a key for the length of a measurement on the loopback"
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"mercure": map[string]any{"publish": []string{"*"}}}).SignedString([]byte(key))
	if err != nil {
		return nil, err
	}
	m := &Mercure{foreign: foreign{hub: hub{name: "Mercure"}, address: address}}
	m.publish = "Authorization: Bearer " + token + "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	m.process, err = mercureProgram.run(ctx, path, address, "--addr", address, "--jwt-key", key, "--allow-anonymous",
		"--write-timeout", "0s", "--transport-url", "bolt://updates.db")
	if err != nil {
		return nil, err
	}
	m.cpu = func(context.Context) (map[string]time.Duration, error) {
		u, err := m.process.usage()
		return map[string]time.Duration{"mercure": u.CPU}, err
	}
	return m, nil
}

// Feed implements Hub.
func (m *Mercure) Feed(channel int) generator.Feed {
	return generator.Feed{Path: fmt.Sprintf("/.well-known/mercure?topic=user-%d", channel), Change: anyChange}
}

// Author implements Hub.
func (m *Mercure) Author(channels, size int) func(i int) generator.Author {
	return func(i int) generator.Author {
		return &publisher{channels: channels, channel: i, publish: func(w *generator.Wire, p *publisher, due time.Time) error {
			p.body = fmt.Appendf(p.body[:0], "topic=user-%d&data=", p.channel)
			p.body = payload(p.body, due, size)
			return w.Expect(http.StatusOK, "POST", "/.well-known/mercure", m.publish, p.body)
		}}
	}
}

// Connect implements Hub.
func (m *Mercure) Connect(channels, connections, size int) error {
	return connect(m, &m.hub, channels, connections, size)
}

package contender

import (
	"context"
	"fmt"
	"time"

	"taskwire.dev/e2e/bench/generator"
	"taskwire.dev/e2e/stack"
)

// Taskwire is a running stack. Its channels are users.
type Taskwire struct {
	hub
	stack   *stack.Stack
	tokens  []string
	address string
}

// OpenTaskwire takes a running stack with these users.
func OpenTaskwire(ctx context.Context, s *stack.Stack, tokens []string) (*Taskwire, error) {
	values, err := s.Values(ctx)
	if err != nil {
		return nil, err
	}
	t := &Taskwire{hub{name: s.Profile()}, s, tokens, generator.Address(values.GatewayURL)}
	t.cpu = func(ctx context.Context) (map[string]time.Duration, error) {
		now, err := s.Usages(ctx)
		return stack.CPU(nil, now), err
	}
	return t, nil
}

// Connect implements Hub. The size of a change is Taskwire's own.
func (t *Taskwire) Connect(channels, connections, size int) error {
	return connect(t, &t.hub, channels, connections, size)
}

// Feed implements Hub.
func (t *Taskwire) Feed(channel int) generator.Feed { return generator.TaskFeed(t.tokens[channel]) }

// Author implements Hub.
func (t *Taskwire) Author(channels, _ int) func(i int) generator.Author {
	return generator.Tasks(t.tokens[:channels])
}

// Memory implements Hub.
func (t *Taskwire) Memory(ctx context.Context) (int64, error) {
	all, err := t.stack.Usages(ctx)
	if err != nil {
		return 0, err
	}
	for _, u := range all {
		if u.Name == "gateway" {
			return u.RSS, nil
		}
	}
	return 0, fmt.Errorf("%s has no gateway", t.name)
}

// Address implements Hub.
func (t *Taskwire) Address() string { return t.address }

// Close implements Contender. The stack goes on running.
func (t *Taskwire) Close(context.Context) error {
	t.disconnect()
	return nil
}

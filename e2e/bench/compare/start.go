package main

import (
	"context"
	"fmt"

	"taskwire.dev/e2e/bench/contender"
	"taskwire.dev/e2e/bench/generator"
	"taskwire.dev/e2e/stack"
)

// start starts a stack without data; again, with the data and the programs of its earlier start.
func start(ctx context.Context, s *stack.Stack, o options, ports int, again bool) (*contender.Taskwire, error) {
	stop, args := s.Reset, []string{"--no-demo", "--base", fmt.Sprint(ports)}
	if again {
		stop, args = s.Down, append(args, "--built")
	}
	if err := stop(ctx); err != nil {
		return nil, err
	}
	if err := s.Up(ctx, args...); err != nil {
		return nil, err
	}
	values, err := s.Values(ctx)
	if err != nil {
		return nil, err
	}
	users, err := generator.Register(ctx, values.GatewayURL, o.users)
	if err != nil {
		return nil, err
	}
	tokens, err := users.Tokens(ctx)
	if err != nil {
		return nil, err
	}
	t, err := contender.OpenTaskwire(ctx, s, tokens)
	if err != nil {
		return nil, err
	}
	return t, t.Connect(len(tokens), o.connections, 0)
}

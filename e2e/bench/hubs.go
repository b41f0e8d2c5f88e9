package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"taskwire.dev/e2e/bench/contender"
	"taskwire.dev/e2e/stack"
)

// The names of the contenders in the results.
const (
	ofTaskwire   = "Taskwire"
	ofPgbench    = "pgbench, the bare transaction"
	ofCentrifugo = "Centrifugo on PostgreSQL"
	ofMercure    = "Mercure"
)

// changeBytes is the size of a change on a stream of Taskwire, which the other hubs are given to publish.
const changeBytes = 800

// others are the other hubs that deliver to streams, which run as separate processes.
type others struct {
	servers *stack.Stack // a PostgreSQL with the settings of Taskwire's
	names   []string
	hubs    []contender.Hub
	Left    map[string]error // those that could not be started, with the reason
}

// leave goes on without a contender that failed: what Taskwire does is measured without it, too.
func leave(left map[string]error, name string, err error) {
	fmt.Fprintf(os.Stderr, "Without %s: %v\n", name, err)
	left[name] = err
}

// startOthers starts them.
func (b *bench) startOthers(ctx context.Context, o options) (*others, error) {
	servers, err := stack.Open(o.profile + "-servers")
	if err != nil {
		return nil, err
	}
	if err := servers.Reset(ctx); err != nil {
		return nil, err
	}
	if err := servers.Up(ctx, "--infra-only", "--no-demo", "--base", fmt.Sprint(o.spareBase())); err != nil {
		return nil, err
	}
	out := &others{servers: servers, Left: map[string]error{}}
	add := func(name string, h contender.Hub, err error) {
		if err != nil {
			leave(out.Left, name, err)
			return
		}
		out.names, out.hubs = append(out.names, name), append(out.hubs, h)
	}
	c, err := contender.StartCentrifugo(ctx, servers)
	add(ofCentrifugo, c, err)
	m, err := contender.StartMercure(ctx, servers.Root())
	add(ofMercure, m, err)
	return out, nil
}

func (o *others) close(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	var errs []error
	for _, h := range o.hubs {
		errs = append(errs, h.Close(ctx))
	}
	return errors.Join(append(errs, o.servers.Reset(ctx))...)
}

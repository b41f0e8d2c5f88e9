package main

import (
	"context"
	"fmt"
	"time"

	"taskwire.dev/e2e/stack"
)

// idle is the cost of open streams without any events.
type idle struct {
	Streams   int
	Before    int64 // bytes resident in the gateway without them
	After     int64 // and with them
	Each      int64
	Opening   time.Duration
	Greeted   int
	Heartbeat int
	CPU       float64 // cores that the gateway uses for all of them
}

// heartbeatLimit is the time within which every stream must have had a ping: 15 s by contract.
const heartbeatLimit = 20 * time.Second

// idleStreams opens streams, waits until each has had its heartbeat, and measures the gateway.
func (b *bench) idleStreams(ctx context.Context, n int) (idle, error) {
	out := idle{Streams: n}
	// A fresh process: otherwise streams would use the memory that an earlier load has freed, and seem to cost nothing.
	old, err := b.stack.Terminate(ctx, "gateway")
	if err != nil {
		return out, err
	}
	if _, err := b.stack.WaitReplaced(ctx, old); err != nil {
		return out, err
	}
	before, err := b.usage(ctx, "gateway")
	if err != nil {
		return out, err
	}
	out.Before = before.RSS
	start := time.Now()
	tokens := make([]string, n)
	for i := range tokens {
		tokens[i] = b.tokens[i%len(b.tokens)]
	}
	a, err := gather(b.address, tokens, 1<<10, nil)
	if err != nil {
		return out, err
	}
	defer a.dismiss()
	out.Opening = time.Since(start)
	opened, err := b.usage(ctx, "gateway")
	if err != nil {
		return out, err
	}
	deadline := time.Now().Add(heartbeatLimit)
	quiet := time.Now()
	for out.Heartbeat < n && time.Now().Before(deadline) {
		time.Sleep(100 * time.Millisecond)
		out.Greeted, out.Heartbeat = 0, 0
		for _, l := range a.listeners {
			if l.hello.Load() {
				out.Greeted++
			}
			if l.pings.Load() > 0 {
				out.Heartbeat++
			}
		}
	}
	after, err := b.usage(ctx, "gateway")
	if err != nil {
		return out, err
	}
	out.After, out.Each = after.RSS, (after.RSS-before.RSS)/int64(n)
	out.CPU = (after.CPU - opened.CPU).Seconds() / time.Since(quiet).Seconds()
	return out, a.err()
}

func (b *bench) usage(ctx context.Context, part string) (stack.Usage, error) {
	all, err := b.stack.Usages(ctx)
	if err != nil {
		return stack.Usage{}, err
	}
	for _, u := range all {
		if u.Name == part {
			return u, nil
		}
	}
	return stack.Usage{}, fmt.Errorf("the stack has no part %q", part)
}

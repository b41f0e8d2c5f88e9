package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"taskwire.dev/e2e/bench/contender"
	"taskwire.dev/e2e/bench/generator"
)

// idle is the cost of open streams without any events.
type idle struct {
	Streams   int
	Opening   time.Duration
	Greeted   int
	Heartbeat int
	CPU       float64 // cores that the gateway uses for all of them
	Memory    curve
	Others    []idleOther
	Left      map[string]error
}

// idleOther is another hub's memory with so many streams.
type idleOther struct {
	Name    string
	Streams int
	Each    float64 // KB
}

const (
	// heartbeatLimit is the time within which every stream must have had a ping: 15 s by contract.
	heartbeatLimit = 20 * time.Second
	// otherStreams are enough to see what another hub needs for each.
	otherStreams = 5000
	// memorySettles is how long a process may still work on what was opened.
	memorySettles = 2 * time.Second
)

// idleStreams measures the gateway, and then the other hubs.
func (b *bench) idleStreams(ctx context.Context, o options) (out idle, err error) {
	if err := b.idleOwn(ctx, o, &out); err != nil {
		return out, err
	}
	return out, b.idleOthers(ctx, o, &out)
}

// idleOwn opens streams in steps, waits until each has had its heartbeat, and measures the gateway.
func (b *bench) idleOwn(ctx context.Context, o options, out *idle) error {
	out.Streams = o.streams
	// A fresh process: otherwise streams would use the memory that an earlier load has freed, and seem to cost nothing.
	old, err := b.stack.Terminate(ctx, "gateway")
	if err != nil {
		return err
	}
	if _, err := b.stack.WaitReplaced(ctx, old); err != nil {
		return err
	}
	own, err := contender.OpenTaskwire(ctx, b.stack, b.tokens)
	if err != nil {
		return err
	}
	steps := []int{1, o.streams / 20, o.streams / 4, o.streams / 2, o.streams}
	audiences, curve, err := openInSteps(ctx, own, steps, len(b.tokens), &out.Opening)
	defer dismiss(audiences)
	if err != nil {
		return err
	}
	out.Memory = curve
	opened, err := own.CPU(ctx)
	if err != nil {
		return err
	}
	quiet := time.Now()
	for out.Heartbeat < o.streams && time.Since(quiet) < heartbeatLimit && ctx.Err() == nil {
		time.Sleep(100 * time.Millisecond)
		out.Greeted, out.Heartbeat = 0, 0
		for _, a := range audiences {
			out.Greeted += a.Greeted()
			out.Heartbeat += a.Pinged()
		}
	}
	after, err := own.CPU(ctx)
	if err != nil {
		return err
	}
	out.CPU = (after["gateway"] - opened["gateway"]).Seconds() / time.Since(quiet).Seconds()
	for _, a := range audiences {
		if err := a.Err(); err != nil {
			return err
		}
	}
	return nil
}

// idleOthers measures the other hubs, which are fresh processes.
func (b *bench) idleOthers(ctx context.Context, o options, out *idle) (err error) {
	others, err := b.startOthers(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, others.close(ctx)) }()
	out.Left = others.Left
	for i, h := range others.hubs {
		n := min(otherStreams, o.streams)
		var took time.Duration
		audiences, curve, err := openInSteps(ctx, h, []int{1, n / 2, n}, len(b.tokens), &took)
		dismiss(audiences)
		if err != nil {
			leave(out.Left, others.names[i], err)
			continue
		}
		_, each := curve.line()
		out.Others = append(out.Others, idleOther{others.names[i], n, each})
	}
	return nil
}

// openInSteps opens streams until there are so many, and reads the memory after each step.
func openInSteps(ctx context.Context, h contender.Hub, steps []int, channels int, took *time.Duration) (all []*generator.Audience, c curve, err error) {
	c = curve{Of: "idle streams", Figure: "resident memory of the gateway in KB", Meaning: "each stream takes %s KB", Per: 1}
	open := 0
	for _, n := range steps {
		var feeds []generator.Feed
		for ; open < n; open++ {
			feeds = append(feeds, h.Feed(open%channels))
		}
		begun := time.Now()
		a, err := generator.Gather(h.Address(), feeds, 1<<10, nil)
		if err != nil {
			return all, c, err
		}
		*took += time.Since(begun)
		all = append(all, a)
		if err := sleep(ctx, memorySettles); err != nil {
			return all, c, err
		}
		memory, err := h.Memory(ctx)
		if err != nil {
			return all, c, err
		}
		fmt.Fprintf(os.Stderr, "  %d streams: %.1f MB\n", n, megabytes(memory))
		c.Points = append(c.Points, point{float64(n), float64(memory) / 1024})
	}
	return all, c, nil
}

func dismiss(all []*generator.Audience) {
	for _, a := range all {
		a.Dismiss()
	}
}

// each is what a stream costs in KB.
func (i *idle) each() float64 {
	_, each := i.Memory.line()
	return each
}

func (i *idle) markdown(b *strings.Builder) {
	last := i.Memory.Points[len(i.Memory.Points)-1]
	fmt.Fprintf(b, "\n### Idle streams\n\n%d streams on one gateway, opened in %.1f s: %d received the first event, %d received a heartbeat. The gateway's resident memory was "+
		"%.1f MB with all of them: **%.1f KB each**, and it used %.3f cores in total. The kernel's memory for sockets is not included.\n",
		i.Streams, i.Opening.Seconds(), i.Greeted, i.Heartbeat, last.Value/1024, i.each(), i.CPU)
	if len(i.Others) > 0 {
		b.WriteString("\n| beside it | streams | KB each |\n|---|--:|--:|\n")
	}
	for _, other := range i.Others {
		fmt.Fprintf(b, "| %s | %d | %.1f |\n", other.Name, other.Streams, other.Each)
	}
	leftOut(b, i.Left)
}

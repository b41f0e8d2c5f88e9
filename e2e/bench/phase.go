package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"taskwire.dev/e2e/bench/generator"
	"taskwire.dev/e2e/stack"
)

// phase is one measurement of writes.
type phase struct {
	Name        string
	Rate        int // writes a second; 0 is as many as possible
	Duration    time.Duration
	Connections int
}

// measured is the result of a phase.
type measured struct {
	phase
	Elapsed   time.Duration // longer than requested if the rate was not reached
	Accepted  float64       // writes a second
	Failures  int64
	Failure   error // the first
	Write     generator.Summary
	Stream    generator.Summary // commit-to-stream
	Screen    generator.Summary // from when the write was due to its frame on another stream
	Missing   int64             // changes that did not reach a stream in time
	Drain     time.Duration
	Backlog   backlog
	Before    []stack.Usage
	After     []stack.Usage
	Generator time.Duration // CPU time of this program
}

// backlog is how many rows were in the outbox, sampled each second.
type backlog struct {
	First, Last float64 // mean of the first and the last third of the samples
	Max, End    int
}

// bench is a running stack with users.
type bench struct {
	stack   *stack.Stack
	db      *pgxpool.Pool
	address string
	users   *generator.Users
	tokens  []string // of the users, fresh at the beginning of each measurement
	warmUp  time.Duration
	deaf    bool // without streams
}

// drainLimit is how long the streams may take to deliver the rest.
const drainLimit = time.Minute

func (b *bench) run(ctx context.Context, p phase) (measured, error) {
	out := measured{phase: p}
	stream, screen := generator.NewHistogram(), generator.NewHistogram()
	var from, until atomic.Int64 // of the timestamps that count, in microseconds
	from.Store(1 << 62)
	until.Store(1 << 62)
	audience := b.tokens
	if b.deaf {
		audience = nil
	}
	listeners, err := generator.Gather(b.address, generator.TaskFeeds(audience), 64<<10, func(a generator.Arrival) {
		if at := a.Stamped.UnixMicro(); at >= from.Load() && at < until.Load() {
			stream.Record(a.Received.Sub(a.Stamped))
			if !a.Sent.IsZero() {
				screen.Record(a.Received.Sub(a.Sent))
			}
		}
	})
	if err != nil {
		return out, err
	}
	defer listeners.Dismiss()
	writers, err := generator.NewCrowd(b.address, p.Connections, generator.Tasks(b.tokens))
	if err != nil {
		return out, err
	}
	defer writers.Close()

	writers.Write(p.Rate, b.warmUp, generator.NewHistogram())
	warm := writers.Accepted()
	if err := b.stack.ResetPeaks(ctx); err != nil {
		return out, err
	}
	if out.Before, err = b.stack.Usages(ctx); err != nil {
		return out, err
	}
	sampler := b.sample(ctx)
	own, start := stack.SelfCPU(), time.Now()
	from.Store(start.UnixMicro())
	latency := generator.NewHistogram()
	writers.Write(p.Rate, p.Duration, latency)
	end := time.Now()
	until.Store(end.UnixMicro())
	out.Backlog = sampler()
	out.Generator = stack.SelfCPU() - own
	if out.After, err = b.stack.Usages(ctx); err != nil {
		return out, err
	}
	all := writers.Accepted()
	out.Elapsed = end.Sub(start)
	out.Accepted = float64(all-warm) / out.Elapsed.Seconds()
	for !b.deaf && listeners.Delivered() < all && listeners.Err() == nil && time.Since(end) < drainLimit {
		time.Sleep(time.Millisecond)
	}
	if out.Drain = time.Since(end); !b.deaf {
		out.Missing = all - listeners.Delivered()
	}
	out.Write, out.Stream, out.Screen = latency.Summary(), stream.Summary(), screen.Summary()
	out.Failures, out.Failure = writers.Failures()
	return out, listeners.Err()
}

// sample counts the outbox each second until the returned function is called.
func (b *bench) sample(ctx context.Context) func() backlog {
	var samples []int
	ctx, stop := context.WithCancel(ctx)
	var group sync.WaitGroup
	count := func() (n int, err error) {
		err = b.db.QueryRow(context.WithoutCancel(ctx), `SELECT count(*) FROM outbox`).Scan(&n)
		return n, err
	}
	group.Go(func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
			if n, err := count(); err == nil {
				samples = append(samples, n)
			}
		}
	})
	return func() backlog {
		stop()
		group.Wait()
		out := backlog{}
		out.End, _ = count()
		for _, n := range samples {
			out.Max = max(out.Max, n)
		}
		third := max(1, len(samples)/3)
		if len(samples) >= third {
			out.First, out.Last = mean(samples[:third]), mean(samples[len(samples)-third:])
		}
		return out
	}
}

func mean(samples []int) float64 {
	sum := 0
	for _, n := range samples {
		sum += n
	}
	return float64(sum) / float64(len(samples))
}

// growth is how many rows a second the outbox gained over the phase.
func (m measured) growth() float64 {
	return (m.Backlog.Last - m.Backlog.First) / (m.Elapsed.Seconds() * 2 / 3)
}

// grows reports whether more goes into the outbox than comes out, beyond random variation.
func (m measured) grows() bool { return m.growth() > m.Accepted/50 }

// cpu returns the CPU time of each part in the phase, by name.
func (m measured) cpu() map[string]time.Duration { return stack.CPU(m.Before, m.After) }

func (m measured) verdict() string {
	if m.Failure != nil {
		return fmt.Sprintf("%d writes failed, the first: %v", m.Failures, m.Failure)
	}
	if m.Missing > 0 {
		return fmt.Sprintf("%d changes have not arrived", m.Missing)
	}
	return ""
}

package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

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
	Write     summary
	Stream    summary
	Missing   int64 // changes that did not reach a stream in time
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
	tokens  []string
	warmUp  time.Duration
	deaf    bool // without streams
}

// drainLimit is how long the streams may take to deliver the rest.
const drainLimit = time.Minute

func (b *bench) run(ctx context.Context, p phase) (measured, error) {
	out := measured{phase: p}
	stream := newHistogram()
	var from, until atomic.Int64 // of the timestamps that count, in microseconds
	from.Store(1 << 62)
	until.Store(1 << 62)
	audience := b.tokens
	if b.deaf {
		audience = nil
	}
	listeners, err := gather(b.address, audience, 64<<10, func(stamped, received time.Time) {
		if at := stamped.UnixMicro(); at >= from.Load() && at < until.Load() {
			stream.record(received.Sub(stamped))
		}
	})
	if err != nil {
		return out, err
	}
	defer listeners.dismiss()
	writers, err := newCrowd(b.address, b.tokens, p.Connections)
	if err != nil {
		return out, err
	}
	defer writers.close()

	b.write(writers, p, b.warmUp, newHistogram())
	warm := writers.accepted.Load()
	if err := b.stack.ResetPeaks(ctx); err != nil {
		return out, err
	}
	if out.Before, err = b.stack.Usages(ctx); err != nil {
		return out, err
	}
	sampler := b.sample(ctx)
	own, start := stack.SelfCPU(), time.Now()
	from.Store(start.UnixMicro())
	latency := newHistogram()
	b.write(writers, p, p.Duration, latency)
	end := time.Now()
	until.Store(end.UnixMicro())
	out.Backlog = sampler()
	out.Generator = stack.SelfCPU() - own
	if out.After, err = b.stack.Usages(ctx); err != nil {
		return out, err
	}
	all := writers.accepted.Load()
	out.Elapsed = end.Sub(start)
	out.Accepted = float64(all-warm) / out.Elapsed.Seconds()
	for !b.deaf && listeners.delivered() < all && listeners.err() == nil && time.Since(end) < drainLimit {
		time.Sleep(time.Millisecond)
	}
	if out.Drain = time.Since(end); !b.deaf {
		out.Missing = all - listeners.delivered()
	}
	out.Write, out.Stream = latency.summary(), stream.summary()
	out.Failures, out.Failure = writers.failures, writers.first
	return out, listeners.err()
}

func (b *bench) write(writers *crowd, p phase, d time.Duration, latency *histogram) {
	if p.Rate == 0 {
		writers.flatOut(d, latency)
	} else {
		writers.steadily(p.Rate, d, latency)
	}
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
func (m measured) cpu() map[string]time.Duration {
	used := map[string]time.Duration{}
	for _, u := range m.After {
		used[u.Name] = u.CPU
	}
	for _, u := range m.Before {
		used[u.Name] -= u.CPU
	}
	return used
}

func (m measured) verdict() string {
	if m.Failure != nil {
		return fmt.Sprintf("%d writes failed, the first: %v", m.Failures, m.Failure)
	}
	if m.Missing > 0 {
		return fmt.Sprintf("%d changes have not arrived", m.Missing)
	}
	return ""
}

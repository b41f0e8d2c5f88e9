package contender

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"taskwire.dev/e2e/bench/generator"
)

// hub is a system that takes writes and delivers each to an open stream.
type hub struct {
	name     string
	crowd    *generator.Crowd
	audience *generator.Audience
	cpu      func(context.Context) (map[string]time.Duration, error) // of its processes, since their start
	current  atomic.Pointer[arrivals]                                // of this slice
}

// arrivals are the latencies of what arrives.
type arrivals struct{ stream, screen *generator.Histogram }

func newArrivals() *arrivals {
	return &arrivals{generator.NewHistogram(), generator.NewHistogram()}
}

// connect opens the streams and the connections that write.
func (h *hub) connect(address string, feeds []generator.Feed, connections int, author func(i int) generator.Author) (err error) {
	h.current.Store(newArrivals())
	h.audience, err = generator.Gather(address, feeds, 64<<10, func(a generator.Arrival) {
		current := h.current.Load()
		if !a.Stamped.IsZero() {
			current.stream.Record(a.Received.Sub(a.Stamped))
		}
		if !a.Sent.IsZero() {
			current.screen.Record(a.Received.Sub(a.Sent))
		}
	})
	if err != nil {
		return fmt.Errorf("%s: %w", h.name, err)
	}
	if h.crowd, err = generator.NewCrowd(address, connections, author); err != nil {
		h.audience.Dismiss()
		return fmt.Errorf("%s: %w", h.name, err)
	}
	return nil
}

func (h *hub) disconnect() {
	if h.crowd != nil {
		h.crowd.Close()
	}
	if h.audience != nil {
		h.audience.Dismiss()
	}
}

// CPU implements Hub.
func (h *hub) CPU(ctx context.Context) (map[string]time.Duration, error) { return h.cpu(ctx) }

const (
	// drainLimit is how long the streams may take to deliver the rest of a slice.
	drainLimit = time.Minute
	// settle is the time for the consumers that no stream waits for.
	settle = 500 * time.Millisecond
)

// Slice implements Contender.
func (h *hub) Slice(ctx context.Context, rate int, d time.Duration) (Sample, error) {
	found, write := newArrivals(), generator.NewHistogram()
	h.current.Store(found)
	before, err := h.cpu(ctx)
	if err != nil {
		return Sample{}, err
	}
	accepted, begun := h.crowd.Accepted(), time.Now()
	h.crowd.Write(rate, d, write)
	elapsed, ended := time.Since(begun), time.Now()
	n := h.crowd.Accepted() - accepted
	for h.audience.Delivered() < h.crowd.Accepted() && h.audience.Err() == nil && ctx.Err() == nil && time.Since(ended) < drainLimit {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(settle)
	after, err := h.cpu(ctx)
	if err != nil {
		return Sample{}, err
	}
	if err := h.complete(); err != nil {
		return Sample{}, fmt.Errorf("%s: %w", h.name, err)
	}
	if n == 0 {
		return Sample{}, fmt.Errorf("%s accepted no write in %v", h.name, d)
	}
	for name := range after {
		after[name] -= before[name]
	}
	out := Sample{Rate: float64(n) / elapsed.Seconds(), Write: write.Summary(), Stream: found.stream.Summary(), Screen: found.screen.Summary()}
	out.cost(after, n)
	return out, ctx.Err()
}

// complete returns an error if the figures so far are not of a working system.
func (h *hub) complete() error {
	if failures, err := h.crowd.Failures(); failures > 0 {
		return fmt.Errorf("%d writes failed, the first: %w", failures, err)
	}
	if err := h.audience.Err(); err != nil {
		return err
	}
	if missing := h.crowd.Accepted() - h.audience.Delivered(); missing > 0 {
		return fmt.Errorf("%d changes have not arrived after %v", missing, drainLimit)
	}
	return nil
}

package contender

import (
	"context"
	"fmt"
	"time"

	"taskwire.dev/e2e/bench/generator"
)

// FanOut is what it costs to deliver the changes of one channel to many streams.
type FanOut struct {
	Streams   int
	PerSecond float64       // deliveries
	Each      time.Duration // CPU time of all processes for one delivery, the write included
	Screen    generator.Summary
}

// window is how many changes may be under way: a stream that cannot keep up is rightly ended.
const window = 8

// FanOutTo publishes to one channel with so many streams, as fast as they take it.
func FanOutTo(ctx context.Context, h Hub, streams, size int, d time.Duration) (out FanOut, err error) {
	out.Streams = streams
	feeds := make([]generator.Feed, streams)
	for i := range feeds {
		feeds[i] = h.Feed(0)
	}
	screen := generator.NewHistogram()
	audience, err := generator.Gather(h.Address(), feeds, 4<<10, func(a generator.Arrival) {
		if !a.Sent.IsZero() {
			screen.Record(a.Received.Sub(a.Sent))
		}
	})
	if err != nil {
		return out, err
	}
	defer audience.Dismiss()
	crowd, err := generator.NewCrowd(h.Address(), 1, h.Author(1, size))
	if err != nil {
		return out, err
	}
	defer crowd.Close()
	before, err := h.CPU(ctx)
	if err != nil {
		return out, err
	}
	begun := time.Now()
	for deadline := begun.Add(d); time.Now().Before(deadline) && ctx.Err() == nil; {
		if crowd.Accepted()*int64(streams)-audience.Delivered() > window*int64(streams) {
			time.Sleep(100 * time.Microsecond)
			continue
		}
		crowd.Once()
	}
	want := crowd.Accepted() * int64(streams)
	for ended := time.Now(); audience.Delivered() < want && audience.Err() == nil && ctx.Err() == nil && time.Since(ended) < drainLimit; {
		time.Sleep(time.Millisecond)
	}
	elapsed := time.Since(begun)
	after, err := h.CPU(ctx)
	if err != nil {
		return out, err
	}
	if failures, err := crowd.Failures(); failures > 0 {
		return out, err
	}
	if err := audience.Err(); err != nil {
		return out, err
	}
	delivered := audience.Delivered()
	if delivered < want || delivered == 0 {
		return out, fmt.Errorf("%d of %d deliveries have arrived after %v", delivered, want, drainLimit)
	}
	for name, used := range after {
		out.Each += used - before[name]
	}
	out.Each /= time.Duration(delivered)
	out.PerSecond, out.Screen = float64(delivered)/elapsed.Seconds(), screen.Summary()
	return out, ctx.Err()
}

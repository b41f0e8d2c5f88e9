// Package contender puts Taskwire, Mercure, Centrifugo and pgbench under the same load, to compare them.
package contender

import (
	"context"
	"fmt"
	"time"

	"taskwire.dev/e2e/bench/generator"
)

// Contender is a running system with its open streams.
type Contender interface {
	// Slice writes for a while, rate times a second or as fast as possible if rate is 0, and waits until every write has arrived. So all
	// of its cost is counted, and none of it falls into another contender's turn.
	Slice(ctx context.Context, rate int, d time.Duration) (Sample, error)
	Close(ctx context.Context) error
}

// Sample is what one slice of load showed. What a contender has not is empty: a bare transaction has no streams.
type Sample struct {
	Rate   float64                  // accepted writes a second
	CPU    map[string]time.Duration // of each of its processes, for one write
	Total  time.Duration            // of all its processes, for one write
	Write  generator.Summary        // until the write is accepted
	Stream generator.Summary        // from the server's timestamp to the stream
	Screen generator.Summary        // from when the write was due to another stream
}

func (s Sample) String() string {
	return fmt.Sprintf("%.0f/s, %v a write, on the stream p50 %v p99 %v", s.Rate, s.Total.Round(time.Microsecond), s.Screen.P50, s.Screen.P99)
}

// cost shares the CPU time that was used out to n writes.
func (s *Sample) cost(used map[string]time.Duration, n int64) {
	s.CPU = map[string]time.Duration{}
	for name, d := range used {
		s.CPU[name] = d / time.Duration(n)
		s.Total += s.CPU[name]
	}
}

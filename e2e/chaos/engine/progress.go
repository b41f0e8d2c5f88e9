package engine

import (
	"context"
	"sync"
	"time"
)

// every is how often a storm reports its progress.
const every = 5 * time.Second

// reportProgress reports progress until it is stopped.
func (s *storm) reportProgress(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		start := time.Now()
		for {
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return
			}
			c := s.writer.Counts()
			resets := 0
			for _, l := range s.listeners {
				resets += l.Report().Resets
			}
			s.Say("%4.0f s: %d changes acknowledged, %d unknown, %d requests waiting, %d tries refused, %d faults, %d resets, %d wrong answers",
				time.Since(start).Seconds(), c.Acknowledged, c.Unknown, c.Pending, c.Refused, s.result.Faults(), resets, len(s.writer.Wrong()))
		}
	})
	return func() { cancel(); done.Wait() }
}

package consumer

import (
	"context"
	"sync"
	"time"
)

// Patience is how long an event waits on a laptop while everything that its consumer needs is there: then it is this event
// for which something is away, and it must not hold up those behind it. It goes to the dead letters, which send it again. A
// cluster's source gives up after as long (eventing/base/delivery.yaml).
const Patience = 2 * time.Minute

// waiting knows since when events that were not done have been waiting.
type waiting struct {
	mu    sync.Mutex
	since map[string]time.Time
}

// maxWaiting bounds what is left over when a partition goes to another replica. With its time lost, an event waits longer.
const maxWaiting = 10_000

// long reports whether the event has waited for Patience, not counting when the consumer was not ready.
func (w *waiting) long(key string, ready bool) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.since == nil || len(w.since) >= maxWaiting {
		w.since = map[string]time.Time{}
	}
	since, known := w.since[key]
	if !known || !ready {
		w.since[key] = time.Now()
		return false
	}
	return time.Since(since) >= Patience
}

func (w *waiting) forget(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.since, key)
}

// ready reports whether the consumer has what it needs.
func (c *Consumer) ready(ctx context.Context) bool {
	if c.needs == nil {
		return true
	}
	ready, err := c.needs(ctx)
	return ready && err == nil
}

package consumer

import (
	"context"
	"sync"
	"time"
)

// MaxWait is how long an event waits on a laptop although everything that its consumer needs is available: then something is
// unavailable only for this event, and it must not block the ones behind it. It becomes a dead letter, which is sent again
// automatically. A cluster's source gives up after the same time (eventing/base/delivery.yaml).
const MaxWait = 2 * time.Minute

// waiting stores since when unfinished events have been waiting.
type waiting struct {
	mu    sync.Mutex
	since map[string]time.Time
}

// maxWaiting bounds the entries left behind when a partition moves to another replica. An event whose entry is dropped waits
// longer.
const maxWaiting = 10_000

// long reports whether the event has waited for MaxWait, not counting the time in which the consumer was not ready.
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
	return time.Since(since) >= MaxWait
}

func (w *waiting) forget(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.since, key)
}

// ready reports whether everything that the consumer needs is available.
func (c *Consumer) ready(ctx context.Context) bool {
	if c.needs == nil {
		return true
	}
	ready, err := c.needs(ctx)
	return ready && err == nil
}

package main

import (
	"fmt"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// histogram of durations from 1 µs to 2 minutes, with three significant digits.
type histogram struct {
	mu sync.Mutex
	h  *hdrhistogram.Histogram
}

func newHistogram() *histogram {
	return &histogram{h: hdrhistogram.New(1, (2 * time.Minute).Microseconds(), 3)}
}

func (h *histogram) record(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	_ = h.h.RecordValue(min(max(1, d.Microseconds()), h.h.HighestTrackableValue())) // clamped to its range
}

// summary has the reported values of a distribution.
type summary struct {
	Count              int64
	P50, P95, P99, Max time.Duration
}

func (h *histogram) summary() summary {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := func(q float64) time.Duration { return time.Duration(h.h.ValueAtQuantile(q)) * time.Microsecond }
	return summary{h.h.TotalCount(), at(50), at(95), at(99), time.Duration(h.h.Max()) * time.Microsecond}
}

// milliseconds with the significant digits.
func milliseconds(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case ms < 10:
		return fmt.Sprintf("%.2f", ms)
	case ms < 100:
		return fmt.Sprintf("%.1f", ms)
	default:
		return fmt.Sprintf("%.0f", ms)
	}
}

func (s summary) cells() string {
	return fmt.Sprintf("%s | %s | %s | %s", milliseconds(s.P50), milliseconds(s.P95), milliseconds(s.P99), milliseconds(s.Max))
}

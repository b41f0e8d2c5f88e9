package generator

import (
	"fmt"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Histogram of durations from 1 µs to 2 minutes, with three significant digits.
type Histogram struct {
	mu sync.Mutex
	h  *hdrhistogram.Histogram
}

// NewHistogram is an empty one.
func NewHistogram() *Histogram {
	return &Histogram{h: hdrhistogram.New(1, (2 * time.Minute).Microseconds(), 3)}
}

// Record adds a duration.
func (h *Histogram) Record(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	_ = h.h.RecordValue(min(max(1, d.Microseconds()), h.h.HighestTrackableValue())) // clamped to its range
}

// Summary has the reported values of a distribution.
type Summary struct {
	Count              int64
	P50, P95, P99, Max time.Duration
}

// Summary is that of all durations so far.
func (h *Histogram) Summary() Summary {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := func(q float64) time.Duration { return time.Duration(h.h.ValueAtQuantile(q)) * time.Microsecond }
	return Summary{h.h.TotalCount(), at(50), at(95), at(99), time.Duration(h.h.Max()) * time.Microsecond}
}

// Milliseconds formats d with the significant digits.
func Milliseconds(d time.Duration) string {
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

// Cells are the cells of a row of a table, in milliseconds.
func (s Summary) Cells() string {
	return fmt.Sprintf("%s | %s | %s | %s", Milliseconds(s.P50), Milliseconds(s.P95), Milliseconds(s.P99), Milliseconds(s.Max))
}

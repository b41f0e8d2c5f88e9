// Package meter counts what a gateway sees of requests and streams.
package meter

import (
	"math"
	"sync"
	"time"

	"taskwire.dev/shared/traffic"
)

const (
	slotTime    = 10 * time.Second
	slotCount   = int64(5 * time.Minute / slotTime)
	minuteSlots = int64(time.Minute / slotTime)
)

// Meter counts what a gateway sees, over the last five minutes. It is safe for concurrent use.
type Meter struct {
	mu    sync.Mutex
	slots [slotCount]slot
}

// slot is what was seen in one slotTime.
type slot struct {
	number    int64 // since 1970
	functions map[string]*tally
	stream    *tally
}

type tally struct {
	took   traffic.Durations
	failed int64
}

// Answered counts an answer of a function.
func (m *Meter) Answered(function string, at time.Time, took time.Duration, failed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.slot(at)
	t := s.functions[function]
	if t == nil {
		t = newTally()
		s.functions[function] = t
	}
	t.took.Record(took)
	if failed {
		t.failed++
	}
}

// Streamed counts a change that went to streams. One of the future tells only that two clocks differ.
func (m *Meter) Streamed(at time.Time, took time.Duration) {
	if took < 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.slot(at).stream.took.Record(took)
}

// slot returns the slot of a moment, emptied of what was there five minutes before. The caller holds m.mu.
func (m *Meter) slot(at time.Time) *slot {
	number := at.UnixNano() / int64(slotTime)
	s := &m.slots[number%slotCount]
	if s.number != number {
		*s = slot{number: number, functions: map[string]*tally{}, stream: newTally()}
	}
	return s
}

// Report sums up what was seen until now.
func (m *Meter) Report(now time.Time) traffic.Report {
	m.mu.Lock()
	defer m.mu.Unlock()
	last := now.UnixNano() / int64(slotTime)
	minute := now.Sub(time.Unix(0, (last-minuteSlots+1)*int64(slotTime))).Seconds()
	r := traffic.Report{Functions: map[string]*traffic.Series{}, Stream: traffic.NewSeries()}
	for i := range m.slots {
		s := &m.slots[i]
		if s.stream == nil || s.number <= last-slotCount || s.number > last {
			continue
		}
		over := math.Inf(1) // older than a minute: it adds nothing to the rate
		if s.number > last-minuteSlots {
			over = minute
		}
		for name, t := range s.functions {
			if r.Functions[name] == nil {
				r.Functions[name] = traffic.NewSeries()
			}
			r.Functions[name].Add(t.series(over))
		}
		r.Stream.Add(s.stream.series(over))
	}
	return r
}

func newTally() *tally { return &tally{took: traffic.NewDurations()} }

func (t *tally) series(seconds float64) *traffic.Series {
	return &traffic.Series{PerSecond: float64(t.took.Count()) / seconds, Failed: t.failed, Took: t.took}
}

package main

import (
	"testing"
	"time"
)

// TestFelt_CountsWhatWasSentBetweenTheBeginningAndRecovery: a write belongs to the step in which it was sent, however late its answer was.
func TestFelt_CountsWhatWasSentBetweenTheBeginningAndRecovery(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	at := func(seconds int) time.Time { return began.Add(time.Duration(seconds) * time.Second) }
	w := &world{attempts: []attempt{
		{sent: at(-1), took: 20 * time.Second},
		{sent: at(1), took: 2 * time.Second},
		{sent: at(2), took: 10 * time.Second, status: "timeout"},
		{sent: at(3), status: "503"},
		{sent: at(4), status: "503"},
		{sent: at(11), took: 3 * time.Second},
	}}
	f := w.felt(began, at(10))
	if f.accepted != 1 || f.slowest != 2*time.Second {
		t.Errorf("%d accepted, the slowest after %v; want 1 after 2s", f.accepted, f.slowest)
	}
	if got, want := f.failures(), "2 × 503, 1 × timeout"; got != want {
		t.Errorf("failures %q, want %q", got, want)
	}
}

func TestLongest_IsClippedToTheStep(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	at := func(seconds int) time.Time { return began.Add(time.Duration(seconds) * time.Second) }
	for name, c := range map[string]struct {
		arrivals []time.Time
		want     time.Duration
	}{
		"none":               {nil, 10 * time.Second},
		"only outside":       {[]time.Time{at(-5), at(12)}, 10 * time.Second},
		"between two":        {[]time.Time{at(1), at(7), at(9)}, 6 * time.Second},
		"before the first":   {[]time.Time{at(6), at(8)}, 6 * time.Second},
		"after the last one": {[]time.Time{at(1), at(2)}, 8 * time.Second},
	} {
		if got := longest(c.arrivals, began, at(10)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

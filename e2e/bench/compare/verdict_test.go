package main

import (
	"strings"
	"testing"
	"time"

	"taskwire.dev/e2e/bench/contender"
)

// run10 is ten pairs whose CPU per write drifts by a third over the run, as on a shared machine, and of which the second of each costs
// factor as much.
func run10(factor float64) []pair {
	var pairs []pair
	for i := range 10 {
		base := time.Millisecond * time.Duration(30+i) / 30
		noise := 1 + 0.01*float64(i%3-1)
		of := func(cost time.Duration) contender.Sample {
			return contender.Sample{Rate: 1.8 / cost.Seconds(), Total: cost, CPU: map[string]time.Duration{"tasks": cost}}
		}
		p := pair{of(base), of(time.Duration(float64(base) * factor * noise))}
		for _, s := range []*contender.Sample{&p.base, &p.to} {
			s.Stream.P50, s.Stream.P99, s.Screen.P50, s.Screen.P99 = base, 2*base, 3*base, 4*base
		}
		pairs = append(pairs, p)
	}
	return pairs
}

func TestCompare_LossBeyondNoise(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		factor float64
		lost   int
	}{
		{"the same", 1, 0},
		{"less than the tolerance", 1.015, 0},
		{"a loss smaller than the drift", 1.05, 2}, // CPU and writes/s
		{"a gain", 0.9, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			found := compare(run10(c.factor), 0.02)
			if found.losses() != c.lost {
				t.Errorf("%d losses, want %d:\n%s", found.losses(), c.lost, found)
			}
		})
	}
}

func TestCompare_TooFewPairsProveNothing(t *testing.T) {
	t.Parallel()
	if found := compare(run10(2)[:5], 0.02); found.losses() != 0 {
		t.Errorf("a verdict from five pairs:\n%s", found)
	}
}

func TestProcesses_ShowsBoth(t *testing.T) {
	t.Parallel()
	if text := processes(run10(2)); !strings.Contains(text, "tasks") {
		t.Errorf("no line of tasks in\n%s", text)
	}
}

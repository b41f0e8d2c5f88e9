package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/perf/benchmath"

	"taskwire.dev/e2e/bench/contender"
)

// confidence of the interval for the median of the ratios. It comes from the order of the ratios alone (the sign test's), so it assumes
// nothing of their distribution.
const confidence = 0.95

// minPairs is how many ratios an interval of that confidence needs.
const minPairs = 6

// figure is one of the compared figures.
type figure struct {
	name   string
	format func(float64) string
	of     func(contender.Sample) float64
	higher bool // is better
}

func figures() []figure {
	duration := func(of func(contender.Sample) time.Duration) func(contender.Sample) float64 {
		return func(s contender.Sample) float64 { return float64(of(s)) }
	}
	milliseconds := func(v float64) string { return fmt.Sprintf("%.2f ms", v/float64(time.Millisecond)) }
	return []figure{
		{"CPU a write", microseconds, duration(func(s contender.Sample) time.Duration { return s.Total }), false},
		{"writes/s", func(v float64) string { return fmt.Sprintf("%.0f", v) }, func(s contender.Sample) float64 { return s.Rate }, true},
		{"write-to-screen p50", milliseconds, duration(func(s contender.Sample) time.Duration { return s.Screen.P50 }), false},
		{"write-to-screen p99", milliseconds, duration(func(s contender.Sample) time.Duration { return s.Screen.P99 }), false},
		{"commit-to-stream p50", milliseconds, duration(func(s contender.Sample) time.Duration { return s.Stream.P50 }), false},
		{"commit-to-stream p99", milliseconds, duration(func(s contender.Sample) time.Duration { return s.Stream.P99 }), false},
	}
}

func microseconds(v float64) string { return fmt.Sprintf("%.0f µs", v/float64(time.Microsecond)) }

// result is a figure's medians and the ratio of the second commit to the first.
type result struct {
	figure
	base, to float64
	ratio    benchmath.Summary
	lost     bool
}

type comparison []result

// compare pairs the samples: a ratio is of two slices that directly followed each other, so what changes on the machine during a run
// cancels out. A loss counts if the interval of the ratios' median lies on the worse side, and the median itself beyond the tolerance.
func compare(pairs []pair, tolerance float64) comparison {
	var all comparison
	for _, f := range figures() {
		var base, to, ratios []float64
		for _, p := range pairs {
			b, t := f.of(p.base), f.of(p.to)
			base, to, ratios = append(base, b), append(to, t), append(ratios, t/b)
		}
		r := result{figure: f, base: median(base), to: median(to), ratio: summarize(ratios)}
		switch {
		case len(ratios) < minPairs:
		case f.higher:
			r.lost = r.ratio.Hi < 1 && r.ratio.Center < 1-tolerance
		default:
			r.lost = r.ratio.Lo > 1 && r.ratio.Center > 1+tolerance
		}
		all = append(all, r)
	}
	return all
}

func summarize(values []float64) benchmath.Summary {
	return benchmath.AssumeNothing.Summary(benchmath.NewSample(values, &benchmath.DefaultThresholds), confidence)
}

func median(values []float64) float64 { return summarize(values).Center }

func (c comparison) losses() (n int) {
	for _, r := range c {
		if r.lost {
			n++
		}
	}
	return n
}

func (c comparison) String() string {
	return table(func(w *tabwriter.Writer) {
		fmt.Fprintln(w, "figure\tbase\tnow\tratio\t95 % of the ratio's median\t")
		for _, r := range c {
			verdict := ""
			if r.lost {
				verdict = "WORSE"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%.3f\t%.3f to %.3f\t%s\n", r.name, r.format(r.base), r.format(r.to), r.ratio.Center, r.ratio.Lo, r.ratio.Hi, verdict)
		}
	})
}

// processes is the CPU time of a write by process, for finding where a difference comes from. It has no verdict: with so many rows some
// always differ.
func processes(pairs []pair) string {
	names := map[string]bool{}
	for _, p := range pairs {
		for name := range p.base.CPU {
			names[name] = true
		}
		for name := range p.to.CPU {
			names[name] = true
		}
	}
	return table(func(w *tabwriter.Writer) {
		fmt.Fprintln(w, "CPU a write\tbase\tnow\t")
		for _, name := range slices.Sorted(maps.Keys(names)) {
			var base, to []float64
			for _, p := range pairs {
				base, to = append(base, float64(p.base.CPU[name])), append(to, float64(p.to.CPU[name]))
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t\n", name, microseconds(median(base)), microseconds(median(to)))
		}
	})
}

func table(write func(*tabwriter.Writer)) string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	write(w)
	_ = w.Flush() // to memory
	return out.String()
}

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/perf/benchmath"

	"taskwire.dev/e2e/bench/contender"
	"taskwire.dev/e2e/bench/generator"
)

// beside is what Taskwire and the others did in turns, in the same run.
type beside struct {
	Loads []int
	Rows  []besideRow
	Left  map[string]error // contenders that could not be measured, with the reason
}

// besideRow has a contender's samples by load, one for each round.
type besideRow struct {
	Name    string
	Samples map[int][]contender.Sample
}

const besideRounds = 3

// compareBeside has all contenders take the same loads, in turns of some seconds each, so that a change of the machine meets all of them.
func (b *bench) compareBeside(ctx context.Context, o options) (out beside, err error) {
	out.Loads = []int{0, 1000, 100}
	others, err := b.startOthers(ctx, o)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, others.close(ctx)) }()
	out.Left = others.Left
	own, err := contender.OpenTaskwire(ctx, b.stack, b.tokens)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, own.Close(ctx)) }()
	bare, err := contender.StartPgbench(ctx, others.servers, b.stack, b.tokens[0], len(b.tokens))
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, bare.Close(ctx)) }()
	names, running := []string{ofTaskwire, ofPgbench}, []contender.Contender{own, bare}
	if err := own.Connect(len(b.tokens), o.connections, changeBytes); err != nil {
		return out, err
	}
	for i, h := range others.hubs {
		if err := h.Connect(len(b.tokens), o.connections, changeBytes); err != nil {
			leave(out.Left, others.names[i], err)
			continue
		}
		names, running = append(names, others.names[i]), append(running, h)
	}
	for _, name := range names {
		out.Rows = append(out.Rows, besideRow{name, map[int][]contender.Sample{}})
	}
	for i, load := range out.Loads {
		if i == 0 {
			if err := out.round(ctx, running, load, o.scaled(6), false); err != nil { // warms up
				return out, err
			}
		}
		for range besideRounds {
			if err := out.round(ctx, running, load, o.scaled(6), true); err != nil {
				return out, err
			}
		}
	}
	return out, nil
}

// round gives each contender its turn.
func (r *beside) round(ctx context.Context, running []contender.Contender, load int, d time.Duration, counts bool) error {
	for i, c := range running {
		name := r.Rows[i].Name
		if r.Left[name] != nil || load != 0 && name == ofPgbench {
			continue // pgbench has no streams, so there is nothing to compare at a rate
		}
		sample, err := c.Slice(ctx, load, d)
		if err != nil && (name == ofTaskwire || ctx.Err() != nil) {
			return err
		}
		if err != nil {
			leave(r.Left, name, err)
			continue
		}
		fmt.Fprintf(os.Stderr, "  %s, %s: %s\n", name, loadName(load), sample)
		if counts {
			r.Rows[i].Samples[load] = append(r.Rows[i].Samples[load], sample)
		}
	}
	return nil
}

// of finds a contender's samples under a load.
func (r *beside) of(name string, load int) []contender.Sample {
	if r == nil {
		return nil
	}
	i := slices.IndexFunc(r.Rows, func(row besideRow) bool { return row.Name == name })
	if i < 0 {
		return nil
	}
	return r.Rows[i].Samples[load]
}

// ratio is the median of Taskwire's durable writes a second over those of another, round by round; 0 if one is missing.
func (r *beside) ratio(other string) float64 {
	own, others := r.of(ofTaskwire, 0), r.of(other, 0)
	if len(own) == 0 || len(own) != len(others) {
		return 0
	}
	ratios := make([]float64, len(own))
	for i := range own {
		ratios[i] = own[i].Rate / others[i].Rate
	}
	return median(ratios)
}

// medianOf is the median of a figure of the samples.
func medianOf(samples []contender.Sample, of func(contender.Sample) float64) float64 {
	values := make([]float64, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	return median(values)
}

func median(values []float64) float64 {
	return benchmath.AssumeNothing.Summary(benchmath.NewSample(values, &benchmath.DefaultThresholds), 0.95).Center
}

func (r *beside) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n### Beside others, in turns\n\nMedians of %d rounds in which each had its turn. Latencies in milliseconds.\n\n", besideRounds)
	b.WriteString("| load | system | accepted/s | CPU per write in µs | write p50 | p99 | write to another screen p50 | p99 |\n|---|---|--:|--:|--:|--:|--:|--:|\n")
	for _, load := range r.Loads {
		for _, row := range r.Rows {
			samples := row.Samples[load]
			if len(samples) == 0 {
				continue
			}
			at := func(of func(contender.Sample) time.Duration) string {
				d := time.Duration(medianOf(samples, func(s contender.Sample) float64 { return float64(of(s)) }))
				if d == 0 {
					return ""
				}
				return generator.Milliseconds(d)
			}
			fmt.Fprintf(b, "| %s | %s | %.0f | %.0f | %s | %s | %s | %s |\n", loadName(load), row.Name,
				medianOf(samples, func(s contender.Sample) float64 { return s.Rate }),
				medianOf(samples, func(s contender.Sample) float64 { return float64(s.Total) / float64(time.Microsecond) }),
				at(func(s contender.Sample) time.Duration { return s.Write.P50 }), at(func(s contender.Sample) time.Duration { return s.Write.P99 }),
				at(func(s contender.Sample) time.Duration { return s.Screen.P50 }), at(func(s contender.Sample) time.Duration { return s.Screen.P99 }))
		}
	}
	for _, other := range []string{ofPgbench, ofCentrifugo} {
		if ratio := r.ratio(other); ratio > 0 {
			fmt.Fprintf(b, "\nDurable writes, Taskwire : %s = **%.2f**.\n", other, ratio)
		}
	}
	leftOut(b, r.Left)
}

// leftOut says why contenders are missing.
func leftOut(b *strings.Builder, left map[string]error) {
	for _, name := range slices.Sorted(maps.Keys(left)) {
		fmt.Fprintf(b, "\n%s was not measured: %v.\n", name, left[name])
	}
}

func loadName(load int) string {
	if load == 0 {
		return "flat out"
	}
	return fmt.Sprintf("%d/s", load)
}

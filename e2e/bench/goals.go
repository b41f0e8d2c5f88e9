package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"taskwire.dev/e2e/bench/generator"
)

// goal is a figure that Taskwire shall have on a quiet machine with two cores, and with everything on it.
type goal struct {
	text string
	// found is the measured figure; measured is false if this run has not measured it.
	found func(r report) (text string, kept, measured bool)
	// why says what a figure that misses the goal is made of, and what was tried.
	why string
}

func goals() []goal {
	const cpuWhy = "the table of CPU time by process; Interpretation has what was tried"
	return []goal{
		{"durable writes flat out: at least 2,500/s", func(r report) (string, bool, bool) {
			m, ok := r.phase(0)
			return fmt.Sprintf("%.0f/s", m.Accepted), m.Accepted >= 2500, ok
		}, "the CPU time of a write bounds the rate"},
		{"… ahead of Centrifugo on PostgreSQL", func(r report) (string, bool, bool) {
			ratio := r.Beside.ratio(ofCentrifugo)
			return fmt.Sprintf("%.2f of its rate", ratio), ratio > 1, ratio > 0
		}, "Centrifugo inserts one row and keeps neither an audit log nor tasks; the CPU time of a write bounds the rate"},
		{"… beside the bare transaction of pgbench", func(r report) (string, bool, bool) {
			ratio := r.Beside.ratio(ofPgbench)
			return fmt.Sprintf("%.2f of its rate", ratio), true, ratio > 0
		}, ""},
		screenGoal(100, 5*time.Millisecond, 20*time.Millisecond),
		screenGoal(1000, 12*time.Millisecond, 60*time.Millisecond),
		cpuGoal(0, 650, cpuWhy),
		cpuGoal(100, 3000, "each change wakes each process separately; "+cpuWhy),
		{"idle system: at most 0.04 cores", func(r report) (string, bool, bool) {
			if r.System == nil {
				return "", false, false
			}
			return fmt.Sprintf("%.3f", r.System.Cores), r.System.Cores <= 0.04, true
		}, "nine sidecars and their timers"},
		{"… and 400 MB (proportional)", func(r report) (string, bool, bool) {
			if r.System == nil {
				return "", false, false
			}
			return fmt.Sprintf("%.0f MB", megabytes(r.System.Proportional)), r.System.Proportional <= 400<<20, true
		}, "nine sidecars have 17 MB each that they share with no other, eleven functions 12 MB, and PostgreSQL some 70 MB"},
		{"fan-out to 50 streams: at most 60 µs of CPU a delivery", func(r report) (string, bool, bool) {
			f, ok := r.FanOut.of(ofTaskwire, 50)
			return fmt.Sprintf("%.1f µs", float64(f.Each)/float64(time.Microsecond)), f.Each <= 60*time.Microsecond, ok
		}, "a fiftieth of the write, which is not batched with others here, is included"},
		{"fan-out to 5,000 streams: at least 400,000 deliveries/s", func(r report) (string, bool, bool) {
			f, ok := r.FanOut.of(ofTaskwire, 5000)
			return fmt.Sprintf("%.0f/s", f.PerSecond), f.PerSecond >= 400_000, ok
		}, "the load generator, which reads every stream, takes about half of the two cores"},
		{"20,000 idle streams: at most 3 KB each", func(r report) (string, bool, bool) {
			if r.Idle == nil || r.Idle.Streams < 19_000 { // a machine may allow a process no more than 20,000 open files
				return "", false, false
			}
			return fmt.Sprintf("%.1f KB of %d", r.Idle.each(), r.Idle.Streams), r.Idle.each() <= 3, true
		}, "a goroutine's stack and the buffers of net/http"},
		{"catch-up of waiting events: at least 5,000/s", func(r report) (string, bool, bool) {
			if r.CatchUp == nil {
				return "", false, false
			}
			return fmt.Sprintf("%.0f/s of %d", r.CatchUp.rate(), r.CatchUp.Rows), r.CatchUp.rate() >= 5000, true
		}, "all consumers read along on the same two cores"},
		{"`make up`, warm: at most 10 s", func(r report) (string, bool, bool) {
			if r.StartUp == nil {
				return "", false, false
			}
			return fmt.Sprintf("%.1f s", r.StartUp.Warm.Seconds()), r.StartUp.Warm <= 10*time.Second, true
		}, "the go tool checks each function's sources in turn"},
		{"… cold: at most 6 minutes", func(r report) (string, bool, bool) {
			if r.StartUp == nil || r.StartUp.Cold == 0 {
				return "", false, false
			}
			return fmt.Sprintf("%.1f minutes", r.StartUp.Cold.Minutes()), r.StartUp.Cold <= 6*time.Minute, true
		}, "compiling the Dapr sidecar takes most of it"},
		{"functions' images: a layer of at most 15 MB", func(r report) (string, bool, bool) {
			if r.Functions == nil {
				return "", false, false
			}
			row := r.Functions.largest()
			return fmt.Sprintf("at most %.1f MB (%s)", megabytes(row.Layer), row.Name), row.Layer <= 15<<20, true
		}, "OpenTelemetry's exporters, gRPC and pgx"},
		{"cold start: ready within 150 ms", func(r report) (string, bool, bool) {
			if r.Functions == nil {
				return "", false, false
			}
			row := r.Functions.slowest()
			return fmt.Sprintf("at most %s ms (%s)", generator.Milliseconds(row.Start), row.Name), row.Start <= 150*time.Millisecond, true
		}, "connecting to the database and asking the sidecar"},
	}
}

func screenGoal(rate int, p50, p99 time.Duration) goal {
	return goal{
		fmt.Sprintf("a write on another screen at %d/s: p50 at most %s ms, p99 %s ms", rate, generator.Milliseconds(p50), generator.Milliseconds(p99)),
		func(r report) (string, bool, bool) {
			m, ok := r.phase(rate)
			return fmt.Sprintf("p50 %s ms, p99 %s ms", generator.Milliseconds(m.Screen.P50), generator.Milliseconds(m.Screen.P99)),
				m.Screen.P50 <= p50 && m.Screen.P99 <= p99 && m.Missing == 0, ok
		},
		"it passes the gateway, the tasks function, a commit, and the gateway's read of the log, which all wait for one of two cores",
	}
}

func cpuGoal(rate, microseconds int, why string) goal {
	return goal{
		fmt.Sprintf("CPU per write, %s: at most %d µs", loadName(rate), microseconds),
		func(r report) (string, bool, bool) {
			m, ok := r.phase(rate)
			if !ok {
				return "", false, false
			}
			found := float64(m.total().Microseconds()) / (m.Accepted * m.Elapsed.Seconds())
			return fmt.Sprintf("%.0f µs", found), found <= float64(microseconds), true
		},
		why,
	}
}

// phase finds the measurement of writes at a rate.
func (r report) phase(rate int) (measured, bool) {
	i := slices.IndexFunc(r.Phases, func(m measured) bool { return m.Rate == rate })
	if i < 0 {
		return measured{}, false
	}
	return r.Phases[i], true
}

// total is the CPU time of all parts, without the load generator.
func (m measured) total() (all time.Duration) {
	for _, d := range m.cpu() {
		all += d
	}
	return all
}

// goals writes the table of goals and what this run found.
func (r report) goals(b *strings.Builder) {
	b.WriteString("\n### Goals\n\nFor a quiet machine with two cores, with everything on it.\n\n| goal | found | kept | why not |\n|---|---|---|---|\n")
	for _, g := range goals() {
		found, kept, measured := g.found(r)
		switch {
		case !measured:
			fmt.Fprintf(b, "| %s | not measured in this run | | |\n", g.text)
		case g.why == "":
			fmt.Fprintf(b, "| %s | %s | | for comparison |\n", g.text, found)
		case kept:
			fmt.Fprintf(b, "| %s | %s | yes | |\n", g.text, found)
		default:
			fmt.Fprintf(b, "| %s | %s | **no** | %s |\n", g.text, found, g.why)
		}
	}
}

package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"taskwire.dev/e2e/bench/generator"
	"taskwire.dev/e2e/machine"
	"taskwire.dev/e2e/stack"
)

// report has all measurements.
type report struct {
	Machine machine.Machine
	options options
	Took    time.Duration
	Memory  struct{ Idle []stack.Usage }
	Phases  []measured

	System     *idleSystem
	Beside     *beside
	FanOut     *fanOut
	Backlog    *imported
	Recurrence *recurrence
	Reminders  *reminders
	Growth     []curve
	CatchUp    *catchUp
	Idle       *idle
	Functions  *functions
	StartUp    *startUp
}

// The limits that the results are compared with.
const (
	functionMB = 64
	sidecarMB  = 128
)

func (m measured) line() string {
	return fmt.Sprintf("%-9s %6.0f writes/s  write p50 %v p99 %v max %v  commit-to-stream p50 %v p99 %v max %v  outbox max %d end %d  %s",
		m.Name, m.Accepted, m.Write.P50, m.Write.P99, m.Write.Max, m.Stream.P50, m.Stream.P99, m.Stream.Max,
		m.Backlog.Max, m.Backlog.End, m.verdict())
}

func (r report) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Machine: %s. The run took %.0f minutes.\n", r.Machine, r.Took.Minutes())
	if r.options.scale != 1 {
		fmt.Fprintf(&b, "\n**Measured for only %.0f %% of the usual time.**\n", 100*r.options.scale)
	}
	r.goals(&b)
	if len(r.Phases) > 0 {
		r.writes(&b)
		r.targets(&b)
		r.memory(&b)
		r.cpu(&b)
	}
	section(&b, r.System)
	section(&b, r.Beside)
	section(&b, r.FanOut)
	section(&b, r.Backlog)
	section(&b, r.Recurrence)
	section(&b, r.Reminders)
	section(&b, r.CatchUp)
	section(&b, r.Idle)
	section(&b, r.Functions)
	section(&b, r.StartUp)
	if curves := r.curves(); len(curves) > 0 {
		growth(&b, curves)
	}
	return b.String()
}

// section writes a measurement's part, if it was made.
func section[T any, P interface {
	*T
	markdown(*strings.Builder)
}](b *strings.Builder, found P) {
	if found != nil {
		found.markdown(b)
	}
}

func (r report) curves() []curve {
	if r.Idle == nil {
		return r.Growth
	}
	return append(slices.Clone(r.Growth), r.Idle.Memory)
}

func (r report) writes(b *strings.Builder) {
	fmt.Fprintf(b, "\n### Writes: %d users, each with an open stream, over %d connections\n\n", r.options.users, r.options.connections)
	b.WriteString("Latencies in milliseconds.\n\n")
	b.WriteString("| load | seconds | accepted/s | failed | write p50 | p95 | p99 | max | commit-to-stream p50 | p95 | p99 | max | to another screen p50 | p99 | outbox rows, max | at the end | growth in rows/s | last frame after |\n")
	b.WriteString("|---|" + strings.Repeat("--:|", 17) + "\n")
	for _, m := range r.Phases {
		fmt.Fprintf(b, "| %s | %.0f | %.0f | %d | %s | %s | %s | %s | %d | %d | %.1f | %s ms |\n", m.Name, m.Elapsed.Seconds(), m.Accepted, m.Failures,
			m.Write.Cells(), m.Stream.Cells(), generator.Milliseconds(m.Screen.P50), generator.Milliseconds(m.Screen.P99), m.Backlog.Max, m.Backlog.End, m.growth(), generator.Milliseconds(m.Drain))
	}
	for _, m := range r.Phases {
		if v := m.verdict(); v != "" {
			fmt.Fprintf(b, "\n%s: %s.\n", m.Name, v)
		}
	}
}

// targets writes the table of targets and results.
func (r report) targets(b *strings.Builder) {
	b.WriteString("\n### Targets\n\n| target | result | |\n|---|---|---|\n")
	row := func(promise, found string, met bool) {
		verdict := "met"
		if !met {
			verdict = "**not met**"
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", promise, found, verdict)
	}
	for _, m := range r.Phases {
		stream := fmt.Sprintf("p99 %s ms", generator.Milliseconds(m.Stream.P99))
		switch {
		case m.Rate == 100:
			row("100 writes/s: p99 commit-to-stream under 50 ms", stream, m.Stream.P99 < 50*time.Millisecond && m.Missing == 0)
		case m.Rate == 1000:
			row("1,000 writes/s for 60 s: accepted", fmt.Sprintf("%.0f/s", m.Accepted), m.Accepted > 990 && m.Failures == 0)
			row("… p99 commit-to-stream under 250 ms", stream, m.Stream.P99 < 250*time.Millisecond && m.Missing == 0)
			row("… no growing backlog", fmt.Sprintf("%.1f rows/s growth, %d rows at the end", m.growth(), m.Backlog.End), !m.grows())
		case m.Rate == 0:
			row("flat out: at least 2,000 writes/s", fmt.Sprintf("%.0f/s", m.Accepted), m.Accepted >= 2000 && m.Failures == 0)
		}
	}
	function, sidecar := r.peaks()
	row(fmt.Sprintf("every function under %d MB", functionMB), function.String(), function.bytes < functionMB<<20)
	row(fmt.Sprintf("every sidecar under %d MB", sidecarMB), sidecar.String(), sidecar.bytes < sidecarMB<<20)
}

type peak struct {
	name  string
	bytes int64
}

func (p peak) String() string { return fmt.Sprintf("at most %.0f MB (%s)", megabytes(p.bytes), p.name) }

// peaks finds the largest function and the largest sidecar.
func (r report) peaks() (function, sidecar peak) {
	for _, m := range r.Phases {
		for _, u := range m.After {
			switch {
			case slices.Contains([]string{stack.Postgres, stack.Redis, stack.Broker}, u.Name):
			case strings.HasSuffix(u.Name, "-dapr"):
				if u.Peak > sidecar.bytes {
					sidecar = peak{u.Name, u.Peak}
				}
			case u.Peak > function.bytes:
				function = peak{u.Name, u.Peak}
			}
		}
	}
	return function, sidecar
}

func megabytes(bytes int64) float64 { return float64(bytes) / (1 << 20) }

func (r report) memory(b *strings.Builder) {
	b.WriteString("\n### Resident memory in MB: idle, then the peak of each measurement (PostgreSQL: at its end)\n\n| process | before |")
	for _, m := range r.Phases {
		fmt.Fprintf(b, " %s |", m.Name)
	}
	b.WriteString("\n|---|--:|" + strings.Repeat("--:|", len(r.Phases)) + "\n")
	for _, before := range r.Memory.Idle {
		fmt.Fprintf(b, "| %s | %.1f |", before.Name, megabytes(before.RSS))
		for _, m := range r.Phases {
			i := slices.IndexFunc(m.After, func(u stack.Usage) bool { return u.Name == before.Name })
			if i < 0 {
				b.WriteString(" |")
				continue
			}
			fmt.Fprintf(b, " %.1f |", megabytes(m.After[i].Peak))
		}
		b.WriteString("\n")
	}
}

func (r report) cpu(b *strings.Builder) {
	b.WriteString("\n### CPU time per accepted write in microseconds (cores in use)\n\n| process |")
	parts := map[string]bool{}
	for _, m := range r.Phases {
		fmt.Fprintf(b, " %s |", m.Name)
		for name := range m.cpu() {
			parts[name] = true
		}
	}
	b.WriteString("\n|---|" + strings.Repeat("--:|", len(r.Phases)) + "\n")
	row := func(name string, used func(measured) time.Duration) {
		fmt.Fprintf(b, "| %s |", name)
		for _, m := range r.Phases {
			d, seconds := used(m), m.Elapsed.Seconds()
			fmt.Fprintf(b, " %.0f (%.2f) |", float64(d.Microseconds())/(m.Accepted*seconds), d.Seconds()/seconds)
		}
		b.WriteString("\n")
	}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		row(name, func(m measured) time.Duration { return m.cpu()[name] })
	}
	row("load generator", func(m measured) time.Duration { return m.Generator })
	row("**all**", func(m measured) time.Duration {
		all := m.Generator
		for _, d := range m.cpu() {
			all += d
		}
		return all
	})
}

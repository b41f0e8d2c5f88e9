package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"taskwire.dev/e2e/machine"
)

// report is what users felt in each step.
type report struct {
	machine machine.Machine
	load    string
	steps   []done
	notes   []string
	upgrade string
	options options
}

// felt is what users saw between the beginning of a step and the moment when all was well again.
type felt struct {
	accepted int
	failed   map[string]int // by status
	slowest  time.Duration  // of the accepted writes
	silence  time.Duration  // the longest time without a change on any stream
}

func (w *world) felt(began, well time.Time) felt {
	f := felt{failed: map[string]int{}}
	w.mu.Lock()
	for _, a := range w.attempts {
		switch {
		case a.sent.Before(began) || a.sent.After(well):
		case a.status != "":
			f.failed[a.status]++
		default:
			f.accepted++
			f.slowest = max(f.slowest, a.took)
		}
	}
	w.mu.Unlock()
	for _, l := range w.listeners {
		f.silence = max(f.silence, longest(l.Report().Arrivals, began, well))
	}
	return f
}

// longest returns the longest time between two arrivals, as far as it lies between began and well.
func longest(arrivals []time.Time, began, well time.Time) time.Duration {
	var found time.Duration
	last := began
	for _, at := range append(arrivals, well) {
		if at.After(began) && !at.After(well) {
			found = max(found, at.Sub(last))
			last = at
		}
	}
	return found
}

func (f felt) failures() string {
	if len(f.failed) == 0 {
		return "0"
	}
	var parts []string
	for _, status := range slices.Sorted(maps.Keys(f.failed)) {
		parts = append(parts, fmt.Sprintf("%d × %s", f.failed[status], status))
	}
	return strings.Join(parts, ", ")
}

func (r report) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Machine: %s. Load average when it began (1, 5 and 15 minutes): %s.\n\n", r.machine, r.load)
	fmt.Fprintf(&b, "%d writes a second by %d users with %d open streams each, all on this machine; each tenth write is a recurring task that is then completed.\n\n",
		r.options.rate, r.options.users, r.options.streams)
	b.WriteString("| step | how long | writes accepted | failed or refused | slowest accepted write | longest time without a change on a stream | until all was well again | lost |\n")
	b.WriteString("|---|--:|--:|---|--:|--:|--:|--:|\n")
	for _, s := range r.steps {
		length := "–"
		if !s.instant {
			length = seconds(s.ended.Sub(s.began))
		}
		fmt.Fprintf(&b, "| %s | %s | %d | %s | %s | %s | %s | %d |\n", s.name, length, s.felt.accepted, s.felt.failures(), seconds(s.felt.slowest),
			seconds(s.felt.silence), seconds(s.well.Sub(s.ended)), s.lost)
	}
	b.WriteString("\n")
	for _, note := range r.notes {
		b.WriteString("- " + note + "\n")
	}
	if r.upgrade != "" {
		fmt.Fprintf(&b, "\n### Upgrade from %s, and back\n\nOn another pair of stacks, with five users and without streams:\n\n```\n%s```\n", r.options.from, r.upgrade)
	}
	b.WriteString("\n### Left out\n\n")
	for _, what := range r.leftOut() {
		b.WriteString("- " + what + "\n")
	}
	return b.String()
}

func (r report) leftOut() []string {
	var all []string
	if r.upgrade == "" {
		all = append(all, "Stepping back to an earlier version: none was named. `make rehearse FROM=<commit or tag>` does it.")
	}
	return append(all,
		"Draining a node: it needs a cluster with more than one node. Here the only gateway was ended, so that nothing could take over its streams.",
		"Rolling back a release by its images: it needs a cluster and two releases (`make rollback VERSION=…`).",
		"The failover of a managed database or of a broker with replicas: here there is one server of each, and it came back with its disk.",
	)
}

func seconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// loadAverage says how busy the machine was with anything else.
func loadAverage() string {
	content, err := os.ReadFile("/proc/loadavg")
	if fields := strings.Fields(string(content)); err == nil && len(fields) >= 3 {
		return strings.Join(fields[:3], ", ")
	}
	return "unknown"
}

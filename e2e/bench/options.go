package main

import (
	"cmp"
	"flag"
	"fmt"
	"path/filepath"
	"time"

	"taskwire.dev/tools/ports"
)

type options struct {
	only        string
	quick       bool
	users       int
	connections int
	streams     int
	scale       float64
	warmUp      time.Duration
	profile     string
	base        int
	up          bool
	keep        bool
	fresh       bool
	output      string
	upArgs      string
	direct      bool
	recurring   int
	due         int
	waiting     int
	tasks       int
	cold        bool
}

// spareBase is the first port of the second half of the stack's range, which another stack takes.
func (o options) spareBase() int {
	return cmp.Or(o.base, ports.Base("bench")) + ports.Each/2
}

func parse() options {
	var o options
	flag.StringVar(&o.only, "only", "", "which measurements, separated by commas, of those above or any other rate; empty for all above")
	flag.BoolVar(&o.quick, "quick", false, "everything, but too short and too small for figures to keep: to see that it works")
	flag.IntVar(&o.users, "users", 125, "users, each with an open stream")
	flag.IntVar(&o.connections, "connections", 64, "connections that write")
	flag.IntVar(&o.streams, "streams", 20_000, "idle streams")
	flag.Float64Var(&o.scale, "scale", 1, "fraction of the usual time for each measurement; lower it while developing")
	flag.DurationVar(&o.warmUp, "warm-up", 5*time.Second, "before each measurement of writes")
	flag.StringVar(&o.profile, "profile", "bench", "the stack to measure")
	flag.IntVar(&o.base, "base", 0, "first port of that stack; 0 for the profile's default")
	flag.BoolVar(&o.up, "up", true, "start the stack; if false, it must be running")
	flag.BoolVar(&o.fresh, "fresh", true, "delete the data of earlier runs first")
	flag.BoolVar(&o.keep, "keep", false, "leave the stack running")
	flag.StringVar(&o.output, "o", filepath.Join("docs", "benchmarks.md"), "the document to write the results to, from the repository's root; empty for none")
	flag.StringVar(&o.upArgs, "up-args", "", "further arguments for starting the stack")
	flag.IntVar(&o.recurring, "recurring", 10_000, "completions of recurring tasks")
	flag.IntVar(&o.due, "due", 100_000, "reminders that are due at once")
	flag.IntVar(&o.waiting, "waiting", 100_000, "events that wait for the broker; the goal is for 1000000, which takes about ten minutes")
	flag.IntVar(&o.tasks, "tasks", 100_000, "tasks of one user, at most; 1000000 takes some minutes more")
	flag.BoolVar(&o.cold, "cold", false, "also measure a first start from a fresh clone without any cache, which takes minutes")
	flag.BoolVar(&o.direct, "direct", false, "write to the tasks function itself, past the front door, and without streams: to see what those cost")
	flag.Usage = func() {
		out := flag.CommandLine.Output()
		fmt.Fprint(out, "bench measures a separate stack, and writes the results into docs/benchmarks.md. All of it takes about 15 minutes.\n\nMeasurements:\n")
		for _, m := range measurements() {
			fmt.Fprintf(out, "  %-11s %s\n", m.name, m.help)
		}
		fmt.Fprint(out, "\nOptions:\n")
		flag.PrintDefaults()
	}
	flag.Parse()
	if o.quick {
		o.scale, o.warmUp = 0.1, time.Second
		o.streams = 500
		o.recurring, o.due, o.waiting, o.tasks = 500, 1000, 20_000, 10_000
		o.output = ""
	}
	return o
}

package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// measurement is a part of the benchmark, which writes what it finds into the report.
type measurement struct {
	name  string
	help  string
	doing string
	run   func(ctx context.Context, b *bench, o options, r *report) error
}

// measurements are all parts, in the order in which they disturb each other the least: first those that an earlier load would spoil.
func measurements() []measurement {
	return []measurement{
		{"system", "CPU and memory of a system that nobody uses", "Watching the system idle", kept(func(r *report) **idleSystem { return &r.System }, (*bench).idleSystem)},
		rate(100), rate(1000), rate(0),
		{"beside", "pgbench, Centrifugo and Mercure beside Taskwire, in turns", "Comparing with others in turns", kept(func(r *report) **beside { return &r.Beside }, (*bench).compareBeside)},
		{"fanout", "one user's change to 50 and to 5,000 streams, beside others", "Fanning out", kept(func(r *report) **fanOut { return &r.FanOut }, (*bench).fanOuts)},
		{"backlog", "one user's import that waits for its sidecar", "Having one user's import wait for its sidecar", kept(func(r *report) **imported { return &r.Backlog }, (*bench).backlogged)},
		{"recurrence", "recurring tasks that were completed while their consumer was down", "Completing recurring tasks", kept(func(r *report) **recurrence { return &r.Recurrence }, (*bench).recurrences)},
		{"reminders", "reminders that are due at once", "Having reminders due", kept(func(r *report) **reminders { return &r.Reminders }, (*bench).remind)},
		{"users", "how the cost of a write grows with users", "Growing the users", grown((*bench).growUsers)},
		{"tasks", "how lists, search and writes grow with the tasks of one user", "Growing the tasks of one user", grown((*bench).growTasks)},
		{"catchup", "events of all users that wait for the broker", "Having events of all users wait", kept(func(r *report) **catchUp { return &r.CatchUp }, (*bench).catchUp)},
		{"idle", "how memory grows with idle streams, beside others", "Opening idle streams", kept(func(r *report) **idle { return &r.Idle }, (*bench).idleStreams)},
		{"functions", "size and cold start of each function", "Starting each function", kept(func(r *report) **functions { return &r.Functions }, (*bench).functions)},
		{"up", "how long make up takes", "Starting the system again", kept(func(r *report) **startUp { return &r.StartUp }, (*bench).startUp)},
	}
}

// kept is a measurement whose result has a place in the report.
func kept[T any](place func(*report) **T, measure func(*bench, context.Context, options) (T, error)) func(context.Context, *bench, options, *report) error {
	return func(ctx context.Context, b *bench, o options, r *report) error {
		found, err := measure(b, ctx, o)
		if err == nil {
			*place(r) = &found
		}
		return err
	}
}

// grown is a measurement of curves.
func grown(measure func(*bench, context.Context, options) ([]curve, error)) func(context.Context, *bench, options, *report) error {
	return func(ctx context.Context, b *bench, o options, r *report) error {
		found, err := measure(b, ctx, o)
		r.Growth = append(r.Growth, found...)
		return err
	}
}

// rate is the measurement of writes at a rate, or flat out if it is 0.
func rate(perSecond int) measurement {
	name, title, seconds := strconv.Itoa(perSecond), fmt.Sprintf("%d/s", perSecond), 60.0
	switch {
	case perSecond == 0:
		name, title, seconds = "flat", "flat out", 20
	case perSecond <= 100:
		seconds = 30
	}
	return measurement{name, "writes, " + title, "Measuring writes, " + title, func(ctx context.Context, b *bench, o options, r *report) error {
		m, err := b.run(ctx, phase{Name: title, Rate: perSecond, Duration: o.scaled(seconds), Connections: o.connections})
		if err != nil {
			return err
		}
		r.Phases = append(r.Phases, m)
		fmt.Println(m.line())
		return nil
	}}
}

// scaled is a usual time in seconds, as the options want it.
func (o options) scaled(seconds float64) time.Duration {
	return time.Duration(seconds * o.scale * float64(time.Second))
}

// choose returns the wanted measurements.
func choose(o options) ([]measurement, error) {
	all := measurements()
	if o.only == "" {
		return all, nil
	}
	var chosen []measurement
	for name := range strings.SplitSeq(o.only, ",") {
		if i := slices.IndexFunc(all, func(m measurement) bool { return m.name == name }); i >= 0 {
			chosen = append(chosen, all[i])
			continue
		}
		perSecond, err := strconv.Atoi(name)
		if err != nil || perSecond <= 0 {
			return nil, fmt.Errorf("-only %q: want rates, or names that -help lists", name)
		}
		chosen = append(chosen, rate(perSecond))
	}
	return chosen, nil
}

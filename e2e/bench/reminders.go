package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"taskwire.dev/e2e/stack"
)

// reminders is the result of letting many reminders become due while no clock ticked, and then letting it tick.
type reminders struct {
	Due       int
	Tick      time.Duration // from the first sent reminder to the last
	Published time.Duration // from the last sent reminder until all were in the broker
	Notified  time.Duration // from the start of the tick until all were notifications
	Made      int           // reminders that are in a notification
	Digests   int
	CPU       map[string]time.Duration
	Clock     peak // resident memory of overdue-check
	FanIn     peak
}

const (
	clock = "overdue-check"
	fanIn = "reminder-fan-in"
	// tickLimit is the promised time for a tick over 100,000 reminders.
	tickLimit = time.Minute
)

// remind makes reminders of all users due at once, and measures how they are processed.
func (b *bench) remind(ctx context.Context, o options) (out reminders, err error) {
	if err := b.stack.Hold(ctx, clock); err != nil {
		return out, err
	}
	if out.Due, err = b.makeDue(ctx, o.due); err != nil {
		return out, err
	}
	if err := b.stack.ResetPeaks(ctx); err != nil {
		return out, err
	}
	before, err := b.stack.Usages(ctx)
	if err != nil {
		return out, err
	}
	if err := b.stack.Release(ctx, clock); err != nil {
		return out, err
	}
	const left = `SELECT count(*) FROM task_reminder WHERE remind_at <= now()`
	var begun time.Time
	for waiting := out.Due; waiting > 0; {
		if err := b.db.QueryRow(ctx, left).Scan(&waiting); err != nil {
			return out, err
		}
		if begun.IsZero() && waiting < out.Due {
			begun = time.Now()
		}
		time.Sleep(20 * time.Millisecond) // the polling interval
	}
	sent := time.Now()
	out.Tick = sent.Sub(begun)
	if err := b.untilCount(ctx, `SELECT count(*) FROM outbox WHERE topic = 'reminders'`, 0); err != nil {
		return out, err
	}
	out.Published = time.Since(sent)
	const made = `SELECT count(*) FROM notification WHERE title = 'Due at the same time as all others'`
	if err := b.untilCount(ctx, made, out.Due); err != nil {
		return out, err
	}
	out.Notified = time.Since(begun)
	if err := b.db.QueryRow(ctx, made).Scan(&out.Made); err != nil {
		return out, err
	}
	if err := b.db.QueryRow(ctx, `SELECT count(*) FROM notification WHERE kind = 'digest'`).Scan(&out.Digests); err != nil {
		return out, err
	}
	after, err := b.stack.Usages(ctx)
	if err != nil {
		return out, err
	}
	out.CPU = stack.CPU(before, after)
	for _, u := range after {
		switch u.Name {
		case clock:
			out.CPU[clock], out.Clock = u.CPU, peak{u.Name, u.Peak} // it is a new process
		case fanIn:
			out.FanIn = peak{u.Name, u.Peak}
		}
	}
	return out, nil
}

// makeDue writes tasks with reminders that are due, spread evenly over all users, bypassing the API: only what follows
// is measured.
func (b *bench) makeDue(ctx context.Context, n int) (int, error) {
	const tasks = `
WITH made AS (
  INSERT INTO task (user_id, id, title, description, priority, tags, due_at, reminders, position, version, created_at, updated_at)
  SELECT s.user_id, gen_random_uuid(), 'Due at the same time as all others', '', 0, '{}', now() + interval '30 minutes', '{PT1H}', 'a0', 1, now(), now()
  FROM user_stream s, generate_series(1, $1::integer / (SELECT count(*) FROM user_stream))
  RETURNING user_id, id, due_at
), planned AS (
  INSERT INTO task_reminder (user_id, task_id, kind, time_window, by_lead, due_at, remind_at)
  SELECT user_id, id, 'upcoming', 'PT1H', false, due_at, due_at - interval '1 hour' FROM made
)
SELECT count(*) FROM made`
	var made int
	return made, b.db.QueryRow(ctx, tasks, n).Scan(&made)
}

func (r *reminders) markdown(b *strings.Builder) {
	verdict := "met"
	if r.Tick >= tickLimit || r.Clock.bytes >= functionMB<<20 || r.Made != r.Due {
		verdict = "**not met**"
	}
	fmt.Fprintf(b, "\n### Reminders\n\nOne tick over %d due reminders took **%.1f s** (target for 100,000: under %.0f s and %d MB; %s); the last event "+
		"was in the broker %.1f s later. All %d reminders were in notifications, each in one, %.1f s after the tick began, %.0f/s, %d of them digests. Resident memory: %s; %s.\n\n",
		r.Due, r.Tick.Seconds(), tickLimit.Seconds(), functionMB, verdict, r.Published.Seconds(), r.Made, r.Notified.Seconds(),
		float64(r.Made)/r.Notified.Seconds(), r.Digests, r.Clock, r.FanIn)
	b.WriteString("| process | CPU time per reminder in microseconds |\n|---|--:|\n")
	for _, name := range []string{stack.Postgres, clock, stack.Sidecar(clock), fanIn, stack.Sidecar(fanIn), stack.Redis, stack.Broker} {
		fmt.Fprintf(b, "| %s | %.0f |\n", name, float64(r.CPU[name].Microseconds())/float64(r.Due))
	}
}

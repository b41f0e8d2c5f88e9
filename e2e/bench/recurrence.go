package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/stack"
)

// recurrence is the result of completing many recurring tasks while recurring-spawn was down, and then letting it catch
// up.
type recurrence struct {
	Completions int
	Start       time.Duration // from starting the function to the first successor
	Work        time.Duration // from the first successor to the last
	Made        int
	Published   time.Duration // from the last successor until the outbox was empty
	CPU         map[string]time.Duration
	Peak        peak // the function's
}

// recurrenceRate is the promised number of successors a second.
const recurrenceRate = 500

const spawner = "recurring-spawn"

// spawnLimit bounds the time to catch up.
const spawnLimit = 10 * time.Minute

func (r recurrence) rate() float64 { return float64(r.Made) / r.Work.Seconds() }

// recurrences completes recurring tasks, spread evenly over all users, and measures how fast their successors are
// created.
func (b *bench) recurrences(ctx context.Context, o options) (out recurrence, err error) {
	n := o.recurring
	out.Completions = n
	if err := b.stack.Hold(ctx, spawner); err != nil {
		return out, err
	}
	begun := time.Now()
	if err := b.completeRecurring(ctx, n); err != nil {
		return out, err
	}
	if err := b.outboxEmpty(ctx); err != nil {
		return out, err
	}
	before, err := b.stack.Usages(ctx)
	if err != nil {
		return out, err
	}
	started := time.Now()
	if err := b.stack.Release(ctx, spawner); err != nil {
		return out, err
	}
	if err := b.untilCount(ctx, `SELECT $2 - count(*) FROM task_event WHERE actor = 'system:recurring-spawn' AND occurred_at > $1`, 0, begun, n); err != nil {
		return out, err
	}
	var first, last time.Time
	const span = `SELECT min(occurred_at), max(occurred_at), count(*) FROM task_event WHERE actor = 'system:recurring-spawn' AND occurred_at > $1`
	if err := b.db.QueryRow(ctx, span, begun).Scan(&first, &last, &out.Made); err != nil {
		return out, err
	}
	if err := b.outboxEmpty(ctx); err != nil {
		return out, err
	}
	out.Start, out.Work, out.Published = first.Sub(started), last.Sub(first), time.Since(last)
	after, err := b.stack.Usages(ctx)
	if err != nil {
		return out, err
	}
	out.CPU = stack.CPU(before, after)
	for _, u := range after {
		if u.Name == spawner {
			out.CPU[spawner], out.Peak = u.CPU, peak{u.Name, u.Peak} // it is a new process
		}
	}
	return out, nil
}

// completeRecurring creates and completes the tasks, in batches of a hundred.
func (b *bench) completeRecurring(ctx context.Context, n int) error {
	const perBatch = 50 // each is created and completed
	jobs := make(chan string, n/perBatch+1)
	for i := 0; i < n; i += perBatch {
		jobs <- b.tokens[i/perBatch%len(b.tokens)]
	}
	close(jobs)
	errs := make(chan error, 8)
	var group sync.WaitGroup
	for range cap(errs) {
		group.Go(func() {
			for token := range jobs {
				if err := b.completeBatch(ctx, token, perBatch); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	group.Wait()
	close(errs)
	return <-errs
}

func (b *bench) completeBatch(ctx context.Context, token string, n int) error {
	c := client.New("http://"+b.address, http.DefaultTransport).As(token)
	due := time.Now().AddDate(1, 0, 0).UTC()
	operations := make([]client.Operation, n)
	for i := range operations {
		operations[i] = client.Operation{Op: "create", Task: client.Fields{
			"title": fmt.Sprint("Again and again, number ", i), "due_at": due, "timezone": "Europe/Berlin", "tags": []string{"bench"},
			"recurrence": client.Fields{"rrule": "FREQ=WEEKLY;BYDAY=MO,TH", "mode": "schedule"},
		}}
	}
	made, err := c.Batch(ctx, operations...)
	if err != nil {
		return err
	}
	for i, r := range made {
		operations[i] = client.Operation{Op: "complete", ID: r.ID}
	}
	_, err = c.Batch(ctx, operations...)
	return err
}

// outboxEmpty waits until every event is in the broker.
func (b *bench) outboxEmpty(ctx context.Context) error {
	return b.untilCount(ctx, `SELECT count(*) FROM (SELECT FROM outbox LIMIT 1) AS rest`, 0)
}

// untilCount waits until a query returns a number.
func (b *bench) untilCount(ctx context.Context, query string, want int, args ...any) error {
	ctx, cancel := context.WithTimeout(ctx, spawnLimit)
	defer cancel()
	for {
		var n int
		if err := b.db.QueryRow(ctx, query, args...).Scan(&n); err != nil {
			return err
		}
		if n == want {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: still %d, want %d: %w", query, n, want, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (r *recurrence) markdown(b *strings.Builder) {
	verdict := "met"
	if r.rate() < recurrenceRate || r.Made != r.Completions {
		verdict = "**not met**"
	}
	fmt.Fprintf(b, "\n### Recurring tasks\n\n%d completions of recurring tasks were waiting for recurring-spawn. It created %d successors in %.1f s, "+
		"**%.0f/s** (target: %d/s; %s), the first %.1f s after its start. The last event was in the broker %.1f s after the last "+
		"successor was created. Resident memory: %s.\n\n", r.Completions, r.Made, r.Work.Seconds(), r.rate(), recurrenceRate, verdict,
		r.Start.Seconds(), r.Published.Seconds(), r.Peak)
	b.WriteString("| process | CPU time per successor in microseconds |\n|---|--:|\n")
	for _, name := range []string{stack.Postgres, spawner, stack.Sidecar(spawner), stack.Broker} {
		fmt.Fprintf(b, "| %s | %.0f |\n", name, float64(r.CPU[name].Microseconds())/float64(r.Made))
	}
}

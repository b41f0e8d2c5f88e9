package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/stack"
	"taskwire.dev/shared/outbox"
)

// imported is the result of one user's import that waited in the outbox while the publishers' sidecars were down: how
// fast it was published, and how long another user meanwhile waited for the successor of a completed task.
type imported struct {
	Rows  int           // that waited when the first had gone
	Drain time.Duration // from then until none was left
	Waits []time.Duration
}

const (
	backlogRows = 20_000
	// drainRate is the promised number of rows a second for one user, and othersWait the promised longest wait of
	// others.
	drainRate  = 2000
	othersWait = 500 * time.Millisecond
	// successorPoll is the resolution of that measurement.
	successorPoll = 2 * time.Millisecond
)

func (l imported) rate() float64 { return float64(l.Rows) / l.Drain.Seconds() }

// backlogged measures the backlog of the first user, and its effect on the second one.
func (b *bench) backlogged(ctx context.Context, o options) (out imported, err error) {
	publishers := []string{stack.Sidecar("tasks"), stack.Sidecar("outbox-relay")}
	for _, sidecar := range publishers {
		if err := b.stack.Hold(ctx, sidecar); err != nil {
			return out, err
		}
	}
	if err := b.importTasks(ctx, b.tokens[0], min(backlogRows, o.waiting)/2, importedTitle); err != nil { // each is two rows
		return out, err
	}
	for _, sidecar := range publishers {
		if err := b.stack.Release(ctx, sidecar); err != nil {
			return out, err
		}
	}
	var importer string
	if err := b.db.QueryRow(ctx, `SELECT user_id::text FROM outbox ORDER BY id LIMIT 1`).Scan(&importer); err != nil {
		return out, err
	}
	neighbour, err := neighbourOf(importer, b.tokens)
	if err != nil {
		return out, err
	}
	// Time and rows count from when the first row has gone, since the publishers try again at intervals. The queries are cheap,
	// since they compete with what they measure: whether the first row has gone, and whether none is left.
	var first int64
	if err := b.db.QueryRow(ctx, `SELECT min(id) FROM outbox WHERE user_id = $1`, importer).Scan(&first); err != nil {
		return out, err
	}
	if err := b.untilCount(ctx, `SELECT count(*) FROM outbox WHERE user_id = $1 AND id = $2`, 0, importer, first); err != nil {
		return out, err
	}
	begun := time.Now()
	if err := b.db.QueryRow(ctx, `SELECT count(*) FROM outbox WHERE user_id = $1`, importer).Scan(&out.Rows); err != nil {
		return out, err
	}
	done, stop := context.WithCancel(ctx)
	var others sync.WaitGroup
	var failure error
	others.Go(func() { out.Waits, failure = b.successorsOf(done, neighbour) })
	err = b.untilCount(ctx, `SELECT count(*) FROM (SELECT FROM outbox WHERE user_id = $1 LIMIT 1) AS rest`, 0, importer)
	out.Drain = time.Since(begun)
	stop()
	others.Wait()
	if err == nil {
		err = failure
	}
	return out, err
}

// neighbourOf returns the token of another user in the shard of the given one: nobody has more to fear from its backlog.
func neighbourOf(user string, tokens []string) (string, error) {
	importer, err := uuid.Parse(user)
	if err != nil {
		return "", err
	}
	for _, token := range tokens {
		var claims jwt.RegisteredClaims
		if _, _, err := jwt.NewParser().ParseUnverified(token, &claims); err != nil {
			return "", err
		}
		if id, err := uuid.Parse(claims.Subject); err == nil && id != importer && outbox.Shard(id) == outbox.Shard(importer) {
			return token, nil
		}
	}
	return "", fmt.Errorf("no other of %d users is in the shard of user %s", len(tokens), user)
}

func importedTitle(n int) string { return fmt.Sprint("Imported, number ", n) }

// importTasks creates n tasks of a user, in batches of a hundred.
func (b *bench) importTasks(ctx context.Context, token string, n int, title func(n int) string) error {
	c := client.New("http://"+b.address, http.DefaultTransport).As(token)
	for i := 0; i < n; i += 100 {
		operations := make([]client.Operation, min(100, n-i))
		for j := range operations {
			operations[j] = client.Operation{Op: "create", Task: client.Fields{"title": title(i + j)}}
		}
		if _, err := c.Batch(ctx, operations...); err != nil {
			return err
		}
	}
	return nil
}

// successorsOf has another user complete recurring tasks, one after the other, and measures how long after each
// response the successor exists: by then the event has been published, delivered and handled.
func (b *bench) successorsOf(ctx context.Context, token string) (waits []time.Duration, err error) {
	c := client.New("http://"+b.address, http.DefaultTransport).As(token)
	due := time.Now().AddDate(1, 0, 0).UTC()
	for ctx.Err() == nil {
		ctx := context.WithoutCancel(ctx) // finish the measurement that has begun
		made, err := c.CreateTask(ctx, client.Fields{
			"title": "Meanwhile", "due_at": due, "recurrence": client.Fields{"rrule": "FREQ=DAILY", "mode": "schedule"},
		})
		if err != nil {
			return waits, err
		}
		if _, err := c.CompleteTask(ctx, made.ID, true); err != nil {
			return waits, err
		}
		answered := time.Now()
		const missing = `SELECT 2 - count(*) FROM task WHERE series_id = $1::uuid`
		for n := 1; n > 0; {
			if err := b.db.QueryRow(ctx, missing, made.ID).Scan(&n); err != nil {
				return waits, err
			}
			if time.Since(answered) > spawnLimit {
				return waits, fmt.Errorf("no successor of task %s", made.ID)
			}
			time.Sleep(successorPoll)
		}
		waits = append(waits, time.Since(answered))
	}
	return waits, nil
}

func (l *imported) markdown(b *strings.Builder) {
	worst := slices.Max(append(l.Waits, 0))
	fmt.Fprintf(b, "\n### One user's backlog\n\n%d outbox rows of one user were waiting for the sidecar. They were published in %.1f s, **%.0f/s** "+
		"(target: %d/s; %s). Meanwhile another user completed %d recurring tasks; the successor existed at most %d ms after the response "+
		"(target: %d ms; %s).\n", l.Rows, l.Drain.Seconds(), l.rate(), drainRate, verdict(l.rate() >= drainRate),
		len(l.Waits), worst.Milliseconds(), othersWait.Milliseconds(), verdict(len(l.Waits) > 0 && worst <= othersWait))
}

func verdict(met bool) string {
	if met {
		return "met"
	}
	return "**not met**"
}

// Package world puts a running Taskwire under a steady load, and then checks whether anything was lost, duplicated or
// reordered. The caller decides what happens to it meanwhile.
package world

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/load"
)

const (
	userCount      = 20
	streamsPerUser = 2
)

// Place is where the running Taskwire is, and how much load to put on it.
type Place struct {
	GatewayURL   string
	DatabaseURL  string // the owner's, which sees every row
	KafkaBrokers string
	Rate         int // writes a second
	// RecoveryTimeout is how long a part, and what flows through it, may take to recover.
	RecoveryTimeout time.Duration
}

// World is a Taskwire under load.
type World struct {
	Place
	Anybody *client.Client
	Users   []*load.User
	Writer  *load.Writer
	Normal  time.Duration // p99 of writes in normal operation

	db            *pgxpool.Pool
	listeners     []*load.Listener
	stopWriting   func()
	stopListening func()
}

// Start puts it under load, until the test ends or Verify is called.
func Start(t *testing.T, at Place) *World {
	t.Helper()
	w := &World{Place: at}
	w.db = check.Must(pgxpool.New(t.Context(), at.DatabaseURL))(t)
	t.Cleanup(w.db.Close)

	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 512
	transport.Proxy = nil
	w.Anybody = client.New(at.GatewayURL, transport)
	w.Users = check.Must(load.Register(check.Within(t, 2*time.Minute), w.Anybody, userCount))(t)

	w.listen(t)
	w.write(t)
	return w
}

func (w *World) listen(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var group sync.WaitGroup
	for _, u := range w.Users {
		for range streamsPerUser {
			l := load.NewListener(u)
			w.listeners = append(w.listeners, l)
			group.Go(func() { l.Run(ctx) })
		}
	}
	w.stopListening = sync.OnceFunc(func() { stop(); group.Wait() })
	t.Cleanup(w.stopListening)
	opened := check.Within(t, w.RecoveryTimeout)
	for _, l := range w.listeners {
		check.NoError(t, l.Await(opened, 0))
	}
}

// loadLimit ends a load that a hung test would leave behind. Four releases on a small node take a quarter of an hour.
const loadLimit = 40 * time.Minute

func (w *World) write(t *testing.T) {
	t.Helper()
	w.Writer = load.NewWriter(w.Users, w.Rate)
	stop, done := make(chan struct{}), make(chan struct{})
	ctx, give := context.WithTimeout(context.Background(), loadLimit)
	go func() {
		defer close(done)
		w.Writer.Run(ctx, stop, uint64(time.Now().UnixNano()))
	}()
	w.stopWriting = sync.OnceFunc(func() {
		close(stop)
		late := time.AfterFunc(w.RecoveryTimeout, give)
		<-done
		late.Stop()
		give()
	})
	t.Cleanup(w.stopWriting)
	start := time.Now()
	writes := check.Must(w.Writer.Await(check.Within(t, w.RecoveryTimeout), start, 3*w.Rate))(t)
	w.Normal = load.Quantile(writes[w.Rate:], 0.99) // without the first second, when connections are opened
}

// Recovered waits until everything written so far is acknowledged and has reached every stream.
func (w *World) Recovered(t *testing.T) {
	t.Helper()
	ctx := check.Within(t, w.RecoveryTimeout)
	now := time.Now()
	check.Must(w.Writer.Await(ctx, now, w.Rate/2))(t)
	check.NoError(t, w.Writer.AwaitCalm(ctx))
	w.streamsCatchUp(ctx, t)
}

// streamsCatchUp waits until every stream has delivered what is committed by now.
func (w *World) streamsCatchUp(ctx context.Context, t *testing.T) {
	t.Helper()
	committed := check.Must(w.committed(ctx))(t)
	for _, l := range w.listeners {
		check.NoError(t, l.Await(ctx, committed[l.Report().User.ID]))
	}
}

// committed returns the newest sequence of each user. The database may be unavailable.
func (w *World) committed(ctx context.Context) (map[string]int64, error) {
	seqs := map[string]int64{}
	ids := make([]string, 0, len(w.Users))
	for _, u := range w.Users {
		ids = append(ids, u.ID)
	}
	err := Again(ctx, func() error {
		rows, err := w.db.Query(ctx, `SELECT user_id::text, seq FROM user_stream WHERE user_id = ANY ($1::uuid[])`, ids)
		if err != nil {
			return err
		}
		var id string
		var seq int64
		_, err = pgx.ForEachRow(rows, []any{&id, &seq}, func() error {
			seqs[id] = seq
			return nil
		})
		return err
	})
	return seqs, err
}

// Again retries until there is no error, or ctx ends.
func Again(ctx context.Context, ask func() error) error {
	for {
		err := ask()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(20 * time.Millisecond): // the polling interval, not a wait for an effect
		}
	}
}

// Package function is the outbox relay: at each tick of a clock it publishes what a killed function left in
// the outbox, and clears away what is too old to be asked for again.
//
// The tick is a CloudEvent from a PingSource, or the empty POST of a Dapr cron binding.
package function

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"taskwire.dev/shared/config"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/function"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/outbox"
	"taskwire.dev/shared/postgres"
)

// Config of the function; func.yaml describes each variable.
type Config struct {
	Database   postgres.Config
	StaleAfter time.Duration `env:"STALE_AFTER" envDefault:"2s"`
	Sidecar    dapr.Config
}

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	gate       function.Gate
	staleAfter time.Duration
	pool       *postgres.Pool
	store      *postgres.Outbox
	publisher  *outbox.Publisher
}

// New returns an instance that has not started.
func New() *Function { return &Function{} }

// Start opens what the function works with.
func (f *Function) Start(_ context.Context, env map[string]string) error {
	c, err := config.Load[Config](env)
	if err != nil {
		return err
	}
	c.Database.ByKey = true
	if f.pool, err = postgres.Open(context.Background(), c.Database); err != nil {
		return err
	}
	sidecar, err := dapr.Dial(c.Sidecar)
	if err != nil {
		return err
	}
	f.staleAfter = c.StaleAfter
	f.store = postgres.NewOutbox(f.pool)
	f.publisher = outbox.NewPublisher(f.store, dapr.NewPublisher(sidecar, dapr.PubSub))

	rt := &httpapi.Router{}
	tick := dapr.FromSidecar(c.Sidecar, f.tick)
	rt.Route("POST /{$}", tick)
	rt.Route("POST /cron-outbox-relay", tick)
	f.gate.Open(rt)
	return nil
}

// tick does the work, and answers when it is done; a fault is answered with 5xx, and the next tick tries again.
func (f *Function) tick(w http.ResponseWriter, r *http.Request) error {
	if err := f.publisher.DrainStale(r.Context(), f.staleAfter); err != nil {
		return err
	}
	purged, err := f.store.PurgeExpired(r.Context())
	for kind, rows := range purged {
		slog.Info("purged expired rows", "kind", kind, "rows", rows)
	}
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// Ready reports whether ticks can be worked on.
func (f *Function) Ready(ctx context.Context) (bool, error) {
	return f.gate.IsOpen() && postgres.Ready(ctx, f.pool) == nil, nil
}

// Handle answers one request.
func (f *Function) Handle(w http.ResponseWriter, r *http.Request) { f.gate.ServeHTTP(w, r) }

// Stop gives the connections back.
func (f *Function) Stop(context.Context) error {
	if f.gate.IsOpen() {
		f.pool.Close()
	}
	return nil
}

// Package function is the outbox relay: on each tick of a clock it publishes what a killed function left in the outbox,
// deletes what is past its retention, and erases accounts that are to be deleted.
//
// The tick is a CloudEvent from a PingSource, or the empty POST of a Dapr cron binding.
package function

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"taskwire.dev/functions/outbox-relay/internal/erasure"
	"taskwire.dev/functions/outbox-relay/internal/retention"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fn"
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
	*fn.Base
	staleAfter time.Duration
	pool       *postgres.Pool
	publisher  *outbox.Publisher
}

// New returns an instance that has not started.
func New() *Function {
	f := &Function{}
	f.Base = fn.New(f.start)
	return f
}

// start opens the function's connections.
func (f *Function) start(ctx context.Context, c Config) (_ http.Handler, err error) {
	c.Database.ByKey = true
	if f.pool, err = postgres.Open(ctx, c.Database); err != nil {
		return nil, err
	}
	f.OnStop(f.pool.Close)
	f.Needs(f.pool.Ready)
	sidecar, err := dapr.Dial(c.Sidecar)
	if err != nil {
		return nil, err
	}
	f.staleAfter = c.StaleAfter
	f.publisher = outbox.NewPublisher(postgres.NewOutbox(f.pool), dapr.NewPublisher(sidecar, dapr.PubSub))

	if err := f.observe(); err != nil {
		return nil, err
	}

	rt := &httpapi.Router{}
	tick := dapr.FromSidecar(c.Sidecar, f.tick)
	rt.Route("POST /{$}", tick)
	rt.Route("POST /cron-outbox-relay", tick)
	return rt, nil
}

// tick does the work, and responds when it is done; a fault is a 5xx, and the next tick tries again. The parts do not depend on
// each other: while the broker is unavailable, what is past its retention is deleted all the same.
func (f *Function) tick(w http.ResponseWriter, r *http.Request) error {
	undrained := f.publisher.DrainStale(r.Context(), f.staleAfter)
	purged, unpurged := retention.Purge(r.Context(), f.pool)
	for kind, rows := range purged {
		slog.InfoContext(r.Context(), "purged expired rows", "kind", kind, "rows", rows)
	}
	erased, unerased := erasure.Run(r.Context(), f.pool, erasure.Grace)
	for step, rows := range erased {
		slog.InfoContext(r.Context(), "deleted an account's data", "deletion", step.Deletion, "step", step.What, "rows", rows)
	}
	if err := errors.Join(undrained, unpurged, unerased); err != nil {
		return err
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

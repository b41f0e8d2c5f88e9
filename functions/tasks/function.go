// Package function is the tasks function: whatever a user does to a task, by REST or by a CloudEvent.
//
// It commits and answers; its publisher then brings the events to the broker. See docs/openapi.yaml.
package function

import (
	"context"
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"

	"taskwire.dev/shared/config"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/function"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/publishing"
	"taskwire.dev/shared/token"
)

// Config of the function; func.yaml describes each variable.
type Config struct {
	Database  postgres.Config
	OutboxURL string `env:"OUTBOX_DATABASE_URL,required"`
	Tokens    token.Rules
	Sidecar   dapr.Config
}

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	gate       function.Gate
	pool       *pgxpool.Pool
	publishing *publishing.Publishing
	tokens     *token.Verifier
	tasks      *postgres.Tasks
	prefs      *preference.Store
	stop       context.CancelFunc
}

// New returns an instance that has not started.
func New() *Function { return &Function{} }

// Start opens what the function works with. It waits for nothing: Ready tells when all is there.
func (f *Function) Start(_ context.Context, env map[string]string) error {
	c, err := config.Load[Config](env)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	f.stop = stop
	if f.pool, err = postgres.Open(ctx, c.Database); err != nil {
		return err
	}
	if f.tokens, err = token.NewVerifier(ctx, c.Tokens); err != nil {
		return err
	}
	sidecar, err := dapr.Dial(c.Sidecar)
	if err != nil {
		return err
	}
	if f.publishing, err = publishing.Start(c.OutboxURL, sidecar); err != nil {
		return err
	}
	f.tasks = postgres.NewTasks(f.pool, f.publishing.Committed)
	f.prefs = preference.NewStore(f.tasks, dapr.NewPreferenceCache(sidecar))
	go f.prefs.Run(ctx)
	f.gate.Open(f.routes())
	return nil
}

// Ready reports whether requests can be answered. The sidecar is not asked: without it changes are kept, and
// published later.
func (f *Function) Ready(ctx context.Context) (bool, error) {
	return f.gate.IsOpen() && f.tokens.Ready(ctx) == nil && postgres.Ready(ctx, f.pool) == nil, nil
}

// Handle answers one request.
func (f *Function) Handle(w http.ResponseWriter, r *http.Request) { f.gate.ServeHTTP(w, r) }

// Stop ends the publisher between two batches; what it leaves is in the outbox.
func (f *Function) Stop(ctx context.Context) error {
	if !f.gate.IsOpen() {
		return nil
	}
	defer f.pool.Close()
	f.stop()
	return f.publishing.Stop(ctx)
}

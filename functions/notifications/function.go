// Package function is the notifications function: what a user was told, to list, to read, and to put off.
//
// It is internal: the gateway reaches it by its sidecar, and it answers nobody else. Whose notifications are meant is
// said by the user's own token all the same. See docs/openapi.yaml.
package function

import (
	"context"
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"

	"taskwire.dev/shared/config"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/function"
	"taskwire.dev/shared/postgres"
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
	gate          function.Gate
	sidecar       dapr.Config
	pool          *pgxpool.Pool
	tokens        *token.Verifier
	publishing    *publishing.Publishing
	notifications *postgres.Notifications
	stop          context.CancelFunc
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
	f.stop, f.sidecar = stop, c.Sidecar
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
	f.notifications = postgres.NewNotifications(f.pool, f.publishing.Committed)
	f.gate.Open(f.routes())
	return nil
}

// Ready reports whether requests can be answered.
func (f *Function) Ready(ctx context.Context) (bool, error) {
	return f.gate.IsOpen() && f.tokens.Ready(ctx) == nil && postgres.Ready(ctx, f.pool) == nil, nil
}

// Handle answers one request.
func (f *Function) Handle(w http.ResponseWriter, r *http.Request) { f.gate.ServeHTTP(w, r) }

// Stop ends the publisher and gives the connections back.
func (f *Function) Stop(ctx context.Context) error {
	if !f.gate.IsOpen() {
		return nil
	}
	defer f.pool.Close()
	f.stop()
	return f.publishing.Stop(ctx)
}

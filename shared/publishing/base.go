package publishing

import (
	"context"
	"net/http"

	daprclient "github.com/dapr/go-sdk/client"
	"github.com/google/uuid"

	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/function"
	"taskwire.dev/shared/postgres"
)

// Config is what every function reads that commits changes and publishes them; func.yaml describes each variable.
type Config struct {
	Database  postgres.Config
	OutboxURL string `env:"OUTBOX_DATABASE_URL,required"`
	Sidecar   dapr.Config
}

// Base is what such a function embeds: its connections, and all that func-go asks of it but New and Start.
type Base struct {
	gate      function.Gate
	ctx       context.Context // ends with Stop
	stop      context.CancelFunc
	pool      *postgres.Pool
	sidecar   daprclient.Client
	publisher *publisher
}

// Connect opens what the function works with. It waits for nothing: Ready tells when all is there.
func (b *Base) Connect(c Config) (err error) {
	b.ctx, b.stop = context.WithCancel(context.Background())
	if b.pool, err = postgres.Open(b.ctx, c.Database); err != nil {
		return err
	}
	if b.sidecar, err = dapr.Dial(c.Sidecar); err != nil {
		return err
	}
	b.publisher, err = start(c.OutboxURL, b.sidecar)
	return err
}

// Open lets requests through to h: the function has started.
func (b *Base) Open(h http.Handler) { b.gate.Open(h) }

// Context ends when the function stops. It is for what runs beside the requests.
func (b *Base) Context() context.Context { return b.ctx }

// Pool is the database, in the function's own role.
func (b *Base) Pool() *postgres.Pool { return b.pool }

// Sidecar is the function's own.
func (b *Base) Sidecar() daprclient.Client { return b.sidecar }

// Committed is to be called after each commit: the user's outbox has something new.
func (b *Base) Committed(user uuid.UUID) { b.publisher.committed(user) }

// Ready reports whether the function has started and reaches the database. The sidecar is not asked: without it changes
// are kept, and published later.
func (b *Base) Ready(ctx context.Context) (bool, error) {
	return b.gate.IsOpen() && postgres.Ready(ctx, b.pool) == nil, nil
}

// Handle answers one request.
func (b *Base) Handle(w http.ResponseWriter, r *http.Request) { b.gate.ServeHTTP(w, r) }

// Stop ends the publisher between two batches, what it leaves is in the outbox, and gives the connections back.
func (b *Base) Stop(ctx context.Context) error {
	if !b.gate.IsOpen() {
		return nil
	}
	defer b.pool.Close()
	b.stop()
	return b.publisher.end(ctx)
}

// Package publishing is shared by the functions that commit changes and publish their events to the broker.
package publishing

import (
	"context"

	daprclient "github.com/dapr/go-sdk/client"
	"github.com/google/uuid"

	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fn"
	"taskwire.dev/shared/outbox"
	"taskwire.dev/shared/postgres"
)

// Config is the configuration that these functions share; func.yaml describes each variable.
type Config struct {
	Database  postgres.Config
	OutboxURL string `env:"OUTBOX_DATABASE_URL,required"`
	Sidecar   dapr.Config
}

// Connections are the connections of such a function.
type Connections struct {
	Pool    *postgres.Pool // in the function's role
	Sidecar daprclient.Client
	// Committed must be called after each commit: the user's outbox has new rows.
	Committed func(user uuid.UUID)
}

// Connect opens the connections and starts the publisher, which drains the outbox after each commit. The function needs
// its database, but not its sidecar: without the sidecar, changes are stored and published later. When the function
// stops, the publisher ends between two batches; the rest stays in the outbox.
func Connect(ctx context.Context, b *fn.Base, c Config) (*Connections, error) {
	pool, err := postgres.Open(ctx, c.Database)
	if err != nil {
		return nil, err
	}
	b.OnStop(pool.Close)
	b.Needs(pool.Ready)
	// In the role taskwire_outbox.
	outboxPool, err := postgres.Open(ctx, postgres.Config{URL: c.OutboxURL, MaxConns: 2, ByKey: true})
	if err != nil {
		return nil, err
	}
	b.OnStop(outboxPool.Close)
	sidecar, err := dapr.Dial(c.Sidecar)
	if err != nil {
		return nil, err
	}
	publisher := outbox.NewPublisher(postgres.NewOutbox(outboxPool), dapr.NewPublisher(sidecar, dapr.PubSub))
	b.Go(publisher.Run)
	return &Connections{Pool: pool, Sidecar: sidecar, Committed: func(user uuid.UUID) { publisher.Committed(user) }}, nil
}

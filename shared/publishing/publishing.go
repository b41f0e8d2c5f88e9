// Package publishing is how a function that writes to the outbox brings it to the broker, beside everything else.
package publishing

import (
	"context"

	daprclient "github.com/dapr/go-sdk/client"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/outbox"
	"taskwire.dev/shared/postgres"
)

// Publishing drains the outbox whenever something was committed.
type Publishing struct {
	publisher *outbox.Publisher
	pool      *pgxpool.Pool
	stop      context.CancelFunc
	ended     chan struct{}
}

// Start starts it. url is the database's in the role taskwire_outbox.
func Start(url string, sidecar daprclient.Client) (*Publishing, error) {
	ctx, stop := context.WithCancel(context.Background())
	pool, err := postgres.Open(ctx, postgres.Config{URL: url, MaxConns: 2, ByKey: true})
	if err != nil {
		stop()
		return nil, err
	}
	p := &Publishing{
		publisher: outbox.NewPublisher(postgres.NewOutbox(pool), dapr.NewPublisher(sidecar, dapr.PubSub)),
		pool:      pool, stop: stop, ended: make(chan struct{}),
	}
	go func() {
		defer close(p.ended)
		p.publisher.Run(ctx)
	}()
	return p, nil
}

// Committed says that a user's outbox has something new.
func (p *Publishing) Committed(user uuid.UUID) { p.publisher.Committed(user) }

// Stop ends it between two batches; what it leaves is in the outbox.
func (p *Publishing) Stop(ctx context.Context) error {
	p.stop()
	select {
	case <-p.ended:
	case <-ctx.Done():
		return ctx.Err()
	}
	p.pool.Close()
	return nil
}

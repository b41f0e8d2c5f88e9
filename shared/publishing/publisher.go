// Package publishing is what functions have in common that commit changes and bring their events to the broker.
package publishing

import (
	"context"

	daprclient "github.com/dapr/go-sdk/client"
	"github.com/google/uuid"

	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/outbox"
	"taskwire.dev/shared/postgres"
)

// publisher drains the outbox whenever something was committed.
type publisher struct {
	outbox *outbox.Publisher
	pool   *postgres.Pool
	stop   context.CancelFunc
	ended  chan struct{}
}

// start starts it. url is the database's in the role taskwire_outbox.
func start(url string, sidecar daprclient.Client) (*publisher, error) {
	ctx, stop := context.WithCancel(context.Background())
	pool, err := postgres.Open(ctx, postgres.Config{URL: url, MaxConns: 2, ByKey: true})
	if err != nil {
		stop()
		return nil, err
	}
	p := &publisher{
		outbox: outbox.NewPublisher(postgres.NewOutbox(pool), dapr.NewPublisher(sidecar, dapr.PubSub)),
		pool:   pool, stop: stop, ended: make(chan struct{}),
	}
	go func() {
		defer close(p.ended)
		p.outbox.Run(ctx)
	}()
	return p, nil
}

func (p *publisher) committed(user uuid.UUID) { p.outbox.Committed(user) }

// end lets it finish its batch.
func (p *publisher) end(ctx context.Context) error {
	p.stop()
	select {
	case <-p.ended:
	case <-ctx.Done():
		return ctx.Err()
	}
	p.pool.Close()
	return nil
}

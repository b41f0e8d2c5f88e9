// Package function makes a notification of each reminder: once, however often the reminder is delivered, and an entry in
// the user's log, by which open screens learn of it.
package function

import (
	"context"
	"net/http"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/jackc/pgx/v5/pgxpool"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/config"
	"taskwire.dev/shared/consumer"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/function"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/publishing"
)

// Config of the function; func.yaml describes each variable.
type Config struct {
	Database  postgres.Config
	OutboxURL string `env:"OUTBOX_DATABASE_URL,required"`
	Sidecar   dapr.Config
}

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	gate       function.Gate
	pool       *pgxpool.Pool
	publishing *publishing.Publishing
	fanIn      *postgres.FanIn
}

// New returns an instance that has not started.
func New() *Function { return &Function{} }

// Start opens what the function works with.
func (f *Function) Start(_ context.Context, env map[string]string) error {
	c, err := config.Load[Config](env)
	if err != nil {
		return err
	}
	if f.pool, err = postgres.Open(context.Background(), c.Database); err != nil {
		return err
	}
	sidecar, err := dapr.Dial(c.Sidecar)
	if err != nil {
		return err
	}
	if f.publishing, err = publishing.Start(c.OutboxURL, sidecar); err != nil {
		return err
	}
	f.fanIn = postgres.NewFanIn(f.pool, f.publishing.Committed)

	rt := &httpapi.Router{}
	consumer.New("reminder-fan-in", dapr.NewLetters(sidecar), f.notify).Mount(rt, c.Sidecar, cloudevent.TopicReminders)
	f.gate.Open(rt)
	return nil
}

func (f *Function) notify(ctx context.Context, event cloudevents.Event) error {
	r, known, err := cloudevent.ReadReminder(event)
	if err != nil || !known {
		return err
	}
	return f.fanIn.Notify(ctx, event.Source(), event.ID(), r)
}

// Ready reports whether events can be worked on.
func (f *Function) Ready(ctx context.Context) (bool, error) {
	return f.gate.IsOpen() && postgres.Ready(ctx, f.pool) == nil, nil
}

// Handle answers one request.
func (f *Function) Handle(w http.ResponseWriter, r *http.Request) { f.gate.ServeHTTP(w, r) }

// Stop ends the publisher and gives the connections back.
func (f *Function) Stop(ctx context.Context) error {
	if !f.gate.IsOpen() {
		return nil
	}
	defer f.pool.Close()
	return f.publishing.Stop(ctx)
}

// Package function makes a notification of each reminder: once, however often the reminder is delivered, and an entry in
// the user's log, by which open screens learn of it.
package function

import (
	"context"

	cloudevents "github.com/cloudevents/sdk-go/v2"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/config"
	"taskwire.dev/shared/consumer"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/publishing"
)

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	publishing.Base
	fanIn *postgres.FanIn
}

// New returns an instance that has not started.
func New() *Function { return &Function{} }

// Start opens what the function works with.
func (f *Function) Start(_ context.Context, env map[string]string) error {
	c, err := config.Load[publishing.Config](env)
	if err != nil {
		return err
	}
	if err := f.Connect(c); err != nil {
		return err
	}
	f.fanIn = postgres.NewFanIn(f.Pool(), f.Committed)

	rt := &httpapi.Router{}
	consumer.New("reminder-fan-in", dapr.NewLetters(f.Sidecar()), f.notify).Needs(f.Ready).Mount(rt, c.Sidecar, cloudevent.TopicReminders)
	f.Open(rt)
	return nil
}

func (f *Function) notify(ctx context.Context, event cloudevents.Event) error {
	r, known, err := cloudevent.ReadReminder(event)
	if err != nil || !known {
		return err
	}
	return f.fanIn.Notify(ctx, event.Source(), event.ID(), r)
}

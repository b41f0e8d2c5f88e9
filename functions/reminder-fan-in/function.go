// Package function makes a notification of each reminder: once, however often the reminder is delivered, and an audit event in
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
	"taskwire.dev/shared/publishing"
	"taskwire.dev/shared/userlog"
)

// name is how the inbox, the log and the dead letters know this consumer. It must never change.
const name = "reminder-fan-in"

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	publishing.Base
	log *userlog.Log
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
	f.log = userlog.New(f.Pool(), f.Committed)

	rt := &httpapi.Router{}
	consumer.New(name, dapr.NewLetters(f.Sidecar()), f.handle).Needs(f.Ready).Mount(rt, c.Sidecar, cloudevent.TopicReminders)
	f.Open(rt)
	return nil
}

func (f *Function) handle(ctx context.Context, event cloudevents.Event) error {
	r, known, err := cloudevent.ReadReminder(event)
	if err != nil || !known {
		return err
	}
	return notify(ctx, f.log, event.Source(), event.ID(), r)
}

// Package function turns each reminder, and each notice about an account, into a notification, once, however often it is
// delivered, and an audit event in the user's log, which updates open screens. What one tick finds for one user becomes one notification from the
// fourth reminder on.
package function

import (
	"context"
	"net/http"

	cloudevents "github.com/cloudevents/sdk-go/v2"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/consumer"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fn"
	"taskwire.dev/shared/fn/publishing"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/userlog"
)

// name is this consumer's name in the inbox, the log and dead letters. It must never change.
const name = "reminder-fan-in"

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	*fn.Base
	log *userlog.Log
}

// New returns an instance that has not started.
func New() *Function {
	f := &Function{}
	f.Base = fn.New(f.start)
	return f
}

// start opens the function's connections.
func (f *Function) start(ctx context.Context, c publishing.Config) (http.Handler, error) {
	conns, err := publishing.Connect(ctx, f.Base, c)
	if err != nil {
		return nil, err
	}
	f.log = userlog.New(conns.Pool, conns.Committed)

	rt := &httpapi.Router{}
	consumer.New(name, dapr.NewDeadLetters(conns.Sidecar), f.handle).Needs(f.Ready).Mount(rt, c.Sidecar, cloudevent.TopicReminders)
	return rt, nil
}

func (f *Function) handle(ctx context.Context, event cloudevents.Event) error {
	if event.Type() == notice.EventType {
		return tell(ctx, f.log, event)
	}
	d, known, err := read(event)
	if err != nil || !known {
		return err
	}
	return notify(ctx, f.log, d)
}

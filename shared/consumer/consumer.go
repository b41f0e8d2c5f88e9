// Package consumer is the one way in which a function receives CloudEvents: from Knative's KafkaSource, which
// posts them to /, and from a Dapr subscription, which posts them to /internal/events/<topic>, one by one or in
// bulk. It lets only the deliverer in, decodes, calls the handler, and tells the deliverer what follows from its
// fault: done, once more, or to the dead letters (cloudevent.Status).
//
// Delivery is at least once: handlers change users' data through userlog.Log, which applies an event once, or are idempotent.
package consumer

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/deadletter"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/tracecontext"
)

// Handler does what a consumer does with one event. nil says that it is done; a type that the consumer does not
// care for is done as well. After an Unavailable or RateLimited fault the event is handled again for as long as that takes;
// after an Internal one, an error that is no fault, or a panic, Tries times; any other fault refuses it at once. The context
// carries the event's traceparent.
type Handler func(ctx context.Context, event cloudevents.Event) error

// Letters takes what the consumer refuses or gives up on.
type Letters interface {
	Park(ctx context.Context, letter deadletter.Letter) error
}

// BulkHandler does what a consumer does with several events of one user, in their order: all or nothing. After any
// error they are handled one by one, so that each gets its own verdict.
type BulkHandler func(ctx context.Context, events []cloudevents.Event) error

// Consumer receives events for a Handler.
type Consumer struct {
	name    string
	handle  Handler
	bulk    BulkHandler
	letters Letters
	needs   func(context.Context) (bool, error)
	waiting waiting
}

// New returns a consumer. Its name is the function's: dead letters are filed under it.
func New(name string, letters Letters, handle Handler) *Consumer {
	return &Consumer{name: name, letters: letters, handle: handle}
}

// InBulk has several events of a user that come together handled at once, for what costs little more for many than
// for one. Their traces are in the events, not in the context.
func (c *Consumer) InBulk(handle BulkHandler) *Consumer {
	c.bulk = handle
	return c
}

// Needs tells the consumer by what to know whether all that it works with is there: the function's Ready. While it is not,
// events wait without an end; without Needs, no longer than Patience.
func (c *Consumer) Needs(ready func(context.Context) (bool, error)) *Consumer {
	c.needs = ready
	return c
}

// Mount adds the routes by which events of the topics come.
func (c *Consumer) Mount(rt *httpapi.Router, sidecar dapr.Config, topics ...string) {
	rt.Route("POST /{$}", dapr.FromSidecar(sidecar, c.source))
	for _, topic := range topics {
		rt.Route("POST /internal/events/"+topic, dapr.FromSidecar(sidecar, c.subscription(topic)))
	}
}

// source takes one event from a KafkaSource, which sends what is refused to the dead letters, with the answer's body as the
// reason.
func (c *Consumer) source(w http.ResponseWriter, r *http.Request) error {
	start := time.Now()
	event, err := cloudevent.FromRequest(w, r)
	result := refused
	if err == nil {
		result, _, err = c.attempt(r.Context(), start, event)
	} else if fault.Is(err, fault.Unavailable) {
		result = again
	}
	switch result {
	case done:
		w.WriteHeader(http.StatusNoContent)
		return nil
	case again:
		slog.WarnContext(r.Context(), "event to be delivered again", "consumer", c.name, "type", event.Type(), "id", event.ID(), "reason", err)
		return &fault.Error{Code: fault.Unavailable, Detail: err.Error()}
	default:
		slog.WarnContext(r.Context(), "event refused", "consumer", c.name, "type", event.Type(), "id", event.ID(), "reason", err)
		return &fault.Error{Code: fault.Invalid, Detail: err.Error()}
	}
}

// typeBareRecord is the type of the event that KafkaSource makes of a record which is none.
const typeBareRecord = "dev.knative.kafka.event"

// call runs the handler.
func (c *Consumer) call(ctx context.Context, event cloudevents.Event) (err error) {
	defer c.recovered(ctx, event.ID(), &err)
	if whom, ok := event.Extensions()[deadletter.ExtensionRedrive].(string); ok && whom != c.name {
		return nil // redriven for another consumer: this one has had it
	}
	if event.Type() == typeBareRecord {
		return fault.New(fault.Malformed, "the record is no CloudEvent")
	}
	if parent, ok := event.Extensions()[tracecontext.Header].(string); ok {
		ctx = tracecontext.With(ctx, parent)
	}
	return c.handle(ctx, event)
}

// recovered makes an error of a panic: it is a defect like any other, and must not take the rest of a bulk with it.
func (c *Consumer) recovered(ctx context.Context, id string, err *error) {
	if p := recover(); p != nil {
		slog.ErrorContext(ctx, "panic", "consumer", c.name, "id", id, "panic", p, "stack", string(debug.Stack()))
		*err = fault.Wrap(fault.Internal, fmt.Errorf("panic: %v", p), "an unexpected error")
	}
}

// Package consumer is how functions receive CloudEvents: from Knative's KafkaSource, which posts them to /, and from a Dapr
// subscription, which posts them to /internal/events/<topic>, one by one or in bulk. It authenticates the caller, decodes the
// event, calls the handler, and maps its fault to the response: done, redeliver, or dead letter (cloudevent.Status).
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
	"taskwire.dev/shared/telemetry"
)

// Handler processes one event. It returns nil when the event is done, also for types that the consumer ignores. After an
// Unavailable or RateLimited fault the event is retried: on a laptop for as long as the consumer is not ready and then for MaxWait, in
// a cluster for the source's five deliveries. After that it is a dead letter, which is redriven automatically up to three times. After
// an Internal fault, an error that is not a fault, or a panic, it is tried Tries times; any other fault refuses it at once. The
// context carries the event's traceparent.
type Handler func(ctx context.Context, event cloudevents.Event) error

// DeadLetters publishes the events that the consumer refuses or fails on.
type DeadLetters interface {
	Publish(ctx context.Context, dead deadletter.DeadLetter) error
}

// BulkHandler processes several events of one user in order, all or nothing. After any error they are handled one by one, so that
// each has a result.
type BulkHandler func(ctx context.Context, events []cloudevents.Event) error

// Consumer receives events for a Handler.
type Consumer struct {
	name        string
	handle      Handler
	bulk        BulkHandler
	ignores     func(cloudevent.Sketch) bool
	deadLetters DeadLetters
	needs       func(context.Context) (bool, error)
	waiting     waiting
}

// New returns a consumer. Its name is the function's, which its dead letters carry.
func New(name string, deadLetters DeadLetters, handle Handler) *Consumer {
	return &Consumer{name: name, deadLetters: deadLetters, handle: handle}
}

// InBulk makes the consumer handle events of one user that arrive in the same bulk together, which is cheaper than one by one.
// Their traces are in the events, not in the context.
func (c *Consumer) InBulk(handle BulkHandler) *Consumer {
	c.bulk = handle
	return c
}

// Ignoring makes the consumer take events from the sidecar as done, without decoding them, when ignores says so. An event whose
// sketch cannot be made, or whose trace is recorded, is decoded, so the handler must ignore these events too.
func (c *Consumer) Ignoring(ignores func(cloudevent.Sketch) bool) *Consumer {
	c.ignores = ignores
	return c
}

// Needs sets how the consumer knows whether everything that it needs is available: the function's Ready. While it is not, events
// wait without limit; without Needs, no longer than MaxWait.
func (c *Consumer) Needs(ready func(context.Context) (bool, error)) *Consumer {
	c.needs = ready
	return c
}

// Mount adds the routes for events of the topics.
func (c *Consumer) Mount(rt *httpapi.Router, sidecar dapr.Config, topics ...string) {
	rt.Route("POST /{$}", dapr.FromSidecar(sidecar, c.source))
	for _, topic := range topics {
		rt.Route("POST /internal/events/"+topic, dapr.FromSidecar(sidecar, c.subscription(topic)))
	}
}

// source handles one event from a KafkaSource, which sends refused events to the dead-letter sink with the response body as the
// reason.
func (c *Consumer) source(w http.ResponseWriter, r *http.Request) error {
	start := time.Now()
	event, err := cloudevent.FromRequest(w, r)
	result := refused
	ctx := r.Context()
	if err == nil {
		ctx = telemetry.WithTraceparent(ctx, traceparent(event))
		result, _, err = c.attempt(r.Context(), start, event)
	} else if fault.Is(err, fault.Unavailable) {
		result = again
	}
	switch result {
	case done:
		c.count(r.Context(), event.Type(), outcomeDone)
		w.WriteHeader(http.StatusNoContent)
		return nil
	case again:
		c.count(r.Context(), event.Type(), outcomeRetried)
		slog.WarnContext(ctx, "event will be redelivered", "consumer", c.name, "type", event.Type(), "id", event.ID(), "reason", err)
		return &fault.Error{Code: fault.Unavailable, Detail: err.Error()}
	default:
		c.count(r.Context(), event.Type(), outcomeRefused)
		slog.WarnContext(ctx, "event refused", "consumer", c.name, "type", event.Type(), "id", event.ID(), "reason", err)
		return &fault.Error{Code: fault.Invalid, Detail: err.Error()}
	}
}

// typeBareRecord is the type of the event in which KafkaSource wraps a record that is not an event.
const typeBareRecord = "dev.knative.kafka.event"

// call runs the handler.
func (c *Consumer) call(ctx context.Context, event cloudevents.Event) (err error) {
	defer c.recovered(ctx, event.ID(), &err)
	if whom, ok := event.Extensions()[deadletter.ExtensionRedrive].(string); ok && whom != c.name {
		return nil // redriven for another consumer
	}
	if event.Type() == typeBareRecord {
		return fault.New(fault.Malformed, "the record is not a CloudEvent")
	}
	ctx, event, end := c.observe(ctx, event)
	defer func() { end(err) }()
	return c.handle(ctx, event)
}

// recovered turns a panic into an error: it is a bug like any other, and must not fail the rest of a bulk.
func (c *Consumer) recovered(ctx context.Context, id string, err *error) {
	if p := recover(); p != nil {
		slog.ErrorContext(ctx, "panic", "consumer", c.name, "id", id, "panic", p, "stack", string(debug.Stack()))
		*err = fault.Wrap(fault.Internal, fmt.Errorf("panic: %v", p), "an unexpected error")
	}
}

package consumer

import (
	"context"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.37.0"
	"go.opentelemetry.io/otel/trace"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/telemetry"
)

var (
	consumed = telemetry.Counter("taskwire.consumer.events", "{event}", "Events that a consumer has received, by what became of them")
	duration = telemetry.Seconds("taskwire.consumer.duration", "How long a consumer works on an event, or on the events of one user together")
)

var (
	byConsumer = telemetry.Label("consumer")
	byResult   = telemetry.NewLabels(func(r result) []attribute.KeyValue {
		return []attribute.KeyValue{attribute.String("consumer", r.consumer), attribute.String("type", r.eventType), attribute.String("outcome", r.outcome)}
	})
)

// result has the labels of a counted event.
type result struct{ consumer, eventType, outcome string }

// What became of an event.
const (
	outcomeDone       = "done"
	outcomeRetried    = "retried"
	outcomeRefused    = "refused" // a KafkaSource sends it to the dead-letter sink
	outcomeDeadLetter = "dead_lettered"
)

// observe starts the span of an event, in the event's trace, and returns the event as the handler should see it: what
// the handler causes follows from this span. The function ends the span and measures the time since it began.
func (c *Consumer) observe(ctx context.Context, event cloudevents.Event) (context.Context, cloudevents.Event, func(error)) {
	started := time.Now()
	ctx, event, span := c.startSpan(ctx, event)
	return ctx, event, func(err error) {
		endSpan(span, err)
		c.measure(ctx, started)
	}
}

// recorded reports whether the event's trace is recorded.
func recorded(event cloudevents.Event) bool {
	return telemetry.Tracing() && telemetry.Sampled(traceparent(event))
}

func (c *Consumer) startSpan(ctx context.Context, event cloudevents.Event) (context.Context, cloudevents.Event, trace.Span) {
	delivery := trace.SpanContextFromContext(ctx) // the request that brought the event, perhaps with others
	ctx, span := telemetry.StartSpan(telemetry.WithTraceparent(ctx, traceparent(event)), "process "+event.Type(), trace.WithSpanKind(trace.SpanKindConsumer))
	if span.IsRecording() {
		span.AddLink(trace.Link{SpanContext: delivery})
		span.SetAttributes(semconv.MessagingSystemKafka, semconv.MessagingOperationTypeProcess, semconv.MessagingConsumerGroupName(c.name),
			semconv.CloudEventsEventID(event.ID()), semconv.CloudEventsEventSource(event.Source()), semconv.CloudEventsEventType(event.Type()))
		event = event.Clone()
		event.SetExtension(telemetry.HeaderTraceparent, telemetry.Traceparent(ctx))
	}
	return ctx, event, span
}

func endSpan(span trace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, err.Error())
	}
	span.End()
}

// measure measures the time since the consumer began to handle an event or several.
func (c *Consumer) measure(ctx context.Context, started time.Time) {
	if duration.Enabled(ctx) {
		duration.Record(ctx, time.Since(started).Seconds(), byConsumer.Of(c.name))
	}
}

// traceparent returns the event's position in its trace (CloudEvents' Distributed Tracing extension), or "".
func traceparent(event cloudevents.Event) string {
	s, _ := event.Extensions()[telemetry.HeaderTraceparent].(string)
	return s
}

// count counts what became of an event.
func (c *Consumer) count(ctx context.Context, eventType, outcome string) {
	if consumed.Enabled(ctx) {
		consumed.Add(ctx, 1, byResult.Of(result{c.name, known(eventType), outcome}))
	}
}

// known bounds the values of the label: anybody who may write to a topic chooses the type.
func known(eventType string) string {
	if _, ok := cloudevent.TopicOf(eventType); ok {
		return eventType
	}
	return "other"
}

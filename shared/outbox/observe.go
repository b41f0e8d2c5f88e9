package outbox

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.37.0"
	"go.opentelemetry.io/otel/trace"

	"taskwire.dev/shared/telemetry"
)

var (
	published       = telemetry.Counter("taskwire.outbox.published", "{event}", "Events that the broker has acknowledged")
	unpublished     = telemetry.Counter("taskwire.outbox.failed", "{event}", "Events that the broker did not acknowledge and that are sent again")
	commitToPublish = telemetry.Seconds("taskwire.commit_to_publish.duration", "From the commit of a change until the broker has its event")
)

var byTopic = telemetry.Label("topic")

// send publishes messages with one call to the broker. The trace of each event gets a span if it is sampled, and the
// call is in the trace of its only event, or in its own with a link to each that is sampled.
func (p *Publisher) send(ctx context.Context, topic string, messages []Message) (failed map[int64]bool, err error) {
	var spans []trace.Span
	if telemetry.Tracing() {
		ctx, spans = beginPublish(ctx, topic, messages)
	}
	failed, err = p.broker.Publish(ctx, topic, messages)
	for _, span := range spans {
		if err != nil {
			span.SetStatus(codes.Error, err.Error())
		}
		span.End()
	}
	if published.Enabled(ctx) {
		measure(ctx, topic, messages, failed)
	}
	return failed, err
}

// beginPublish starts the spans of messages that go out together.
func beginPublish(own context.Context, topic string, messages []Message) (ctx context.Context, spans []trace.Span) {
	var links []trace.Link
	for i, m := range messages {
		traceparent := telemetry.TraceparentOf(m.Payload)
		if i < len(messages)-1 && !telemetry.Sampled(traceparent) {
			continue
		}
		var span trace.Span
		ctx, span = telemetry.StartSpan(telemetry.WithTraceparent(own, traceparent), "publish "+topic, trace.WithSpanKind(trace.SpanKindProducer))
		if span.IsRecording() {
			spans = append(spans, span)
			links = append(links, trace.Link{SpanContext: span.SpanContext()})
		}
	}
	if len(messages) > 1 && links != nil {
		var batch trace.Span
		ctx, batch = telemetry.Tracer.Start(own, "publish batch "+topic, trace.WithNewRoot(), trace.WithLinks(links...))
		spans = append(spans, batch)
	}
	for _, span := range spans {
		if span.IsRecording() {
			span.SetAttributes(semconv.MessagingSystemKafka, semconv.MessagingDestinationName(topic), semconv.MessagingOperationName("publish"),
				semconv.MessagingOperationTypeSend, semconv.MessagingBatchMessageCount(len(messages)))
		}
	}
	return ctx, spans // without a span it is in the trace of the last message, which is not sampled, so that the sidecar does not start one
}

func measure(ctx context.Context, topic string, messages []Message, failed map[int64]bool) {
	of := byTopic.Of(topic)
	published.Add(ctx, int64(len(messages)-len(failed)), of)
	if len(failed) > 0 {
		unpublished.Add(ctx, int64(len(failed)), of)
	}
	now := time.Now()
	for _, m := range messages {
		if !failed[m.ID] && !m.CommittedAt.IsZero() {
			commitToPublish.Record(ctx, max(0, now.Sub(m.CommittedAt).Seconds()), of)
		}
	}
}

package outbox

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.37.0"
	"go.opentelemetry.io/otel/trace"

	"taskwire.dev/shared/telemetry"
)

var (
	published       = telemetry.Counter("taskwire.outbox.published", "{event}", "Events that the broker has acknowledged")
	unpublished     = telemetry.Counter("taskwire.outbox.failed", "{event}", "Events that the broker did not acknowledge and that are sent again")
	commitToPublish = telemetry.Seconds("taskwire.commit_to_publish.duration", "From the commit of a change until the broker has its event")
)

// send publishes messages with one call to the broker. Each event's trace gets a span, and the call is in the trace of
// its only event, or in its own with a link to each.
func (p *Publisher) send(ctx context.Context, topic string, messages []Message) (failed map[int64]bool, err error) {
	spans := make([]trace.Span, 0, len(messages))
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
func beginPublish(ctx context.Context, topic string, messages []Message) (context.Context, []trace.Span) {
	attributes := trace.WithAttributes(semconv.MessagingSystemKafka, semconv.MessagingDestinationName(topic),
		semconv.MessagingOperationName("publish"), semconv.MessagingOperationTypeSend, semconv.MessagingBatchMessageCount(len(messages)))
	spans := make([]trace.Span, len(messages), len(messages)+1)
	links := make([]trace.Link, len(messages))
	own := ctx
	for i, m := range messages {
		ctx, spans[i] = telemetry.Tracer.Start(telemetry.WithTraceparent(own, telemetry.TraceparentOf(m.Payload)), "publish "+topic,
			trace.WithSpanKind(trace.SpanKindProducer), attributes)
		links[i] = trace.Link{SpanContext: spans[i].SpanContext()}
	}
	if len(messages) == 1 {
		return ctx, spans
	}
	ctx, batch := telemetry.Tracer.Start(own, "publish batch "+topic, trace.WithNewRoot(), trace.WithLinks(links...), attributes)
	return ctx, append(spans, batch)
}

func measure(ctx context.Context, topic string, messages []Message, failed map[int64]bool) {
	of := metric.WithAttributeSet(attribute.NewSet(attribute.String("topic", topic)))
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

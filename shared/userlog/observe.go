package userlog

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/telemetry"
)

var (
	commandDuration = telemetry.Seconds("taskwire.command.duration", "How long a caller waits for a change to a user's data")
	batchDuration   = telemetry.Seconds("taskwire.batch.duration", "How long the transaction of a group commit takes")
	batchSize       = telemetry.Sizes("taskwire.batch.size", "{change}", "How many changes share a transaction", 1, 2, 4, 8, 16, 32)
	deduplicated    = telemetry.Counter("taskwire.consumer.deduplicated", "{event}", "Events that a consumer had applied before")
)

var byOutcome = telemetry.Label("outcome")

// begin starts the span of a change. The returned function ends it and measures how long the caller has waited.
func begin(ctx context.Context, changes []Change) (context.Context, func(error)) {
	ctx, span := telemetry.StartSpan(ctx, "userlog change")
	if span.IsRecording() {
		span.SetAttributes(attribute.String("taskwire.actor", changes[0].actor()), attribute.Int("taskwire.changes", len(changes)))
	}
	started := time.Now()
	return ctx, func(err error) {
		outcome := outcomeOf(err)
		if outcome == "failed" || outcome == "unavailable" {
			span.SetStatus(codes.Error, err.Error())
		}
		span.End()
		if commandDuration.Enabled(ctx) {
			commandDuration.Record(ctx, time.Since(started).Seconds(), byOutcome.Of(outcome))
		}
	}
}

// outcomeOf is what became of a change: ok, refused by a rule of the domain, or not possible now.
func outcomeOf(err error) string {
	switch {
	case err == nil:
		return "ok"
	case fault.Is(err, fault.Unavailable):
		return "unavailable"
	case fault.Is(err, fault.Internal):
		return "failed"
	default:
		return "refused"
	}
}

// beginBatch starts the span of a group commit: in the trace of its change if it has one, else in its own trace with a
// link to each that is sampled. Without any there is none.
func beginBatch(ctx context.Context, batch []*pending) (context.Context, func()) {
	started := time.Now()
	span := trace.SpanFromContext(ctx)
	if len(batch) == 1 {
		ctx, span = telemetry.StartSpan(trace.ContextWithSpanContext(ctx, batch[0].span), "userlog batch")
	} else if links := sampled(batch); links != nil {
		ctx, span = telemetry.Tracer.Start(ctx, "userlog batch", trace.WithNewRoot(), trace.WithLinks(links...))
	}
	if span.IsRecording() {
		span.SetAttributes(attribute.Int("taskwire.batch.size", len(batch)))
	}
	return ctx, func() {
		span.End()
		if batchDuration.Enabled(ctx) {
			batchDuration.Record(ctx, time.Since(started).Seconds())
			batchSize.Record(ctx, int64(len(batch)))
		}
	}
}

// sampled returns links to the changes whose traces are sampled.
func sampled(batch []*pending) (links []trace.Link) {
	for _, p := range batch {
		if p.span.IsSampled() {
			links = append(links, trace.Link{SpanContext: p.span})
		}
	}
	return links
}

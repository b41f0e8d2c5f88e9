package dapr

import (
	"context"

	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/stats"

	"taskwire.dev/shared/telemetry"
)

// sampledCalls is otelgrpc's handler for calls in sampled traces. A call in another trace only carries its traceparent, so
// that the sidecar does not start a trace.
type sampledCalls struct{ stats.Handler }

// TagRPC implements stats.Handler.
func (h sampledCalls) TagRPC(ctx context.Context, info *stats.RPCTagInfo) context.Context {
	if c := trace.SpanContextFromContext(ctx); c.IsValid() && !c.IsSampled() {
		return metadata.AppendToOutgoingContext(ctx, telemetry.HeaderTraceparent, telemetry.Traceparent(ctx))
	}
	return h.Handler.TagRPC(ctx, info)
}

// HandleRPC implements stats.Handler.
func (h sampledCalls) HandleRPC(ctx context.Context, s stats.RPCStats) {
	if trace.SpanFromContext(ctx).IsRecording() {
		h.Handler.HandleRPC(ctx, s)
	}
}

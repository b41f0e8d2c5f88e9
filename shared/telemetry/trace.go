package telemetry

import (
	"bytes"
	"context"
	"crypto/rand"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

const (
	// HeaderTraceparent is the HTTP header of W3C Trace Context, and the CloudEvents extension of the same name.
	HeaderTraceparent = "traceparent"
	// HeaderTraceresponse names the trace of a request in the response (W3C Trace Context, level 2).
	HeaderTraceresponse = "traceresponse"
)

var w3c propagation.TraceContext

// parse returns the span context of a traceparent, which is not valid if s is not.
func parse(s string) trace.SpanContext {
	return trace.SpanContextFromContext(w3c.Extract(context.Background(), propagation.MapCarrier{HeaderTraceparent: s}))
}

// ValidTraceparent reports whether s is a traceparent of W3C Trace Context, 3.2.
func ValidTraceparent(s string) bool { return s != "" && parse(s).IsValid() }

// WithTraceparent returns a context in the trace that s continues. If s is not valid the context stays in its own
// trace, if it has one.
func WithTraceparent(ctx context.Context, s string) context.Context {
	if parent := parse(s); s != "" && parent.IsValid() {
		return trace.ContextWithRemoteSpanContext(ctx, parent)
	}
	return ctx
}

// WithTrace returns a context that is in a trace: its own, the one that traceparent continues, or a new one. If spans
// are exported it leaves a new trace to the first span.
func WithTrace(ctx context.Context, traceparent string) context.Context {
	if inTrace(ctx) {
		return ctx
	}
	if ctx = WithTraceparent(ctx, traceparent); !inTrace(ctx) && !Tracing() {
		ctx = trace.ContextWithRemoteSpanContext(ctx, root())
	}
	return ctx
}

func inTrace(ctx context.Context) bool { return trace.SpanContextFromContext(ctx).IsValid() }

// root returns a span context that starts a trace. It is not sampled: nobody records it.
func root() trace.SpanContext {
	var c trace.SpanContextConfig
	_, _ = rand.Read(c.TraceID[:]) // never fails (crypto/rand)
	_, _ = rand.Read(c.SpanID[:])
	return trace.NewSpanContext(c)
}

// Traceparent returns the context's position in its trace, as the parent of what follows. Without a trace it starts one.
func Traceparent(ctx context.Context) string {
	c := trace.SpanContextFromContext(ctx)
	if !c.IsValid() {
		c = root()
	}
	return "00-" + c.TraceID().String() + "-" + c.SpanID().String() + "-" + (c.TraceFlags() & trace.FlagsSampled).String()
}

// TraceID returns the id of the context's trace, or "".
func TraceID(ctx context.Context) string {
	if c := trace.SpanContextFromContext(ctx); c.HasTraceID() {
		return c.TraceID().String()
	}
	return ""
}

// TraceparentOf returns the extension of a structured CloudEvent in JSON, or "". Attributes come before the data, and a
// quote within a string is escaped, so the first match is the extension.
func TraceparentOf(event []byte) string {
	_, after, _ := bytes.Cut(event, []byte(`"`+HeaderTraceparent+`":"`))
	value, _, _ := bytes.Cut(after, []byte(`"`))
	return string(value)
}

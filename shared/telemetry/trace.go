package telemetry

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

const (
	// HeaderTraceparent is the HTTP header of W3C Trace Context, and the CloudEvents extension of the same name.
	HeaderTraceparent = "traceparent"
	// HeaderTraceresponse names the trace of a request in the response (W3C Trace Context, level 2).
	HeaderTraceresponse = "traceresponse"

	headerTracestate = "tracestate"
)

var w3c propagation.TraceContext

// parse returns the span context of a traceparent, which is not valid if s is not. It reads the usual form, and leaves
// others to the library, which takes three times as long: every event and every request has one.
func parse(s string) trace.SpanContext {
	if len(s) != 55 || s[:3] != "00-" || s[35] != '-' || s[52:] != "-00" && s[52:] != "-01" {
		return trace.SpanContextFromContext(w3c.Extract(context.Background(), propagation.MapCarrier{HeaderTraceparent: s}))
	}
	traceID, err := trace.TraceIDFromHex(s[3:35])
	if err != nil {
		return trace.SpanContext{}
	}
	spanID, err := trace.SpanIDFromHex(s[36:52])
	if err != nil {
		return trace.SpanContext{}
	}
	return trace.NewSpanContext(trace.SpanContextConfig{TraceID: traceID, SpanID: spanID, TraceFlags: trace.TraceFlags(s[54] - '0')})
}

// ValidTraceparent reports whether s is a traceparent of W3C Trace Context, 3.2.
func ValidTraceparent(s string) bool { return s != "" && parse(s).IsValid() }

// Sampled reports whether s is a traceparent in a sampled trace.
func Sampled(s string) bool { return s != "" && parse(s).IsSampled() }

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

// WithTraceOf returns a context in the trace that a request's headers continue, if they do.
func WithTraceOf(ctx context.Context, h http.Header) context.Context {
	if h.Get(headerTracestate) != "" {
		return w3c.Extract(ctx, propagation.HeaderCarrier(h))
	}
	return WithTraceparent(ctx, h.Get(HeaderTraceparent))
}

// StartSpan starts a span, but not in a trace that is not sampled: making one there would only take time. Attributes are
// for spans that are recording (trace.Span.IsRecording).
func StartSpan(ctx context.Context, name string, options ...trace.SpanStartOption) (context.Context, trace.Span) {
	if c := trace.SpanContextFromContext(ctx); c.IsValid() && !c.IsSampled() {
		return ctx, trace.SpanFromContext(ctx) // which does not record
	}
	return Tracer.Start(ctx, name, options...)
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
	traceID, spanID := c.TraceID(), c.SpanID()
	b := append(make([]byte, 0, 55), "00-"...)
	b = append(hex.AppendEncode(b, traceID[:]), '-')
	b = append(hex.AppendEncode(b, spanID[:]), '-', '0', '0'+byte(c.TraceFlags()&trace.FlagsSampled))
	return string(b)
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

package export

import (
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.37.0"
	"go.opentelemetry.io/otel/semconv/v1.37.0/httpconv"
	"go.opentelemetry.io/otel/trace"

	"taskwire.dev/shared/telemetry"
)

// server observes the requests to next.
type server struct {
	next      http.Handler
	longLived func(*http.Request) bool
	tracer    trace.Tracer
	duration  metric.Float64Histogram
	labels    *telemetry.Labels[exchange]
}

var serverKind = trace.WithSpanKind(trace.SpanKindServer)

// exchange is what is measured of a request, by the semantic conventions for HTTP.
type exchange struct {
	method string
	route  telemetry.Route
	status int
}

func (e exchange) labels() []attribute.KeyValue {
	labels := []attribute.KeyValue{semconv.HTTPRequestMethodKey.String(e.method), semconv.HTTPResponseStatusCode(e.status)}
	if e.route != "" {
		labels = append(labels, semconv.HTTPRoute(string(e.route)))
	}
	return labels
}

// Handler traces and measures the requests to h, if somebody receives that. Long-lived ones are left out: the length of
// a stream is no latency. It does what otelhttp does, but describes a request only in a trace that is sampled
// (docs/observability.md, "What it costs").
func Handler(h http.Handler, longLived func(*http.Request) bool) http.Handler {
	if !telemetry.Tracing() && !telemetry.Measuring() {
		return h
	}
	duration, err := httpconv.NewServerRequestDuration(otel.Meter(telemetry.Scope))
	if err != nil {
		otel.Handle(err)
	}
	return &server{h, longLived, otel.Tracer(telemetry.Scope), duration.Inst(), telemetry.NewLabels(exchange.labels)}
}

// ServeHTTP implements http.Handler.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.longLived(r) {
		s.next.ServeHTTP(w, r)
		return
	}
	started := time.Now()
	ctx, span := s.tracer.Start(telemetry.WithTraceOf(r.Context(), r.Header), r.Method, serverKind)
	defer span.End()
	if span.IsRecording() {
		span.SetAttributes(describe(r)...)
	}
	answer := &response{ResponseWriter: w}
	s.next.ServeHTTP(answer, r.WithContext(telemetry.WithRoute(ctx, &answer.route)))
	if answer.status == 0 {
		answer.status = http.StatusOK
	}
	result := exchange{method(r), answer.route, answer.status}
	if span.IsRecording() {
		span.SetAttributes(result.labels()...)
		if answer.status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
	}
	if s.duration.Enabled(ctx) {
		s.duration.Record(ctx, time.Since(started).Seconds(), s.labels.Of(result))
	}
}

// describe returns what a span says of a request beside its method and route. What a client sends need not be UTF-8, which
// OTLP demands: one such value, and all that is sent with it would be lost.
func describe(r *http.Request) []attribute.KeyValue {
	return []attribute.KeyValue{
		semconv.URLScheme("http"), semconv.URLPath(validUTF8(r.URL.Path)), semconv.ServerAddress(validUTF8(host(r.Host))), semconv.NetworkPeerAddress(host(r.RemoteAddr)),
		semconv.UserAgentOriginal(validUTF8(r.UserAgent())), semconv.NetworkProtocolVersion(strings.TrimPrefix(r.Proto, "HTTP/")),
	}
}

func host(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return address
}

// method returns a request's method for a label: clients must not choose how many values it has.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	default:
		return "_OTHER"
	}
}

// response notes the status of the response and the route of its request.
type response struct {
	http.ResponseWriter
	status int
	route  telemetry.Route
}

// WriteHeader implements http.ResponseWriter.
func (w *response) WriteHeader(status int) {
	if w.status == 0 && (status >= http.StatusOK || status == http.StatusSwitchingProtocols) {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// ReadFrom implements io.ReaderFrom, so that files are sent without a buffer for each.
func (w *response) ReadFrom(r io.Reader) (int64, error) { return io.Copy(w.ResponseWriter, r) }

// Unwrap is for http.ResponseController.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush implements http.Flusher, by which the MCP library sends what it has so far.
func (w *response) Flush() { _ = w.FlushError() }

// FlushError is for http.ResponseController.
func (w *response) FlushError() error { return http.NewResponseController(w.ResponseWriter).Flush() }

package export

import (
	"net/http"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
	semconv "go.opentelemetry.io/otel/semconv/v1.37.0"
	"go.opentelemetry.io/otel/semconv/v1.37.0/httpconv"
	"go.opentelemetry.io/otel/trace"

	"taskwire.dev/shared/telemetry"
)

// call is what is measured of a request to a function.
type call struct {
	function, method string
	status           int    // 0 if there was no response
	failure          string // why not, by the type of the error
}

func (c call) labels() []attribute.KeyValue {
	labels := []attribute.KeyValue{attribute.String("taskwire.function", c.function), semconv.HTTPRequestMethodKey.String(c.method)}
	if c.failure != "" {
		return append(labels, semconv.ErrorTypeKey.String(c.failure))
	}
	return append(labels, semconv.HTTPResponseStatusCode(c.status))
}

// Transport traces and measures the requests that t makes to a function, if somebody receives that. A request in a trace
// that is not sampled has its traceparent already, and is only measured.
func Transport(t http.RoundTripper, function string) http.RoundTripper {
	if !telemetry.Tracing() && !telemetry.Measuring() {
		return t
	}
	traced := otelhttp.NewTransport(t, otelhttp.WithMeterProvider(noop.NewMeterProvider()),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return r.Method + " " + function }))
	duration, err := httpconv.NewClientRequestDuration(otel.Meter(telemetry.Scope))
	if err != nil {
		otel.Handle(err)
	}
	return &transport{t, traced, function, duration.Inst(), telemetry.NewLabels(call.labels)}
}

type transport struct {
	plain, traced http.RoundTripper
	function      string
	duration      metric.Float64Histogram
	labels        *telemetry.Labels[call]
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(r *http.Request) (res *http.Response, err error) {
	started := time.Now()
	if trace.SpanFromContext(r.Context()).IsRecording() {
		res, err = t.traced.RoundTrip(r)
	} else {
		res, err = t.plain.RoundTrip(r)
	}
	if t.duration.Enabled(r.Context()) {
		of := call{function: t.function, method: method(r)}
		if err != nil {
			of.failure = semconv.ErrorType(err).Value.AsString()
		} else {
			of.status = res.StatusCode
		}
		t.duration.Record(r.Context(), time.Since(started).Seconds(), t.labels.Of(of))
	}
	return res, err
}

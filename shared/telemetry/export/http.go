package export

import (
	"net/http"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"

	"taskwire.dev/shared/telemetry"
)

// Handler traces and measures the requests to h, if somebody receives that. Long-lived ones are left out: the length of
// a stream is no latency.
func Handler(h http.Handler, longLived func(*http.Request) bool) http.Handler {
	if !telemetry.Tracing() && !telemetry.Measuring() {
		return h
	}
	observed := otelhttp.NewHandler(h, "", otelhttp.WithFilter(func(r *http.Request) bool { return !longLived(r) }),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return r.Method }))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Pattern = "" // func-go's, which is / for every request; httpapi.Routed names the route
		observed.ServeHTTP(w, r)
	})
}

// Transport traces and measures the requests that t makes to a function, if somebody receives that.
func Transport(t http.RoundTripper, function string) http.RoundTripper {
	if !telemetry.Tracing() && !telemetry.Measuring() {
		return t
	}
	observed := otelhttp.NewTransport(t, otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return r.Method + " " + function }))
	return labelled{observed, attribute.String("taskwire.function", function)}
}

// labelled measures requests under a label instead of those of the request that causes them.
type labelled struct {
	http.RoundTripper
	label attribute.KeyValue
}

// RoundTrip implements http.RoundTripper.
func (l labelled) RoundTrip(r *http.Request) (*http.Response, error) {
	labels := &otelhttp.Labeler{}
	labels.Add(l.label)
	return l.RoundTripper.RoundTrip(r.WithContext(otelhttp.ContextWithLabeler(r.Context(), labels)))
}

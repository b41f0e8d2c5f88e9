package export_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/telemetry/export"
)

// A trace that is not sampled goes on, marked as such, and its requests are measured like others.
func TestATraceThatIsNotSampledGoesOnAndIsMeasured(t *testing.T) {
	c := &collector{received: map[string]*bytes.Buffer{}}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	t.Setenv("OTEL_TRACES_SAMPLER", "always_off")
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before); telemetry.Exporting(false, false) })
	stop, err := export.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var upstream string
	tasks := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		upstream = r.Header.Get(telemetry.HeaderTraceparent)
		w.WriteHeader(http.StatusAccepted)
	}))
	t.Cleanup(tasks.Close)
	way := export.Transport(http.DefaultTransport, "tasks")
	rt := &httpapi.Router{}
	rt.Route("GET /api/todos/{id}", func(w http.ResponseWriter, r *http.Request) error {
		out, err := http.NewRequestWithContext(r.Context(), http.MethodGet, tasks.URL, nil)
		if err != nil {
			return err
		}
		out.Header.Set(telemetry.HeaderTraceparent, telemetry.Traceparent(r.Context()))
		res, err := way.RoundTrip(out)
		if err != nil {
			return err
		}
		w.WriteHeader(res.StatusCode)
		_, err = io.Copy(w, res.Body)
		return errors.Join(err, res.Body.Close())
	})
	h := export.Handler(rt, func(*http.Request) bool { return false })
	const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/todos/secret-id", nil)
	r.Header.Set("Traceparent", parent)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	for name, context := range map[string]string{"traceresponse": w.Header().Get("Traceresponse"), "the call's traceparent": upstream} {
		if !strings.HasPrefix(context, parent[:36]) || !strings.HasSuffix(context, "-00") {
			t.Errorf("%s is %q, want the trace of %s, not sampled", name, context, parent)
		}
	}
	stop(context.Background())
	if spans := c.text("/v1/traces"); spans != "" {
		t.Errorf("spans: %q", spans)
	}
	for metric, want := range map[string][]string{
		"http.server.request.duration": {"http.request.method=GET", "http.response.status_code=202", "http.route=/api/todos/{id}"},
		"http.client.request.duration": {"http.request.method=GET", "http.response.status_code=202", "taskwire.function=tasks"},
	} {
		labels := labelsOf(t, c.text("/v1/metrics"), metric)
		slices.Sort(labels)
		if !slices.Equal(labels, want) {
			t.Errorf("%s: labels %q, want %q", metric, labels, want)
		}
	}
}

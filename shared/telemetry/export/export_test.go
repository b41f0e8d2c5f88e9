package export_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	colmetricpb "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	"google.golang.org/protobuf/proto"

	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/fn"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/telemetry/export"
)

// collector is an OTLP receiver that keeps what it gets, by path.
type collector struct {
	mu       sync.Mutex
	received map[string]*bytes.Buffer
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		body = unzipped
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.received[r.URL.Path] == nil {
		c.received[r.URL.Path] = &bytes.Buffer{}
	}
	_, _ = io.Copy(c.received[r.URL.Path], body)
}

func (c *collector) text(path string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if b := c.received[path]; b != nil {
		return b.String()
	}
	return ""
}

func TestWithoutAnEndpointNothingIsExportedOrWrapped(t *testing.T) {
	for _, off := range []map[string]string{
		{},
		{"OTEL_EXPORTER_OTLP_ENDPOINT": ""},
		{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"},
	} {
		for name, value := range off {
			t.Setenv(name, value)
		}
		stop, err := export.Start(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		stop(t.Context())
		if telemetry.Tracing() || telemetry.Measuring() {
			t.Errorf("%v: tracing %t, measuring %t", off, telemetry.Tracing(), telemetry.Measuring())
		}
		rt := &httpapi.Router{}
		if h := export.Handler(rt, nil); h != http.Handler(rt) {
			t.Errorf("%v: the handler is wrapped", off)
		}
	}
}

// collect starts a collector, to which what is measured is exported.
func collect(t *testing.T) *collector {
	t.Helper()
	c := &collector{received: map[string]*bytes.Buffer{}}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	t.Setenv("OTEL_SERVICE_NAME", "tasks")
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(io.Discard, nil))) // as in a function, whose handler is not the log package's
	t.Cleanup(func() { slog.SetDefault(before); telemetry.Exporting(false, false) })
	return c
}

// What a function sends when it stops: the span and the duration of a request under its route, without its id.
func TestStopSendsWhatIsLeft(t *testing.T) {
	c := collect(t)
	stop, err := export.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rt := &httpapi.Router{}
	rt.Route("GET /api/todos/{id}", func(w http.ResponseWriter, r *http.Request) error {
		slog.InfoContext(r.Context(), "looked up")
		slog.DebugContext(r.Context(), "below the level")
		slog.InfoContext(r.Context(), "bytes \xff", "path", "/\xff", "error", errors.New("of \xff"))
		w.WriteHeader(http.StatusNoContent)
		return nil
	})
	h := export.Handler(rt, func(*http.Request) bool { return false })
	const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/todos/secret-id", nil)
	r.Header.Set("Traceparent", parent)
	r.Header.Set("User-Agent", "\xff") // of which a single one would cost all spans that are sent with it
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if named := w.Header().Get("Traceresponse"); !strings.HasPrefix(named, parent[:36]) || strings.Contains(named, parent[36:52]) {
		t.Errorf("traceresponse %q, want the trace of %s and another span", named, parent)
	}
	stop(context.Background())

	if spans := c.text("/v1/traces"); !strings.Contains(spans, "GET /api/todos/{id}") || !strings.Contains(spans, "tasks") {
		t.Errorf("spans: %q", spans)
	}
	labels := labelsOf(t, c.text("/v1/metrics"), "http.server.request.duration")
	slices.Sort(labels)
	if want := []string{"http.request.method=GET", "http.response.status_code=204", "http.route=/api/todos/{id}"}; !slices.Equal(labels, want) {
		t.Errorf("labels %q, want %q: an id or a host would be a series each", labels, want)
	}
	if logs := c.text("/v1/logs"); !strings.Contains(logs, "looked up") || strings.Contains(logs, "below the level") {
		t.Errorf("logs: %q", logs)
	}
}

// The status envelope makes a 503 travel through sidecars as a success, but it is measured as what it is.
func TestAStatusInTheEnvelopeIsMeasured(t *testing.T) {
	c := collect(t)
	f := fn.New(func(context.Context, struct{}) (http.Handler, error) {
		rt := &httpapi.Router{}
		rt.Route("GET /api/notifications", func(http.ResponseWriter, *http.Request) error {
			return fault.WrapUnavailable("the database", errors.New("gone"))
		})
		return rt, nil
	})
	f.Wrap(dapr.WrapStatus)
	if err := f.Start(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	function := httptest.NewServer(http.HandlerFunc(f.Handle))
	t.Cleanup(function.Close)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, function.URL+"/api/notifications", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := dapr.Transport{Next: http.DefaultTransport}.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusServiceUnavailable || !dapr.TakeEnvelope(res) {
		t.Errorf("answered with %d, %v", res.StatusCode, res.Header)
	}
	if err := f.Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
	if labels := labelsOf(t, c.text("/v1/metrics"), "http.server.request.duration"); !slices.Contains(labels, "http.response.status_code=503") {
		t.Errorf("labels %q", labels)
	}
}

// labelsOf returns the labels of the first series of a histogram.
func labelsOf(t *testing.T, export, name string) (labels []string) {
	t.Helper()
	var request colmetricpb.ExportMetricsServiceRequest
	if err := proto.Unmarshal([]byte(export), &request); err != nil {
		t.Fatal(err)
	}
	for _, scope := range request.GetResourceMetrics()[0].GetScopeMetrics() {
		for _, metric := range scope.GetMetrics() {
			if metric.GetName() != name {
				continue
			}
			for _, label := range metric.GetHistogram().GetDataPoints()[0].GetAttributes() {
				value := label.GetValue().GetStringValue()
				if value == "" {
					value = strconv.FormatInt(label.GetValue().GetIntValue(), 10)
				}
				labels = append(labels, label.GetKey()+"="+value)
			}
		}
	}
	return labels
}

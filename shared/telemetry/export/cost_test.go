package export_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/telemetry/export"
)

// What telemetry costs a request: off, and on in a trace that is sampled or not.
func BenchmarkHandler(b *testing.B) {
	collector := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer collector.Close()
	for name, test := range map[string]struct{ endpoint, flags string }{"off": {"", "00"}, "not sampled": {collector.URL, "00"}, "sampled": {collector.URL, "01"}} {
		b.Run(name, func(b *testing.B) {
			b.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", test.endpoint)
			stop, err := export.Start(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			defer telemetry.Exporting(false, false)
			defer stop(b.Context())
			rt := &httpapi.Router{}
			rt.Route("GET /api/todos/{id}", func(w http.ResponseWriter, _ *http.Request) error {
				_, err := io.WriteString(w, "{}")
				return err
			})
			h := export.Handler(rt, func(*http.Request) bool { return false })
			r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/api/todos/1", nil)
			r.Header.Set(telemetry.HeaderTraceparent, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-"+test.flags)
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(&discard{header: http.Header{}}, r)
			}
		})
	}
}

type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}

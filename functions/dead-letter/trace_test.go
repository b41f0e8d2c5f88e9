package function

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const storedTrace = "4bf92f3577b34da6a3ce929d0e0e4736"

// storesOfTelemetry serves one trace, as Jaeger does, and one rule, as Prometheus does.
func storesOfTelemetry(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	say := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
	}
	mux.Handle("GET /api/traces/"+storedTrace, say(`{"data":[{"spans":[{"spanID":"00f067aa0ba902b7","operationName":"POST /api/todos","startTime":1795679042140546,
		"duration":8012,"processID":"p1","tags":[{"key":"user_agent.original","value":"secret"}]}],"processes":{"p1":{"serviceName":"gateway"}}}]}`))
	mux.Handle("GET /api/v1/rules", say(`{"data":{"groups":[{"rules":[{"type":"alerting","name":"DeadLetters","labels":{"severity":"critical"}}]}]}}`))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestTracesAndAlerts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for path, want := range map[string]struct {
		status int
		body   string
	}{
		"/api/admin/traces/" + storedTrace:             {200, `{"trace_id":"` + storedTrace + `","spans":[{"id":"00f067aa0ba902b7","parent_id":null,"name":"POST /api/todos","service":"gateway","kind":"internal","start":"2026-11-26T07:44:02.140546Z","duration_us":8012,"error":false,"links":[],"attributes":{}}],"complete":`},
		"/api/admin/traces/" + strings.Repeat("0", 32): {404, `"detail":"there is no such trace, or not yet"`},
		"/api/admin/traces/services?limit=1":           {404, `"detail":"there is no such trace, or not yet"`},
		"/api/admin/alerts":                            {200, `{"items":[{"name":"DeadLetters","severity":"critical","state":"inactive","since":null,"summary":"","runbook_url":"","labels":{}}]}`},
	} {
		if status, body := b.ask(t, "GET", path); status != want.status || !strings.Contains(body, want.body) {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
}

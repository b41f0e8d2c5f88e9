package observe

import (
	"time"

	"taskwire.dev/local/internal/supervise"
)

// maxTraces is how many traces Jaeger keeps; newer ones replace the oldest. With 30 spans each they take 320 MB, which
// must be below the limit of the heap, or the garbage collector never rests.
const maxTraces = "5000"

// Jaeger keeps traces in memory.
type Jaeger struct {
	Binary string
	// FirstPort is the first of its ports: the query API, OTLP over HTTP, and the health check.
	FirstPort int
	Log       string
}

// Ports are the ports that must be free.
func (j Jaeger) Ports() []int { return []int{j.FirstPort, j.FirstPort + 1, j.FirstPort + 2} }

// URL is the address of its query API.
func (j Jaeger) URL() string { return address(j.FirstPort) }

// Collector is the host and port that take OTLP over HTTP.
func (j Jaeger) Collector() string { return loopback(j.FirstPort + 1) }

// Endpoint is where functions push spans.
func (j Jaeger) Endpoint() string { return "http://" + j.Collector() + "/v1/traces" }

// Part is the process.
func (j Jaeger) Part() (supervise.Part, error) {
	revision, err := supervise.Revision(j.Binary)
	if err != nil {
		return supervise.Part{}, err
	}
	// Servers that nothing here uses and that cannot be switched off listen on any free port.
	unused := loopback(0)
	return supervise.Part{
		Name: "jaeger",
		Path: j.Binary,
		Args: []string{
			"--query.http-server.host-port=" + loopback(j.FirstPort),
			"--collector.otlp.http.host-port=" + j.Collector(),
			"--admin.http.host-port=" + loopback(j.FirstPort+2),
			"--query.grpc-server.host-port=" + unused,
			"--collector.otlp.grpc.host-port=" + unused,
			"--collector.grpc-server.host-port=" + unused,
			"--collector.http-server.host-port=" + unused,
			"--memory.max-traces=" + maxTraces,
			"--log-level=warn",
		},
		Dir: "/",
		// Jaeger would send its own spans to the default port of a collector.
		Env:      append(environment("384MiB"), "SPAN_STORAGE_TYPE=memory", "OTEL_TRACES_SAMPLER=always_off"),
		Log:      j.Log,
		Port:     j.FirstPort,
		Probe:    address(j.FirstPort + 2),
		Grace:    5 * time.Second,
		Revision: revision,
	}, nil
}

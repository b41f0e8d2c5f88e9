package observe

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"taskwire.dev/local/internal/supervise"
)

// delay is when a sample is visible to queries, and so to alert rules. The default of 30 s is for scrape intervals of a
// minute; here everything reports every five seconds.
const delay = "5s"

// Target is a process whose /metrics is scraped.
type Target struct {
	Name string // value of the label service_name
	Port int
}

// VictoriaMetrics stores metrics: those that functions push, and those that it scrapes.
type VictoriaMetrics struct {
	Binary string
	Dir    string
	Port   int
	Alerts VMAlert
	// Sidecars are the daprd processes to scrape.
	Sidecars []Target
	// Boards is the folder with the boards that its pages show.
	Boards string
	Log    string
}

// URL is the address of its API and, at /vmui, of its pages.
func (v VictoriaMetrics) URL() string { return address(v.Port) }

// Endpoint is where functions push metrics.
func (v VictoriaMetrics) Endpoint() string { return v.URL() + "/opentelemetry/v1/metrics" }

// Part writes the list of processes to scrape and returns the process.
func (v VictoriaMetrics) Part() (supervise.Part, error) {
	if err := os.MkdirAll(v.Dir, 0o700); err != nil {
		return supervise.Part{}, err
	}
	scrape := filepath.Join(v.Dir, "scrape.yaml")
	if err := os.WriteFile(scrape, []byte(v.scrapeConfig()), 0o600); err != nil {
		return supervise.Part{}, err
	}
	revision, err := supervise.Revision(v.Binary, scrape)
	if err != nil {
		return supervise.Part{}, err
	}
	return victoria(v.Port, supervise.Part{
		Name: "victoriametrics",
		Path: v.Binary,
		Args: []string{
			"-storageDataPath=" + filepath.Join(v.Dir, "data"),
			"-retentionPeriod=7d",
			"-memory.allowedBytes=64MiB",
			"-opentelemetry.usePrometheusNaming",
			"-promscrape.config=" + scrape,
			"-search.latencyOffset=" + delay,
			"-vmalert.proxyURL=" + v.Alerts.URL(),
			"-vmui.customDashboardsPath=" + v.Boards,
		},
		Env:      environment("160MiB"),
		Log:      v.Log,
		Grace:    10 * time.Second,
		Revision: revision,
	}), nil
}

// victoria adds to a part what all programs of VictoriaMetrics have in common.
func victoria(port int, p supervise.Part) supervise.Part {
	p.Args = append(p.Args, "-httpListenAddr="+loopback(port), "-loggerFormat=json", "-loggerJSONFields=ts:time", "-loggerLevel=WARN")
	p.Dir, p.Port, p.Probe = "/", port, address(port)+"/health"
	return p
}

// scrapeConfig is Prometheus's format.
func (v VictoriaMetrics) scrapeConfig() string {
	var b strings.Builder
	b.WriteString("global:\n  scrape_interval: 5s\nscrape_configs:\n  - job_name: dapr\n    static_configs:\n")
	for _, t := range v.Sidecars {
		fmt.Fprintf(&b, "      - targets: [%q]\n        labels: { service_name: %q }\n", loopback(t.Port), t.Name)
	}
	if len(v.Sidecars) == 0 {
		return "scrape_configs: []\n"
	}
	return b.String()
}

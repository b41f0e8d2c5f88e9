package stack

import (
	"path/filepath"

	"taskwire.dev/local/internal/observe"
	"taskwire.dev/local/internal/supervise"
)

// observe starts the stores of metrics and traces.
func (s *Stack) observe(parts *[]supervise.Part) error {
	if !s.options.Observe {
		return nil
	}
	for _, engine := range []interface {
		Part() (supervise.Part, error)
	}{s.metricsStore(), s.alerts(), s.tracesStore()} {
		part, err := engine.Part()
		if err != nil {
			return err
		}
		*parts = append(*parts, part)
	}
	return nil
}

func (s *Stack) metricsStore() observe.VictoriaMetrics {
	store := observe.VictoriaMetrics{
		Binary: s.victoriaMetrics, Dir: filepath.Join(s.profile.Dir(), "metrics"), Port: s.profile.MetricsPort(),
		Alerts: s.alerts(), Log: s.log("victoriametrics"),
		Boards: filepath.Join(s.profile.Root, "eventing", "observability", "boards", "vmui"),
	}
	for _, i := range s.instances() {
		if car, ok := s.sidecar(i); ok {
			store.Sidecars = append(store.Sidecars, observe.Target{Name: i.Name, Port: car.MetricsPort})
		}
	}
	return store
}

func (s *Stack) alerts() observe.VMAlert {
	return observe.VMAlert{
		Binary: s.vmalert, Port: s.profile.AlertsPort(), Metrics: s.profile.MetricsPort(),
		Rules: filepath.Join(s.profile.Root, "eventing", "observability", "rules", "*.yaml"), Log: s.log("vmalert"),
	}
}

func (s *Stack) tracesStore() observe.Jaeger {
	return observe.Jaeger{Binary: s.jaeger, FirstPort: s.profile.TracesPort(), Log: s.log("jaeger")}
}

func (s *Stack) observeURLs() *ObserveURLs {
	if !s.options.Observe {
		return nil
	}
	metrics, traces := s.metricsStore(), s.tracesStore()
	return &ObserveURLs{
		MetricsURL: metrics.URL(), MetricsEndpoint: metrics.Endpoint(),
		TracesURL: traces.URL(), TracesEndpoint: traces.Endpoint(),
	}
}

// observeConfig is where the Pipeline page reads traces and alerts.
func (s *Stack) observeConfig() map[string]string {
	traces, rules := "", ""
	if s.options.Observe {
		traces, rules = s.tracesStore().URL(), s.alerts().URL()
	}
	return map[string]string{"JAEGER_QUERY_URL": traces, "RULES_URL": rules}
}

// collector is where sidecars send spans, or empty.
func (s *Stack) collector() string {
	if !s.options.Observe {
		return ""
	}
	return s.tracesStore().Collector()
}

// telemetry is the function's environment by the OpenTelemetry specification. A function sends nothing to an endpoint
// that is not set.
func (s *Stack) telemetry(i instance) []string {
	if !s.options.Observe {
		return nil
	}
	return []string{
		"OTEL_SERVICE_NAME=" + i.Name,
		// Copies of a function must not write to the same series.
		"OTEL_RESOURCE_ATTRIBUTES=service.instance.id=" + i.name(),
		"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=" + s.tracesStore().Endpoint(),
		"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=" + s.metricsStore().Endpoint(),
		"OTEL_METRIC_EXPORT_INTERVAL=5000",
		// The Pipeline page shows a trace soon, and before a burst of newer ones pushes it out of Jaeger.
		"OTEL_BSP_SCHEDULE_DELAY=1000",
	}
}

// Package telemetry carries traces through Taskwire and names what it measures, with OpenTelemetry's API alone. Without
// an exporter (package export), spans and instruments do nothing, and only the trace context travels.
package telemetry

import (
	"sync/atomic"

	"go.opentelemetry.io/otel"
)

// Scope is the instrumentation scope of Taskwire's own spans and instruments.
const Scope = "taskwire.dev"

var (
	// Tracer makes Taskwire's own spans.
	Tracer = otel.Tracer(Scope)
	// Meter makes Taskwire's own instruments; docs/observability.md describes each.
	Meter = otel.Meter(Scope)
)

// What is exported. Libraries are instrumented only for what somebody receives.
var (
	tracing   atomic.Bool
	measuring atomic.Bool
)

// Tracing reports whether spans are exported.
func Tracing() bool { return tracing.Load() }

// Measuring reports whether metrics are exported.
func Measuring() bool { return measuring.Load() }

// Exporting records what is exported. Package export calls it before the function opens what it works with.
func Exporting(traces, metrics bool) {
	tracing.Store(traces)
	measuring.Store(metrics)
}

// Package export sends traces, metrics and logs by OTLP over HTTP, as OpenTelemetry's standard variables say
// (https://opentelemetry.io/docs/specs/otel/protocol/exporter/): OTEL_EXPORTER_OTLP_ENDPOINT, or one endpoint for each
// signal. It pushes, because a function at zero cannot be scraped. A signal without an endpoint is off and costs
// nothing.
package export

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/contrib/bridges/otelslog"
	"go.opentelemetry.io/contrib/instrumentation/runtime"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/exemplar"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.37.0"
	"golang.org/x/time/rate"

	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/version"
)

// flushTimeout bounds the last export when a function stops.
const flushTimeout = 3 * time.Second

// Start begins to export. Stop sends what is left.
func Start(ctx context.Context) (stop func(context.Context), err error) {
	traces, metrics, logs := on("TRACES"), on("METRICS"), on("LOGS")
	if !traces && !metrics && !logs {
		return func(context.Context) {}, nil
	}
	attributes := []attribute.KeyValue{semconv.ServiceNamespace("taskwire"), semconv.ServiceInstanceID(uuid.NewString())}
	if commit := version.Commit(); commit != "" {
		attributes = append(attributes, semconv.ServiceVersion(commit))
	}
	res, err := resource.New(ctx, resource.WithAttributes(attributes...), resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("telemetry: %w", err)
	}
	complainRarely()
	var ends []func(context.Context) error
	for _, signal := range []struct {
		on    bool
		start func(context.Context, *resource.Resource) (func(context.Context) error, error)
	}{{traces, startTraces}, {metrics, startMetrics}, {logs, startLogs}} {
		if !signal.on {
			continue
		}
		end, err := signal.start(ctx, res)
		if err != nil {
			return nil, fmt.Errorf("telemetry: %w", err)
		}
		ends = append(ends, end)
	}
	telemetry.Exporting(traces, metrics)
	return func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTimeout)
		defer cancel()
		var failures []error
		for _, end := range ends {
			failures = append(failures, end(ctx))
		}
		if err := errors.Join(failures...); err != nil {
			slog.Debug("the last telemetry was not sent", "error", err)
		}
	}, nil
}

// on reports whether a signal has an endpoint and is not switched off.
func on(signal string) bool {
	if strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true") || os.Getenv("OTEL_"+signal+"_EXPORTER") == "none" {
		return false
	}
	return os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || os.Getenv("OTEL_EXPORTER_OTLP_"+signal+"_ENDPOINT") != ""
}

// complainRarely logs failures of the exporters: a collector that is away must not fill the logs.
func complainRarely() {
	often := rate.Sometimes{Interval: time.Minute}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		often.Do(func() { slog.Warn("telemetry is not exported", "error", err) })
	}))
}

// startTraces samples as OTEL_TRACES_SAMPLER says, which the SDK reads.
func startTraces(ctx context.Context, res *resource.Resource) (func(context.Context) error, error) {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, err
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(res))
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.TraceContext{})
	return provider.Shutdown, nil
}

func startMetrics(ctx context.Context, res *resource.Resource) (func(context.Context) error, error) {
	exporter, err := otlpmetrichttp.New(ctx)
	if err != nil {
		return nil, err
	}
	provider := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewPeriodicReader(exporter)), sdkmetric.WithResource(res),
		sdkmetric.WithView(views()...), sdkmetric.WithCardinalityLimit(maxSeries), sdkmetric.WithExemplarFilter(exemplar.AlwaysOffFilter)) // nothing here shows exemplars
	otel.SetMeterProvider(provider)
	telemetry.StartCounting(ctx)
	return provider.Shutdown, runtime.Start(runtime.WithMeterProvider(provider))
}

// startLogs sends every log line in addition to writing it. LOG_LEVEL applies to both.
func startLogs(ctx context.Context, res *resource.Resource) (func(context.Context) error, error) {
	exporter, err := otlploghttp.New(ctx)
	if err != nil {
		return nil, err
	}
	provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(utf8Lines{sdklog.NewBatchProcessor(exporter)}), sdklog.WithResource(res))
	written := slog.Default().Handler()
	sent := otelslog.NewHandler(telemetry.Scope, otelslog.WithLoggerProvider(provider))
	slog.SetDefault(slog.New(slog.NewMultiHandler(written, levelOf{sent, written})))
	return provider.Shutdown, nil
}

// levelOf is a handler that is enabled for the levels of another one.
type levelOf struct {
	slog.Handler
	other slog.Handler
}

// Enabled implements slog.Handler.
func (h levelOf) Enabled(ctx context.Context, level slog.Level) bool {
	return h.other.Enabled(ctx, level) && h.Handler.Enabled(ctx, level)
}

// WithAttrs implements slog.Handler.
func (h levelOf) WithAttrs(attrs []slog.Attr) slog.Handler {
	return levelOf{h.Handler.WithAttrs(attrs), h.other}
}

// WithGroup implements slog.Handler.
func (h levelOf) WithGroup(name string) slog.Handler {
	return levelOf{h.Handler.WithGroup(name), h.other}
}

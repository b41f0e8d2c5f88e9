package telemetry

import (
	"context"

	"go.opentelemetry.io/otel/metric"
)

// counters are all counters of the process.
var counters []metric.Int64Counter

// Counter returns a counter, for a package's variable. It counts from zero as soon as metrics are exported: an alert on
// something rare needs to see it grow from there.
func Counter(name, unit, description string) metric.Int64Counter {
	c := must(Meter.Int64Counter(name, metric.WithUnit(unit), metric.WithDescription(description)))
	counters = append(counters, c)
	return c
}

// StartCounting exports all counters. Package export calls it once metrics are exported.
func StartCounting(ctx context.Context) {
	for _, c := range counters {
		c.Add(ctx, 0)
	}
}

// Seconds returns a histogram of durations in seconds, with buckets at the given bounds or at those of package export.
func Seconds(name, description string, bounds ...float64) metric.Float64Histogram {
	options := []metric.Float64HistogramOption{metric.WithUnit("s"), metric.WithDescription(description)}
	if len(bounds) > 0 {
		options = append(options, metric.WithExplicitBucketBoundaries(bounds...))
	}
	return must(Meter.Float64Histogram(name, options...))
}

// Sizes returns a histogram of counts, with buckets at the bounds.
func Sizes(name, unit, description string, bounds ...float64) metric.Int64Histogram {
	return must(Meter.Int64Histogram(name, metric.WithUnit(unit), metric.WithDescription(description), metric.WithExplicitBucketBoundaries(bounds...)))
}

// Gauge returns a gauge of whole numbers that is read for each export: see metric.Meter.RegisterCallback.
func Gauge(name, unit, description string) metric.Int64ObservableGauge {
	return must(Meter.Int64ObservableGauge(name, metric.WithUnit(unit), metric.WithDescription(description)))
}

// SecondsGauge is a Gauge of seconds.
func SecondsGauge(name, description string) metric.Float64ObservableGauge {
	return must(Meter.Float64ObservableGauge(name, metric.WithUnit("s"), metric.WithDescription(description)))
}

// must returns an instrument. Making one fails only for a name that is not valid, which is a mistake in the code.
func must[T any](instrument T, err error) T {
	if err != nil {
		panic(err)
	}
	return instrument
}

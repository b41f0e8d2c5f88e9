package stream

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"taskwire.dev/shared/telemetry"
)

var (
	framesSent = telemetry.Counter("taskwire.stream.frames", "{frame}", "Changes handed to live streams, one for each stream")
	resets     = telemetry.Counter("taskwire.stream.resets", "{stream}", "Streams told to load everything again, by reason")
)

// countReset counts streams that were told to load everything again.
func countReset(reason string, streams int) {
	resets.Add(context.Background(), int64(streams), metric.WithAttributes(attribute.String("reason", reason)))
}

// Observe measures the hub's streams until the function ends.
func (h *Hub) Observe() error {
	open := telemetry.Gauge("taskwire.streams.open", "{stream}", "Open streams")
	limit := telemetry.Gauge("taskwire.streams.limit", "{stream}", "The most streams that this gateway opens")
	_, err := telemetry.Meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		o.ObserveInt64(open, int64(h.Count()))
		o.ObserveInt64(limit, int64(h.config.MaxTotal))
		return nil
	}, open, limit)
	return err
}

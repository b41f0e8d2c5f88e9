package stream

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"taskwire.dev/shared/telemetry"
)

var (
	framesSent = telemetry.Must(telemetry.Meter.Int64Counter("taskwire.stream.frames", metric.WithUnit("{frame}"),
		metric.WithDescription("Changes handed to live streams, one for each stream")))
	resets = telemetry.Must(telemetry.Meter.Int64Counter("taskwire.stream.resets", metric.WithUnit("{stream}"),
		metric.WithDescription("Streams told to load everything again, by reason")))
)

// countReset counts streams that were told to load everything again.
func countReset(reason string, streams int) {
	resets.Add(context.Background(), int64(streams), metric.WithAttributes(attribute.String("reason", reason)))
}

// Observe measures the hub's streams until the function ends.
func (h *Hub) Observe() error {
	open, err := telemetry.Meter.Int64ObservableGauge("taskwire.streams.open", metric.WithUnit("{stream}"),
		metric.WithDescription("Open streams"))
	if err != nil {
		return err
	}
	limit, err := telemetry.Meter.Int64ObservableGauge("taskwire.streams.limit", metric.WithUnit("{stream}"),
		metric.WithDescription("The most streams that this gateway opens"))
	if err != nil {
		return err
	}
	_, err = telemetry.Meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		o.ObserveInt64(open, int64(h.Count()))
		o.ObserveInt64(limit, int64(h.config.MaxTotal))
		return nil
	}, open, limit)
	return err
}

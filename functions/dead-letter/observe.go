package function

import (
	"context"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"taskwire.dev/functions/dead-letter/internal/kafka"
	"taskwire.dev/shared/telemetry"
)

// observeTimeout bounds what one export asks of the database and the broker.
const observeTimeout = 4 * time.Second

// gauges are the state of the pipeline, which is measured anew for each export: here, because this function may see the
// outbox, the dead letters and the broker, and always runs.
type gauges struct {
	outboxRows, lag, members, committed, open, topicsMissing metric.Int64ObservableGauge
	outboxAge, lagAge                                        metric.Float64ObservableGauge
	// consumers had dead letters since the function started. Without a zero, a store would show their last value for
	// minutes, and the alert would not clear.
	consumers map[string]bool
}

// observe measures the pipeline for each export of metrics.
func (f *Function) observe() error {
	if !telemetry.Measuring() {
		return nil
	}
	g := gauges{
		consumers:  map[string]bool{},
		outboxRows: telemetry.Gauge("taskwire.outbox.rows", "{event}", "Events that are committed and not yet published"),
		outboxAge:  telemetry.SecondsGauge("taskwire.outbox.age", "How long the oldest event in the outbox has waited"),
		open:       telemetry.Gauge("taskwire.dead_letters.open", "{event}", "Dead letters that nobody has redriven or discarded"),
		lag:        telemetry.Gauge("taskwire.consumer.lag", "{record}", "Records that a consumer group has not handled yet"),
		lagAge:     telemetry.SecondsGauge("taskwire.consumer.lag.age", "Age of the oldest record that a consumer group has not handled yet"),
		members:    telemetry.Gauge("taskwire.consumer.members", "{member}", "Members of a consumer group"),
		committed:  telemetry.Gauge("taskwire.consumer.committed", "{record}", "Sum of the offsets that a consumer group has committed"),

		topicsMissing: telemetry.Gauge("taskwire.topics.missing", "{topic}", "Topics that the broker does not have"),
	}
	_, err := telemetry.Meter.RegisterCallback(func(ctx context.Context, o metric.Observer) error {
		ctx, cancel := context.WithTimeout(ctx, observeTimeout)
		defer cancel()
		if err := f.observeDatabase(ctx, o, g); err != nil {
			slog.DebugContext(ctx, "cannot measure the outbox", "error", err)
		}
		if err := f.observeBroker(ctx, o, g); err != nil {
			slog.DebugContext(ctx, "cannot measure the broker", "error", err)
		}
		return nil
	}, g.outboxRows, g.outboxAge, g.open, g.lag, g.lagAge, g.members, g.committed, g.topicsMissing)
	return err
}

func (f *Function) observeDatabase(ctx context.Context, o metric.Observer, g gauges) error {
	measured, err := f.letters.Measure(ctx)
	if err != nil {
		return err
	}
	o.ObserveInt64(g.outboxRows, measured.OutboxRows)
	o.ObserveFloat64(g.outboxAge, measured.OutboxAge.Seconds())
	for consumer := range measured.Open {
		g.consumers[consumer] = true
	}
	for consumer := range g.consumers {
		o.ObserveInt64(g.open, measured.Open[consumer], metric.WithAttributes(attribute.String("consumer", consumer)))
	}
	return nil
}

func (f *Function) observeBroker(ctx context.Context, o metric.Observer, g gauges) error {
	missing, err := f.survey.broker.MissingTopics(ctx)
	if err != nil {
		return err
	}
	o.ObserveInt64(g.topicsMissing, int64(len(missing)))
	lags, members, err := f.survey.broker.Lags(ctx)
	if err != nil {
		return err
	}
	for _, l := range lags {
		at := metric.WithAttributes(attribute.String("group", l.Group), attribute.String("topic", l.Topic), attribute.Int("partition", int(l.Partition)))
		o.ObserveInt64(g.lag, l.Records, at)
		if l.Age != kafka.AgeUnknown {
			o.ObserveFloat64(g.lagAge, l.Age.Seconds(), at)
		}
	}
	for _, m := range members {
		group := metric.WithAttributes(attribute.String("group", m.Group))
		o.ObserveInt64(g.members, int64(m.Members), group)
		o.ObserveInt64(g.committed, m.Committed, group)
	}
	return nil
}

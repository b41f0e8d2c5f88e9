package tick

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/telemetry"
)

var (
	remindersSent = telemetry.Counter("taskwire.reminders.sent", "{reminder}", "Reminders that were committed, by kind")
	lateness      = telemetry.Seconds("taskwire.reminder.lateness", "How long after its moment a reminder was committed", 1, 5, 15, 30, 60, 90, 120, 300, 900, 3600)
)

// measure counts reminders that were committed at now.
func measure(ctx context.Context, sent []*reminder.Reminder, now time.Time) {
	for _, r := range sent {
		remindersSent.Add(ctx, 1, metric.WithAttributes(attribute.String("kind", r.Kind)))
		lateness.Record(ctx, max(0, now.Sub(r.RemindAt).Seconds()))
	}
}

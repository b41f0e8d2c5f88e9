package account

import (
	"context"
	"errors"
	"log/slog"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/telemetry"
)

var logins = telemetry.Counter("taskwire.logins", "{login}", "Attempts to log in, by outcome")

// observe counts an attempt to log in, and records one that was refused. The account is named by a hash: who mistypes
// an address may have typed a password.
func observe(ctx context.Context, c client, err error) {
	from := []slog.Attr{slog.String("account", c.account), slog.String("address", c.address)}
	outcome := "failed"
	switch {
	case err == nil:
		outcome = "ok"
	case errors.Is(err, errLogin):
		outcome = "refused"
		telemetry.Audit(ctx, telemetry.LoginRefused, from...)
	case fault.Is(err, fault.RateLimited):
		outcome = "throttled"
		telemetry.Audit(ctx, telemetry.LoginThrottled, from...)
	}
	logins.Add(ctx, 1, metric.WithAttributes(attribute.String("outcome", outcome)))
}

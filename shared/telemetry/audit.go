package telemetry

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// SecurityEvent is something that a security team wants to see.
type SecurityEvent string

// Security events.
const (
	LoginRefused       SecurityEvent = "login.refused"
	LoginThrottled     SecurityEvent = "login.throttled"
	RefreshTokenReused SecurityEvent = "refresh_token.reused"
	AccessTokenMade    SecurityEvent = "access_token.created"
	AccessTokenRevoked SecurityEvent = "access_token.revoked"
	AdminAction        SecurityEvent = "admin.action"
	EventForged        SecurityEvent = "event.forged"
)

var audited = Counter("taskwire.security.events", "{event}", "Security events, as in the audit lines of the logs")

// Audit logs a security event, as a line with the field audit. Attributes never hold a secret or what a task says.
func Audit(ctx context.Context, event SecurityEvent, attrs ...slog.Attr) {
	audited.Add(ctx, 1, metric.WithAttributes(attribute.String("event", string(event))))
	slog.LogAttrs(ctx, slog.LevelWarn, string(event), append([]slog.Attr{slog.Bool(fieldAudit, true)}, attrs...)...)
}

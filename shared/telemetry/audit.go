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
	SessionEnded       SecurityEvent = "session.ended"
	PasswordChanged    SecurityEvent = "password.changed"
	PasswordReset      SecurityEvent = "password.reset"
	ResetMailed        SecurityEvent = "password.reset_mailed"
	AppAllowed         SecurityEvent = "app.allowed"
	AppConnected       SecurityEvent = "app.connected"
	AppDisconnected    SecurityEvent = "app.disconnected"
	AppTokenReused     SecurityEvent = "app.token_reused"
	FactorAdded        SecurityEvent = "factor.added"
	FactorRemoved      SecurityEvent = "factor.removed"
	FactorRefused      SecurityEvent = "factor.refused"
	IdentityLinked     SecurityEvent = "identity.linked"
	IdentityUnlinked   SecurityEvent = "identity.unlinked"
	ProviderRefused    SecurityEvent = "provider.refused"
	PasskeyCopied      SecurityEvent = "passkey.copied"
	DeletionRequested  SecurityEvent = "account.deletion_requested"
	DeletionCanceled   SecurityEvent = "account.deletion_canceled"
	AdminAction        SecurityEvent = "admin.action"
	EventForged        SecurityEvent = "event.forged"
)

var audited = Counter("taskwire.security.events", "{event}", "Security events, as in the audit lines of the logs")

// Audit logs a security event, as a line with the field audit. Attributes never hold a secret or what a task says.
func Audit(ctx context.Context, event SecurityEvent, attrs ...slog.Attr) {
	audited.Add(ctx, 1, metric.WithAttributes(attribute.String("event", string(event))))
	slog.LogAttrs(ctx, slog.LevelWarn, string(event), append([]slog.Attr{slog.Bool(fieldAudit, true)}, attrs...)...)
}

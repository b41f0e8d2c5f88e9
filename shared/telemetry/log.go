package telemetry

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"
)

// The fields that every line of a request has, beside slog's time, level and msg.
const (
	fieldFunction  = "function"
	fieldTrace     = "trace_id"
	fieldRequest   = "request_id"
	fieldUser      = "user_id"
	fieldAudit     = "audit"
	maxRequestID   = 128
	defaultMinimum = slog.LevelInfo
)

// request is what lines of one request have in common. The user is known only after its token was verified.
type request struct {
	id   string
	user atomic.Pointer[string]
}

type requestKey struct{}

// WithRequest returns a context whose log lines carry the request's id and, once SetUser was called, its user.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, &request{id: id})
}

// SetUser names the user in the log lines of the context's request.
func SetUser(ctx context.Context, user string) {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		r.user.Store(&user)
	}
}

// ValidRequestID reports whether a client's request id may be used: it goes into headers and logs.
func ValidRequestID(id string) bool {
	return id != "" && len(id) <= maxRequestID && strings.IndexFunc(id, func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && !strings.ContainsRune("-_.:/+=", c)
	}) < 0
}

// NewHandler returns the slog handler of a function: JSON lines with the one field set. Minimum is the lowest level
// that is written: debug, info, warn or error; info if it is empty.
func NewHandler(w io.Writer, function, minimum string) (slog.Handler, error) {
	level := defaultMinimum
	if minimum != "" {
		if err := level.UnmarshalText([]byte(minimum)); err != nil {
			return nil, fmt.Errorf("LOG_LEVEL is %q; it must be debug, info, warn or error", minimum)
		}
	}
	lines := slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: plain})
	return contextHandler{lines.WithAttrs([]slog.Attr{slog.String(fieldFunction, function)})}, nil
}

// plain writes levels in lower case and times in UTC, as everything else that Taskwire says in JSON.
func plain(groups []string, a slog.Attr) slog.Attr {
	if len(groups) > 0 {
		return a
	}
	switch a.Key {
	case slog.LevelKey:
		return slog.String(slog.LevelKey, strings.ToLower(a.Value.String()))
	case slog.TimeKey:
		return slog.String(slog.TimeKey, a.Value.Time().UTC().Format(time.RFC3339Nano))
	default:
		return a
	}
}

// contextHandler adds the fields of the context to each line.
type contextHandler struct{ slog.Handler }

// Handle implements slog.Handler.
func (h contextHandler) Handle(ctx context.Context, line slog.Record) error {
	if id := TraceID(ctx); id != "" {
		line.AddAttrs(slog.String(fieldTrace, id))
	}
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		if r.id != "" {
			line.AddAttrs(slog.String(fieldRequest, r.id))
		}
		if user := r.user.Load(); user != nil {
			line.AddAttrs(slog.String(fieldUser, *user))
		}
	}
	return h.Handler.Handle(ctx, line)
}

// WithAttrs implements slog.Handler.
func (h contextHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return contextHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (h contextHandler) WithGroup(name string) slog.Handler {
	return contextHandler{h.Handler.WithGroup(name)}
}

package fn

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"

	"github.com/rs/zerolog"
	zlog "github.com/rs/zerolog/log"

	"taskwire.dev/shared/telemetry"
)

// Logging is set up as the process starts: func-go, whose logger is zerolog's, writes its first lines before it starts
// the function.
func init() {
	handler, err := telemetry.NewHandler(os.Stderr, os.Getenv("OTEL_SERVICE_NAME"), os.Getenv("LOG_LEVEL"))
	if err != nil {
		handler, _ = telemetry.NewHandler(os.Stderr, os.Getenv("OTEL_SERVICE_NAME"), "")
		defer func() { slog.Warn("using the default log level", "error", err) }()
	}
	slog.SetDefault(slog.New(handler))
	zlog.Logger = zerolog.New(funcGoLines{})
}

// funcGoLines passes func-go's lines on to slog, so that all lines have the same fields.
type funcGoLines struct{}

// Write implements io.Writer.
func (l funcGoLines) Write(line []byte) (int, error) { return l.WriteLevel(zerolog.NoLevel, line) }

// WriteLevel implements zerolog.LevelWriter.
func (funcGoLines) WriteLevel(level zerolog.Level, line []byte) (int, error) {
	var fields map[string]any
	if err := json.Unmarshal(line, &fields); err != nil {
		fields = map[string]any{zerolog.MessageFieldName: string(line)}
	}
	message, _ := fields[zerolog.MessageFieldName].(string)
	var attrs []any
	for name, value := range fields {
		switch name {
		case zerolog.MessageFieldName, zerolog.LevelFieldName, zerolog.TimestampFieldName:
		default:
			attrs = append(attrs, name, value)
		}
	}
	slog.Log(context.Background(), slogLevel(level), message, attrs...)
	return len(line), nil
}

func slogLevel(level zerolog.Level) slog.Level {
	switch {
	case level <= zerolog.DebugLevel:
		return slog.LevelDebug
	case level == zerolog.WarnLevel:
		return slog.LevelWarn
	case level >= zerolog.ErrorLevel && level <= zerolog.PanicLevel:
		return slog.LevelError
	default:
		return slog.LevelInfo
	}
}

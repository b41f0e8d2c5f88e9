package telemetry_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"taskwire.dev/shared/telemetry"
)

func TestEachLineHasTheFieldsOfItsRequest(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	handler, err := telemetry.NewHandler(&out, "tasks", "")
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(handler)
	ctx := telemetry.WithRequest(telemetry.WithTrace(t.Context(), parent), "req-1")
	log.DebugContext(ctx, "not written")
	telemetry.SetUser(ctx, "u")
	log.With("a", 1).WarnContext(ctx, "said", "level", "own")
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	for field, want := range map[string]any{
		"msg": "said", "function": "tasks", "trace_id": parent[3:35], "request_id": "req-1", "user_id": "u", "a": 1.0,
	} {
		if line[field] != want {
			t.Errorf("%s is %v, want %v", field, line[field], want)
		}
	}
	if !strings.Contains(out.String(), `"level":"warn"`) {
		t.Errorf("no level in lower case: %s", out.String())
	}
	at, _ := line["time"].(string)
	if when, err := time.Parse(time.RFC3339Nano, at); err != nil || !strings.HasSuffix(at, "Z") || time.Since(when) > time.Minute {
		t.Errorf("time is %v", line["time"])
	}
}

func TestLogLevel(t *testing.T) {
	t.Parallel()
	for level, lines := range map[string]int{"": 3, "debug": 4, "INFO": 3, "warn": 2, "error": 1} {
		var out bytes.Buffer
		handler, err := telemetry.NewHandler(&out, "tasks", level)
		if err != nil {
			t.Fatal(err)
		}
		log := slog.New(handler)
		log.Debug("1")
		log.Info("2")
		log.Warn("3")
		log.Error("4")
		if n := strings.Count(out.String(), "\n"); n != lines {
			t.Errorf("%q: %d lines, want %d", level, n, lines)
		}
	}
	if _, err := telemetry.NewHandler(&bytes.Buffer{}, "tasks", "loud"); err == nil || !strings.Contains(err.Error(), "debug, info, warn or error") {
		t.Errorf("got %v", err)
	}
}

func TestValidRequestID(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]bool{
		"01890b3e-7b1c-7000-8000-000000000000": true, "a/b+c==": true, "": false, "a b": false, "a\nb": false, "ü": false,
		`"}`: false, strings.Repeat("a", 128): true, strings.Repeat("a", 129): false,
	} {
		if got := telemetry.ValidRequestID(id); got != want {
			t.Errorf("%q: %t", id, got)
		}
	}
}

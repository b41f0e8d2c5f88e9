package telemetry_test

import (
	"context"
	"strings"
	"testing"

	"taskwire.dev/shared/telemetry"
)

const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

func TestValidTraceparent(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		parent: true,
		"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00": true,
		"": false,
		"00-00000000000000000000000000000000-00f067aa0ba902b7-01":     false,
		"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01":     false,
		"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01":     false,
		"ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01":     false,
		"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7":        false,
		"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n": false,
		strings.Repeat("0", 4096):                                     false,
	} {
		if got := telemetry.ValidTraceparent(s); got != want {
			t.Errorf("%q: %t, want %t", s, got, want)
		}
	}
}

func TestATraceIsCarriedOnUnchangedWhileNobodyRecordsIt(t *testing.T) {
	t.Parallel()
	ctx := telemetry.WithTrace(t.Context(), parent)
	if got := telemetry.Traceparent(ctx); got != parent {
		t.Errorf("got %s", got)
	}
	if got := telemetry.TraceID(ctx); got != parent[3:35] {
		t.Errorf("trace id %s", got)
	}
	// A request's own trace counts, whatever a header says.
	other := strings.Replace(parent, "4bf9", "5bf9", 1)
	if got := telemetry.Traceparent(telemetry.WithTrace(ctx, other)); got != parent {
		t.Errorf("got %s", got)
	}
	// An event's trace takes over from that of its delivery.
	if got := telemetry.Traceparent(telemetry.WithTraceparent(ctx, other)); got != other {
		t.Errorf("got %s", got)
	}
}

func TestWithoutAValidParentARequestStartsATrace(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, header := range []string{"", "nonsense", parent + "0"} {
		ctx := telemetry.WithTrace(t.Context(), header)
		first, second := telemetry.Traceparent(ctx), telemetry.Traceparent(ctx)
		if !telemetry.ValidTraceparent(first) || first != second {
			t.Errorf("%q: %s, then %s", header, first, second)
		}
		seen[first] = true
	}
	if seen[telemetry.Traceparent(context.Background())] || len(seen) != 3 {
		t.Errorf("traces are shared: %v", seen)
	}
}

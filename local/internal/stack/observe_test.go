package stack

import (
	"slices"
	"strings"
	"testing"

	"taskwire.dev/local/internal/profile"
	"taskwire.dev/tools/function"
)

func TestTelemetry_OnlyWithObserve(t *testing.T) {
	t.Parallel()
	p, err := profile.New("/repo", profile.Development, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	second := instance{function.Function{Name: "tasks"}, 1}
	if env := (&Stack{profile: p}).telemetry(second); env != nil {
		t.Errorf("without --observe: %v", env)
	}
	env := (&Stack{profile: p, options: Options{Observe: true, Sample: "0.1"}}).telemetry(second)
	for _, want := range []string{
		"OTEL_SERVICE_NAME=tasks",
		"OTEL_RESOURCE_ATTRIBUTES=service.instance.id=tasks-2",
		"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:18023/v1/traces",
		"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://127.0.0.1:18020/opentelemetry/v1/metrics",
	} {
		if !slices.Contains(env, want) {
			t.Errorf("%s is missing in %v", want, env)
		}
	}
}

func TestOptions_RejectASampleThatIsNoShare(t *testing.T) {
	t.Parallel()
	for _, sample := range []string{"2", "-1", "NaN", "all"} {
		if err := (Options{Observe: true, Sample: sample}).check(); err == nil || !strings.Contains(err.Error(), "from 0 to 1") {
			t.Errorf("--sample %s: %v", sample, err)
		}
	}
	if err := (Options{Sample: "0.5"}).check(); err == nil {
		t.Error("--sample without --observe was accepted")
	}
}

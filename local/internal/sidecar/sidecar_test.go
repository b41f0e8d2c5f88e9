package sidecar_test

import (
	"slices"
	"strings"
	"testing"

	"taskwire.dev/local/internal/sidecar"
	"taskwire.dev/tools/function"
)

var values = function.Values{Secrets: map[string]map[string]string{"app-token": {"token": "knock"}, "api-token": {"token": "enter"}}}

func of(t *testing.T, annotations map[string]string) sidecar.Sidecar {
	t.Helper()
	annotations["dapr.io/enabled"] = "true"
	s, ok := sidecar.For(function.Function{Name: "gateway", Annotations: annotations}, 18200, 8080, false)
	if !ok {
		t.Fatal("no sidecar")
	}
	return s
}

func TestFor_OnlyWhereDaprIsEnabled(t *testing.T) {
	t.Parallel()
	if _, ok := sidecar.For(function.Function{Name: "auth"}, 18200, 18100, false); ok {
		t.Error("a function that did not ask got a sidecar")
	}
}

func TestPart_FollowsTheAnnotations(t *testing.T) {
	t.Parallel()
	part := of(t, map[string]string{
		"dapr.io/app-port":                "8080",
		"dapr.io/enable-app-health-check": "true",
		"dapr.io/app-health-check-path":   "/health/readiness",
		"dapr.io/app-token-secret":        "app-token",
		"dapr.io/api-token-secret":        "api-token",
	}).Part("gateway-dapr", sidecar.Place{Daprd: "daprd", Root: "/repo"}, values)
	line := strings.Join(part.Args, " ")
	for _, want := range []string{
		"--app-id gateway", "--app-port 8080", "--enable-app-health-check", "--app-health-check-path /health/readiness",
		"--resources-path /repo/dapr/base", "--resources-path /repo/dapr/overlays/local",
	} {
		if !strings.Contains(line, want) {
			t.Errorf("%q is missing in %s", want, line)
		}
	}
	for token, value := range map[string]string{"APP_API_TOKEN": "knock", "DAPR_API_TOKEN": "enter"} {
		if !slices.Contains(part.Env, token+"="+value) || strings.Contains(line, value) {
			t.Errorf("%s belongs into the environment, and nowhere else", token)
		}
	}
}

func TestPart_BindsEveryPortToLoopback(t *testing.T) {
	t.Parallel()
	part := of(t, map[string]string{}).Part("gateway-dapr", sidecar.Place{}, values)
	for _, flag := range []string{"--dapr-listen-addresses", "--dapr-internal-grpc-listen-address", "--metrics-listen-address"} {
		if i := slices.Index(part.Args, flag); i < 0 || part.Args[i+1] != "127.0.0.1" {
			t.Errorf("%s is not 127.0.0.1", flag)
		}
	}
}

func TestPart_PortZeroMeansCallsOutOnly(t *testing.T) {
	t.Parallel()
	part := of(t, map[string]string{"dapr.io/app-port": "0"}).Part("tasks-dapr", sidecar.Place{}, values)
	if slices.Contains(part.Args, "--app-port") {
		t.Errorf("it would wait for its function: %v", part.Args)
	}
}

func TestPart_OnlyAnInvokedFunctionTakesCallsOfOtherSidecars(t *testing.T) {
	t.Parallel()
	callee := function.Function{Name: "callee", Annotations: map[string]string{"dapr.io/enabled": "true"}}
	caller := function.Function{Name: "caller", Annotations: map[string]string{"dapr.io/enabled": "true", "taskwire.dev/invokes": "other, callee"}}
	all := []function.Function{callee, caller}
	for _, f := range all {
		s, _ := sidecar.For(f, 18200, 18100, f.Invoked(all))
		denies := strings.Contains(strings.Join(s.Part("dapr", sidecar.Place{}, values).Args, " "), "overlays/local/access.yaml")
		if denies != (f.Name == "caller") {
			t.Errorf("%s denies calls: %t", f.Name, denies)
		}
	}
}

func TestPart_SendsSpansOnlyToAGivenCollector(t *testing.T) {
	t.Parallel()
	car := of(t, map[string]string{})
	for _, collector := range []string{"", "127.0.0.1:18023"} {
		part := car.Part("gateway-dapr", sidecar.Place{Collector: collector}, values)
		configured := strings.Contains(strings.Join(part.Args, " "), "overlays/local/observe.yaml")
		if sends := slices.Contains(part.Env, "COLLECTOR=127.0.0.1:18023"); sends != (collector != "") || configured != sends {
			t.Errorf("collector %q: args %v, env %v", collector, part.Args, part.Env)
		}
	}
}

package cluster

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/shared/eventually"
)

// TestPodThatTheInjectorMissed: a pod that is created while Dapr's injector is unavailable, as when a node starts, has
// no sidecar. Kubernetes sees nothing wrong, and a function called by a clock never sleeps, so it would never publish
// anything again. Dapr's operator replaces such pods if its watchdog is enabled.
func TestPodThatTheInjectorMissed(t *testing.T) {
	place(t)
	ctx := check.Within(t, 2*timeout)
	const relay = "outbox-relay"
	needs(ctx, t, relay)
	operator := string(check.Must(dapr(ctx, "get", "deployment", "dapr-operator", "-o", "jsonpath={.spec.template.spec.containers[0].args}"))(t))
	if !strings.Contains(operator, `"--watch-interval"`) || strings.Contains(operator, `"--watch-interval","0"`) {
		t.Fatal("Dapr's operator does not watch for pods without a sidecar: set dapr_operator.watchInterval=30s in its chart (docs/operations.md)")
	}
	awake(ctx, t, relay)
	replicas(ctx, t, relay, 1)

	before := strings.TrimSpace(string(check.Must(dapr(ctx, "get", "deployment", injector, "-o", "jsonpath={.spec.replicas}"))(t)))
	back := func(ctx context.Context) error {
		_, err := dapr(ctx, "scale", "deployment", injector, "--replicas="+before)
		return err
	}
	t.Cleanup(func() { check.NoError(t, back(context.WithoutCancel(ctx))) })
	check.Must(dapr(ctx, "scale", "deployment", injector, "--replicas=0"))(t)
	eventually.Succeeds(ctx, t, "the injector is gone", func() error {
		left, err := dapr(ctx, "get", "pods", "-l", "app="+injector, "-o", "name")
		if err == nil && len(left) > 0 {
			err = fmt.Errorf("%s is left", left)
		}
		return err
	})
	check.Must(kubectl(ctx, "delete", "pod", "-l", "function.knative.dev/name="+relay))(t)
	eventually.Succeeds(ctx, t, "a pod has no sidecar", func() error {
		awake(ctx, t, relay) // in case it has gone to sleep
		if found := check.Must(pods(ctx, relay))(t); !slices.ContainsFunc(found, func(p pod) bool { return !p.injected() && p.ready() }) {
			return fmt.Errorf("%d pods", len(found))
		}
		return nil
	})

	check.NoError(t, back(ctx))
	started := time.Now()
	eventually.Succeeds(ctx, t, "the pod is replaced by one with a sidecar", func() error {
		awake(ctx, t, relay)
		found := check.Must(pods(ctx, relay))(t)
		if !slices.ContainsFunc(found, func(p pod) bool { return p.injected() && p.ready() }) || slices.ContainsFunc(found, func(p pod) bool { return !p.injected() }) {
			return fmt.Errorf("%d pods", len(found))
		}
		return nil
	})
	measure(t, "delivery", "a pod made while Dapr's injector was unavailable", fmt.Sprintf("replaced %.0f s after it was back", time.Since(started).Seconds()))
}

const injector = "dapr-sidecar-injector"

// injected reports whether the pod has its sidecar.
func (p pod) injected() bool { return p.Metadata.Labels["dapr.io/sidecar-injected"] == "true" }

// dapr is kubectl in the namespace of Dapr's control plane.
func dapr(ctx context.Context, args ...string) ([]byte, error) {
	return kubectl(ctx, append([]string{"-n", "dapr-system"}, args...)...)
}

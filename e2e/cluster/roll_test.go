package cluster

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
)

// TestRollingUpdates_NothingIsLost updates every function under a steady load of changes with a stream for
// every user. Then it compares the acknowledged changes with the database, the audit log, the topic and the streams.
func TestRollingUpdates_NothingIsLost(t *testing.T) {
	w, all := underLoad(t)
	for _, f := range all {
		step(t, "update of "+f.name, func(ctx context.Context, t *testing.T) {
			check.NoError(t, roll(ctx, f))
			rolled(ctx, t, f)
			w.Recovered(t)
		})
	}
	measureMemory(check.Within(t, timeout), t)
	w.Verify(t)
}

// TestKilledPods_NothingIsLost deletes a pod of every function without a graceful stop.
func TestKilledPods_NothingIsLost(t *testing.T) {
	w, all := underLoad(t)
	for _, f := range all {
		step(t, "a killed pod of "+f.name, func(ctx context.Context, t *testing.T) {
			victims := check.Must(pods(ctx, f.name))(t)
			if len(victims) == 0 { // asleep
				_, err := ask(ctx, f.address()+"/health/liveness")
				check.NoError(t, err)
				victims = replicas(ctx, t, f.name, 1)
			}
			_, err := kubectl(ctx, "delete", "pod", victims[0].Metadata.Name, "--grace-period=0", "--force")
			check.NoError(t, err)
			if f.kind == deployment {
				replicas(ctx, t, f.name, 1)
			}
			w.Recovered(t)
		})
	}
	w.Verify(t)
}

// step runs a step that later steps depend on.
func step(t *testing.T, name string, f func(context.Context, *testing.T)) {
	t.Helper()
	started := time.Now()
	if !t.Run(name, func(t *testing.T) { f(check.Within(t, timeout), t) }) {
		t.FailNow()
	}
	measure(t, "under load", name, fmt.Sprintf("%.1f s", time.Since(started).Seconds()))
}

// TestTwoGateways_BothSeeEverything opens streams at each of two replicas.
func TestTwoGateways_BothSeeEverything(t *testing.T) {
	at := place(t)
	ctx := check.Within(t, timeout)
	gateway := check.Must(functions(ctx))(t)
	gateway = slices.DeleteFunc(gateway, func(f function) bool { return f.sleeps() })
	if len(gateway) != 1 {
		t.Fatalf("%d functions are not Knative Services", len(gateway))
	}
	autoscaler := check.Must(get[struct {
		Spec struct {
			MinReplicas int `json:"minReplicas"`
		} `json:"spec"`
	}](ctx, "hpa", "gateway"))(t)
	check.NoError(t, scaleGateway(ctx, 2))
	t.Cleanup(func() { check.NoError(t, scaleGateway(context.WithoutCancel(ctx), autoscaler.Spec.MinReplicas)) })
	twoGateways(ctx, t, at, replicas(ctx, t, gateway[0].name, 2))
}

// scaleGateway changes the autoscaler, which would revert a change of the Deployment.
func scaleGateway(ctx context.Context, n int) error {
	_, err := kubectl(ctx, "patch", "hpa", "gateway", "--type=merge", "-p", fmt.Sprintf(`{"spec":{"minReplicas":%d}}`, n))
	if err != nil {
		return err
	}
	_, err = kubectl(ctx, "scale", "deployment", "gateway", fmt.Sprintf("--replicas=%d", n))
	return err
}

package cluster

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/shared/eventually"
)

// outage is how long a server is away in a rehearsal.
const outage = time.Minute

// TestRehearsal_DrainedNode moves everything off the node of a gateway, as an update of the nodes does.
func TestRehearsal_DrainedNode(t *testing.T) {
	place(t)
	ctx := check.Within(t, timeout)
	own := check.Must(nodeOf(ctx, check.Must(os.Hostname())(t)))(t) // of this process, which must stay
	if n := check.Must(schedulable(ctx))(t); n < 2 {
		t.Skipf("the cluster has %d schedulable nodes: what runs on a drained one has nowhere to go", n)
	}
	gateways := replicas(ctx, t, "gateway", 1)
	victim := ""
	for _, p := range gateways {
		if node := check.Must(nodeOf(ctx, p.Metadata.Name))(t); node != own {
			victim = node
		}
	}
	if victim == "" {
		t.Skipf("all gateways are on %s, where the tests run: a drain would end them", own)
	}
	w, _ := underLoad(t)
	t.Cleanup(func() {
		_, err := kubectl(context.WithoutCancel(ctx), "uncordon", victim)
		check.NoError(t, err)
	})
	step(t, "a drained node", func(ctx context.Context, t *testing.T) {
		_, err := kubectl(ctx, "drain", victim, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=3m")
		check.NoError(t, err)
		replicas(ctx, t, "gateway", len(gateways))
		w.Recovered(t)
	})
	w.Verify(t)
}

// TestRehearsal_ServersAway stops the servers that run in the cluster for a minute, one after the other.
func TestRehearsal_ServersAway(t *testing.T) {
	place(t)
	for _, server := range []string{"postgres", "redpanda"} {
		t.Run(server, func(t *testing.T) {
			ctx := check.Within(t, timeout)
			if found := check.Must(kubectl(ctx, "get", "statefulset", server, "--ignore-not-found", "-o", "name"))(t); len(found) == 0 {
				t.Skipf("%s does not run in the cluster, so the tests cannot stop it", server)
			}
			w, _ := underLoad(t)
			t.Cleanup(func() { check.NoError(t, scaleServer(context.WithoutCancel(ctx), server, 1)) })
			check.NoError(t, scaleServer(ctx, server, 0))
			away := time.NewTimer(outage)
			defer away.Stop()
			select {
			case <-away.C:
			case <-ctx.Done():
				t.Fatal(ctx.Err())
			}
			step(t, fmt.Sprintf("%s was away for %v", server, outage), func(ctx context.Context, t *testing.T) {
				check.NoError(t, scaleServer(ctx, server, 1))
				eventually.Succeeds(ctx, t, server+" runs", func() error {
					_, err := kubectl(ctx, "rollout", "status", "statefulset/"+server, "--timeout=5s")
					return err
				})
				w.Recovered(t)
			})
			w.Verify(t)
		})
	}
}

func scaleServer(ctx context.Context, name string, n int) error {
	_, err := kubectl(ctx, "scale", "statefulset", name, fmt.Sprintf("--replicas=%d", n))
	return err
}

func nodeOf(ctx context.Context, pod string) (string, error) {
	name, err := kubectl(ctx, "get", "pod", pod, "-o", "jsonpath={.spec.nodeName}")
	return string(name), err
}

// schedulable counts the nodes that take pods.
func schedulable(ctx context.Context) (n int, err error) {
	nodes, err := kubectl(ctx, "get", "nodes", "--field-selector", "spec.unschedulable=false", "-o", "name")
	return len(strings.Fields(string(nodes))), err
}

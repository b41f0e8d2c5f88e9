package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"taskwire.dev/e2e/check"
)

// sidecarLimit is the maximum for a sidecar.
const sidecarLimit = 256 << 20

// usage is a pod in a kubelet's summary.
type usage struct {
	PodRef     struct{ Name, Namespace string }
	Containers []struct {
		Name   string
		Memory struct{ WorkingSetBytes int64 }
	}
}

// measureMemory reads from the kubelets how much memory each container of each function uses, and checks the sidecars
// against their limit.
func measureMemory(ctx context.Context, t *testing.T) {
	t.Helper()
	type node struct {
		Metadata metadata `json:"metadata"`
	}
	for _, n := range check.Must(get[list[node]](ctx, "nodes"))(t).Items {
		var summary struct{ Pods []usage }
		content := check.Must(kubectl(ctx, "get", "--raw", "/api/v1/nodes/"+n.Metadata.Name+"/proxy/stats/summary"))(t)
		check.NoError(t, json.Unmarshal(content, &summary))
		slices.SortFunc(summary.Pods, func(a, b usage) int { return strings.Compare(a.PodRef.Name, b.PodRef.Name) })
		for _, p := range summary.Pods {
			if p.PodRef.Namespace != namespace {
				continue
			}
			used := map[string]int64{}
			for _, c := range p.Containers {
				used[c.Name] = c.Memory.WorkingSetBytes
				if c.Name == "daprd" && c.Memory.WorkingSetBytes > sidecarLimit {
					t.Errorf("the sidecar of %s has %d bytes", p.PodRef.Name, c.Memory.WorkingSetBytes)
				}
			}
			if used["user-container"] > 0 {
				measure(t, "memory", p.PodRef.Name, megabytes(used["user-container"]), megabytes(used["daprd"]), megabytes(used["queue-proxy"]))
			}
		}
	}
}

func megabytes(n int64) string {
	if n == 0 {
		return "none"
	}
	return fmt.Sprintf("%.0f MB", float64(n)/(1<<20))
}

package cluster

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/shared/eventually"
)

const namespace = "taskwire"

// kubectl runs a command as an operator would type it.
func kubectl(ctx context.Context, args ...string) ([]byte, error) {
	c := exec.CommandContext(ctx, "kubectl", append([]string{"-n", namespace}, args...)...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	output, err := c.Output()
	if err != nil {
		return output, fmt.Errorf("kubectl %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return output, nil
}

// get reads objects as JSON into a T.
func get[T any](ctx context.Context, args ...string) (T, error) {
	var out T
	content, err := kubectl(ctx, append([]string{"get", "-o", "json"}, args...)...)
	if err != nil {
		return out, err
	}
	return out, json.Unmarshal(content, &out)
}

type metadata struct {
	Name              string            `json:"name"`
	Labels            map[string]string `json:"labels"`
	Annotations       map[string]string `json:"annotations"`
	DeletionTimestamp *time.Time        `json:"deletionTimestamp"`
}

type list[T any] struct {
	Items []T `json:"items"`
}

// function is a deployed function: a Knative Service, or the gateway's Deployment.
type function struct {
	name string
	// kind is its kind for kubectl.
	kind string
	// sidecar reports whether it has a Dapr sidecar.
	sidecar bool
}

// sleeps reports whether it is scaled to zero when idle.
func (f function) sleeps() bool { return f.kind == serving }

const (
	serving    = "services.serving.knative.dev"
	deployment = "deployments.apps"
)

// address is its address in the cluster; a request to it starts the function.
func (f function) address() string {
	return "http://" + f.name + "." + namespace + ".svc.cluster.local"
}

// functions lists all deployed functions.
func functions(ctx context.Context) ([]function, error) {
	type object struct {
		Metadata metadata `json:"metadata"`
	}
	var all []function
	for _, kind := range []string{serving, deployment} {
		found, err := get[list[object]](ctx, kind, "-l", "function.knative.dev/name")
		if err != nil {
			return nil, err
		}
		for _, o := range found.Items {
			name := o.Metadata.Labels["function.knative.dev/name"]
			if o.Metadata.Name != name { // a Deployment that Knative created for a revision
				continue
			}
			all = append(all, function{name, kind, o.Metadata.Annotations["dapr.io/enabled"] == "true"})
		}
	}
	slices.SortFunc(all, func(a, b function) int { return strings.Compare(a.name, b.name) })
	return all, nil
}

// pod is one replica.
type pod struct {
	Metadata metadata `json:"metadata"`
	Status   struct {
		PodIP      string                          `json:"podIP"`
		Phase      string                          `json:"phase"`
		Conditions []struct{ Type, Status string } `json:"conditions"`
	} `json:"status"`
}

func (p pod) ready() bool {
	return p.Metadata.DeletionTimestamp == nil && slices.ContainsFunc(p.Status.Conditions, func(c struct{ Type, Status string }) bool {
		return c.Type == "Ready" && c.Status == "True"
	})
}

// pods lists a function's pods, including terminating ones.
func pods(ctx context.Context, name string) ([]pod, error) {
	found, err := get[list[pod]](ctx, "pods", "-l", "function.knative.dev/name="+name)
	return found.Items, err
}

// asleep waits until the functions have no pods.
func asleep(ctx context.Context, t *testing.T, all ...function) {
	t.Helper()
	for _, f := range all {
		eventually.Succeeds(ctx, t, f.name+" sleeps", func() error {
			left, err := pods(ctx, f.name)
			if err == nil && len(left) > 0 {
				err = fmt.Errorf("%d pods are left", len(left))
			}
			return err
		})
	}
}

// replicas waits until that many pods of a function are ready, and returns them.
func replicas(ctx context.Context, t *testing.T, name string, n int) []pod {
	t.Helper()
	var ready []pod
	eventually.Succeeds(ctx, t, fmt.Sprintf("%s has %d replicas", name, n), func() error {
		found, err := pods(ctx, name)
		if err != nil {
			return err
		}
		ready = slices.DeleteFunc(found, func(p pod) bool { return !p.ready() })
		if len(ready) < n {
			return fmt.Errorf("%d are ready", len(ready))
		}
		return nil
	})
	return ready
}

// silence stops the clocks for the rest of the test: a function that is called every few seconds never sleeps.
func silence(ctx context.Context, t *testing.T) {
	t.Helper()
	type clock struct {
		Metadata metadata `json:"metadata"`
		Spec     struct {
			Schedule string `json:"schedule"`
		} `json:"spec"`
	}
	clocks := check.Must(get[list[clock]](ctx, "pingsources"))(t)
	for _, c := range clocks.Items {
		set := func(ctx context.Context, schedule string) error {
			_, err := kubectl(ctx, "patch", "pingsource", c.Metadata.Name, "--type=merge", "-p", fmt.Sprintf(`{"spec":{"schedule":%q}}`, schedule))
			return err
		}
		check.NoError(t, set(ctx, "0 0 1 1 *"))
		t.Cleanup(func() { check.NoError(t, set(context.WithoutCancel(ctx), c.Spec.Schedule)) })
	}
}

// roll starts a rolling update of a function as a deployment does, with a changed template.
func roll(ctx context.Context, f function) error {
	patch := fmt.Sprintf(`{"spec":{"template":{"metadata":{"annotations":{"taskwire.dev/rolled":%q}}}}}`, time.Now().Format(time.RFC3339Nano))
	_, err := kubectl(ctx, "patch", f.kind, f.name, "--type=merge", "-p", patch)
	return err
}

// rolled waits until the update is complete.
func rolled(ctx context.Context, t *testing.T, f function) {
	t.Helper()
	eventually.Succeeds(ctx, t, f.name+" is updated", func() error {
		if f.kind == deployment {
			if _, err := kubectl(ctx, "rollout", "status", "deployment/"+f.name, "--timeout=5s"); err != nil {
				return err
			}
			// That does not wait for the old pod to end, which is when requests and streams could be lost.
			left, err := pods(ctx, f.name)
			if err == nil && slices.ContainsFunc(left, func(p pod) bool { return p.Metadata.DeletionTimestamp != nil }) {
				err = fmt.Errorf("an old pod is still there")
			}
			return err
		}
		now, err := get[struct {
			Metadata struct {
				Generation int64 `json:"generation"`
			} `json:"metadata"`
			Status struct {
				ObservedGeneration int64                           `json:"observedGeneration"`
				Created            string                          `json:"latestCreatedRevisionName"`
				Ready              string                          `json:"latestReadyRevisionName"`
				Conditions         []struct{ Type, Status string } `json:"conditions"`
			} `json:"status"`
		}](ctx, f.kind, f.name)
		if err != nil {
			return err
		}
		if now.Status.ObservedGeneration < now.Metadata.Generation || now.Status.Created != now.Status.Ready {
			return fmt.Errorf("revision %s is not ready", now.Status.Created)
		}
		for _, c := range now.Status.Conditions {
			if c.Type == "Ready" && c.Status != "True" {
				return fmt.Errorf("not ready")
			}
		}
		return nil
	})
}

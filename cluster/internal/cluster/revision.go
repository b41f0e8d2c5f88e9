package cluster

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"taskwire.dev/tools/bundle"
	"taskwire.dev/tools/function"
)

const service = "services.serving.knative.dev"

// deployed is the state of a function in the cluster, from its Knative Service or its Deployment.
type deployed struct {
	Metadata struct {
		Generation  int64             `json:"generation"`
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
	Spec struct {
		Replicas int64 `json:"replicas"` // of a Deployment
	} `json:"spec"`
	Status struct {
		conditions
		ObservedGeneration int64  `json:"observedGeneration"`
		LatestRevision     string `json:"latestCreatedRevisionName"` // of a Service, as the rest
		LatestReady        string `json:"latestReadyRevisionName"`
		Traffic            []struct {
			Revision string `json:"revisionName"`
			Percent  int64  `json:"percent"`
		} `json:"traffic"`
	} `json:"status"`
}

type conditions struct {
	Conditions []condition `json:"conditions"`
}

type condition struct{ Type, Status, Reason string }

// good reports whether a Service, a revision or a Deployment is ready.
func (c conditions) good() bool {
	return slices.ContainsFunc(c.Conditions, func(c condition) bool {
		return (c.Type == "Ready" || c.Type == "Available") && c.Status == "True"
	})
}

// failed reports whether a revision has failed, other than for lack of room, which others or a new node may still free.
func (c conditions) failed() bool {
	return slices.ContainsFunc(c.Conditions, func(c condition) bool {
		return c.Type == "Ready" && c.Status == "False" && c.Reason != "Unschedulable"
	})
}

// current reports whether the status is that of the newest specification.
func (d deployed) current() bool { return d.Status.ObservedGeneration >= d.Metadata.Generation }

func (d deployed) ready() bool { return d.current() && d.Status.good() }

func (d deployed) source() string { return d.Metadata.Annotations[bundle.SourceAnnotation] }

// deployedSource is the annotation of the running function; empty when none runs, or it is not ready. A Deployment that was scaled to
// zero is Available, and only a deployment gives it replicas again: its autoscaler leaves it alone.
func (c Cluster) deployedSource(ctx context.Context, f function.Function) (string, error) {
	kind := service
	if f.Raw {
		kind = "deployment"
	}
	var found deployed
	if exists, err := c.get(ctx, &found, kind, f.Name); err != nil || !exists || !found.ready() || f.Raw && found.Spec.Replicas == 0 {
		return "", err
	}
	return found.source(), nil
}

// pinned reports whether all requests go to other revisions than the newest that is ready.
func (d deployed) pinned() bool {
	for _, share := range d.Status.Traffic {
		if share.Revision == d.Status.LatestReady && share.Percent > 0 {
			return false
		}
	}
	return len(d.Status.Traffic) > 0
}

// checkTraffic reports the functions whose requests somebody has fixed to an earlier revision, as to step back: func leaves the
// traffic as it is, so that what it deploys is ready and never serves.
func (c Cluster) checkTraffic(ctx context.Context, functions []function.Function) error {
	var fixed []string
	for _, f := range functions {
		if f.Raw {
			continue
		}
		var now deployed
		if _, err := c.get(ctx, &now, service, f.Name); err != nil {
			return err
		}
		if now.pinned() {
			fixed = append(fixed, fmt.Sprintf("\n  %s runs %s, not %s: kn -n %s service update %s --traffic @latest=100",
				f.Name, now.Status.Traffic[0].Revision, now.Status.LatestReady, Namespace, f.Name))
		}
	}
	if len(fixed) > 0 {
		return fmt.Errorf("what is deployed does not serve, because the traffic is fixed to an earlier revision:%s", strings.Join(fixed, ""))
	}
	return nil
}

// becomesReady waits for a revision that func has given up on too early. func looks at the Service right after its
// change, and if the previous revision was failing, which a deployment is often meant to fix, it takes that for the new
// one's result. And it does not wait until there is room for a pod.
func (c Cluster) becomesReady(ctx context.Context, d deployment) bool {
	if d.Raw {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		var now deployed
		if exists, err := c.get(ctx, &now, service, d.Name); err != nil || !exists || now.source() != d.source {
			return false
		}
		if now.ready() {
			return true
		}
		if failed, err := c.latestFailed(ctx, now); err != nil || failed {
			return false
		}
		if pause(ctx) != nil {
			return false
		}
	}
}

// latestFailed reports whether the newest revision of a Service has failed.
func (c Cluster) latestFailed(ctx context.Context, now deployed) (bool, error) {
	if !now.current() || now.Status.LatestRevision == "" {
		return false, nil
	}
	var revision struct {
		Status conditions `json:"status"`
	}
	exists, err := c.get(ctx, &revision, "revisions.serving.knative.dev", now.Status.LatestRevision)
	return exists && revision.Status.failed(), err
}

package cluster

import (
	"context"
	"slices"
	"time"

	"taskwire.dev/tools/function"
)

const service = "services.serving.knative.dev"

// deployed is what the cluster says of a function, by its Knative Service or its Deployment.
type deployed struct {
	Metadata struct {
		Generation  int64             `json:"generation"`
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
	Status struct {
		conditions
		ObservedGeneration int64  `json:"observedGeneration"`
		LatestRevision     string `json:"latestCreatedRevisionName"` // of a Service
	} `json:"status"`
}

type conditions struct {
	Conditions []condition `json:"conditions"`
}

type condition struct{ Type, Status, Reason string }

// good tells whether a Service, a revision or a Deployment is well.
func (c conditions) good() bool {
	return slices.ContainsFunc(c.Conditions, func(c condition) bool {
		return (c.Type == "Ready" || c.Type == "Available") && c.Status == "True"
	})
}

// failed tells whether a revision is not well, and not only for want of room, which others or a new node may yet make.
func (c conditions) failed() bool {
	return slices.ContainsFunc(c.Conditions, func(c condition) bool {
		return c.Type == "Ready" && c.Status == "False" && c.Reason != "Unschedulable"
	})
}

// current tells whether the status is that of the newest specification.
func (d deployed) current() bool { return d.Status.ObservedGeneration >= d.Metadata.Generation }

func (d deployed) ready() bool { return d.current() && d.Status.good() }

func (d deployed) source() string { return d.Metadata.Annotations[sourceAnnotation] }

// deployedSource is the annotation of what runs; empty when nothing does, or not well.
func (c Cluster) deployedSource(ctx context.Context, f function.Function) (string, error) {
	kind := service
	if f.Raw {
		kind = "deployment"
	}
	var found deployed
	if exists, err := c.get(ctx, &found, kind, f.Name); err != nil || !exists || !found.ready() {
		return "", err
	}
	return found.source(), nil
}

// turnsOutWell waits for a revision that func has given up on too early. func looks at the Service right after its
// change, and where the revision before was failing, which a deployment is often made to mend, it takes that for the new
// one's end. And it does not wait until there is room for a pod.
func (c Cluster) turnsOutWell(ctx context.Context, d deployment) bool {
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
		if now.current() {
			var revision struct {
				Status conditions `json:"status"`
			}
			if exists, err := c.get(ctx, &revision, "revisions.serving.knative.dev", now.Status.LatestRevision); err != nil || exists && revision.Status.failed() {
				return false
			}
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(time.Second): // the pace of asking
		}
	}
}

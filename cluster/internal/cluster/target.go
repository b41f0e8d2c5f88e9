package cluster

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"taskwire.dev/cluster/internal/image"
	"taskwire.dev/tools/progress"
)

// Target is a deployed Taskwire, for tests.
type Target struct {
	Cluster
	options Options
}

// Open returns what is deployed.
func Open(ctx context.Context, o Options, report *progress.Reporter) (*Target, error) {
	t := &Target{Cluster{Kubeconfig: o.kubeconfig(), Report: report}, o}
	if err := t.Reachable(ctx); err != nil {
		return nil, err
	}
	held, err := t.readSecret(ctx, secretDatabase)
	if err != nil {
		return nil, err
	}
	if held[owner] == "" {
		return nil, errors.New("nothing is deployed: make deploy")
	}
	return t, nil
}

// Node describes the cluster in a few words.
func (t *Target) Node(ctx context.Context) string {
	output, err := t.kubectl(ctx, nil, "get", "nodes", "-o",
		`jsonpath={range .items[*]}{.status.nodeInfo.kubeletVersion}, {.status.capacity.cpu} processors, {.status.nodeInfo.containerRuntimeVersion}{"\n"}{end}`)
	if err != nil || len(output) == 0 {
		return "unknown nodes"
	}
	return describe(strings.Split(strings.TrimSpace(string(output)), "\n"))
}

// describe counts nodes, and describes the first.
func describe(nodes []string) string {
	if len(nodes) == 1 {
		return "1 node of Kubernetes " + nodes[0]
	}
	return fmt.Sprintf("%d nodes of Kubernetes %s", len(nodes), nodes[0])
}

// imageLimit is the maximal size of an image, compressed, for one architecture.
const imageLimit = 25 << 20

// Images inspects the images of all functions: their size, and that they contain only the program, the certificate
// authorities and the configured files.
func (t *Target) Images(ctx context.Context) ([][]string, error) {
	output, err := t.kubectl(ctx, nil, "-n", Namespace, "get", "services.serving.knative.dev,deployments.apps", "-l", "function.knative.dev/name",
		"-o", `jsonpath={range .items[*]}{.metadata.name} {.metadata.labels.function\.knative\.dev/name} {.spec.template.spec.containers[0].image}{"\n"}{end}`)
	if err != nil {
		return nil, err
	}
	var rows [][]string
	var wrong []error
	for line := range strings.Lines(string(output)) {
		fields := strings.Fields(line)
		if len(fields) != 3 || fields[0] != fields[1] { // a Deployment that Knative created
			continue
		}
		found, err := image.Inspect(ctx, fields[2])
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		rows = append(rows, []string{fields[0], fmt.Sprintf("%.1f MB", float64(found.Size)/1e6)})
		if found.Size > imageLimit {
			wrong = append(wrong, fmt.Errorf("the image of %s has %d bytes", fields[0], found.Size))
		}
		for _, path := range found.Files {
			if strings.HasSuffix(path, ".go") || strings.HasSuffix(path, ".yaml") || strings.HasSuffix(path, "go.sum") || strings.Contains(path, ".git") {
				wrong = append(wrong, fmt.Errorf("the image of %s contains %s", fields[0], path))
			}
		}
	}
	return rows, errors.Join(wrong...)
}

// Package bundle makes what a release consists of from its sources, the overlays and each func.yaml: one manifest with
// everything of Taskwire in it, and a Helm chart of the same objects.
package bundle

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"taskwire.dev/tools/function"
	"taskwire.dev/tools/manifest"
	"taskwire.dev/tools/workload"
)

// Annotations of functions and Jobs.
const (
	// CommitAnnotation is the commit that a function was built from.
	CommitAnnotation = "taskwire.dev/commit"
	// ReleaseAnnotation is the release that it was deployed with.
	ReleaseAnnotation = "taskwire.dev/release"
	// SourceAnnotation tells `make deploy` what a function was built from: it leaves a function alone that has not changed.
	SourceAnnotation = "taskwire.dev/source"
	// ConfigAnnotation is the configuration that a pod was started with. Functions read it at their start, so another one has to
	// make other pods. It is no hash, which would be that of the placeholders in the template of a chart.
	ConfigAnnotation = "taskwire.dev/config"
)

// configMap is what functions are configured with.
const configMap = "taskwire-config"

// Images that are not a function's.
const (
	// Migrate has the operators' programs, migrations/cmd/migrate and functions/outbox-relay/cmd/taskwire.
	Migrate = "migrate"
	// MigrateReference is the name that the manifests use for it.
	MigrateReference = "taskwire/migrate"
)

// Release is what a manifest is made of.
type Release struct {
	Version, Commit, Namespace string
	// Objects are those of the overlays.
	Objects   []manifest.Object
	Functions []function.Function
	// Registry is the registry of all images, and Digests has their digests by name: each function's, and Migrate's.
	Registry string
	Digests  map[string]string
}

// Make makes the objects of the release in the order in which they are to be applied.
func (r Release) Make() ([]manifest.Object, error) {
	migrate, err := r.image(Migrate)
	if err != nil {
		return nil, err
	}
	marks := map[string]string{CommitAnnotation: r.Commit, ReleaseAnnotation: r.Version}
	var all []manifest.Object
	for _, one := range r.Objects {
		manifest.ReplaceImage(one, MigrateReference, migrate)
		if one.Kind() == "Job" {
			// A Job cannot be changed, so each release has Jobs of a different name.
			one.Metadata()["name"] = one.Name() + "-" + strings.ReplaceAll(r.Version, ".", "-")
			one.Annotate(marks)
		}
		all = append(all, one)
	}
	marks = map[string]string{CommitAnnotation: r.Commit, ReleaseAnnotation: r.Version, SourceAnnotation: "release " + r.Version}
	config := map[string]string{ConfigAnnotation: r.config()}
	for _, f := range r.Functions {
		image, err := r.image(f.Name)
		if err != nil {
			return nil, err
		}
		made, err := workload.Read(f.Dir, workload.Options{
			Namespace: r.Namespace, Image: image, Annotations: marks, PodAnnotations: config,
		})
		if err != nil {
			return nil, err
		}
		all = append(all, made...)
	}
	slices.SortStableFunc(all, func(a, b manifest.Object) int { return rank(a) - rank(b) })
	return all, nil
}

// config is the data of the config map, a line for each key.
func (r Release) config() string {
	var text strings.Builder
	for _, one := range r.Objects {
		if one.Kind() != "ConfigMap" || one.Name() != configMap {
			continue
		}
		data, _ := one["data"].(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(data)) {
			fmt.Fprintf(&text, "%s=%v\n", key, data[key])
		}
	}
	return text.String()
}

func (r Release) image(name string) (string, error) {
	digest := r.Digests[name]
	if digest == "" {
		return "", fmt.Errorf("the release has no image %s", name)
	}
	return r.Registry + "/" + name + "@" + digest, nil
}

// rank orders objects: a pod is rejected while its service account is missing, a sidecar starts only with its components,
// and a source is ready only when its function exists.
func rank(one manifest.Object) int {
	version, _ := one["apiVersion"].(string)
	group, _, _ := strings.Cut(version, "/")
	switch kind := one.Kind(); {
	case kind == "Namespace":
		return 0
	case kind == "ServiceAccount", kind == "ConfigMap", kind == "LimitRange", kind == "NetworkPolicy":
		return 1
	case group == "dapr.io":
		return 2
	case kind == "Job":
		return 3
	case group == "serving.knative.dev", kind == "Deployment", kind == "StatefulSet", version == "v1":
		return 4
	default:
		return 5
	}
}

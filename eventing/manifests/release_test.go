package manifests_test

import (
	"context"
	"testing"

	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	servingv1 "knative.dev/serving/pkg/apis/serving/v1"

	"taskwire.dev/tools/function"
	"taskwire.dev/tools/manifest"
	"taskwire.dev/tools/workload"
)

// The functions of a release's manifest are what an API server takes strictly, and what Knative's webhook accepts.
func TestWorkloads_AreValid(t *testing.T) {
	t.Parallel()
	functions, err := function.Discover(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range functions {
		objects, err := workload.Read(f.Dir, workload.Options{Namespace: "taskwire", Image: "registry.example.com/" + f.Name + ":1"})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range objects {
			var into any
			switch one["apiVersion"] {
			case "serving.knative.dev/v1":
				into = &servingv1.Service{}
			case "apps/v1":
				into = &appsv1.Deployment{}
			default:
				into = &corev1.Service{}
			}
			content, err := manifest.Encode([]manifest.Object{one})
			if err != nil {
				t.Fatal(err)
			}
			if content, err = yaml.YAMLToJSON(content); err != nil {
				t.Fatal(err)
			}
			strict, err := json.UnmarshalStrict(content, into)
			if err != nil || len(strict) > 0 {
				t.Errorf("%s %s: %v, %v", one.Kind(), one.Name(), strict, err)
			}
			if d, ok := into.(*appsv1.Deployment); ok && len(d.Spec.Template.Spec.TopologySpreadConstraints) == 0 {
				t.Errorf("%s: all replicas may be on one node", f.Name)
			}
			if service, ok := into.(*servingv1.Service); ok {
				service.SetDefaults(context.Background())
				if err := service.Validate(context.Background()); err != nil {
					t.Errorf("%s: %v", f.Name, err)
				}
			}
		}
	}
}

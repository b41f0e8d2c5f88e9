package cluster

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sigs.k8s.io/yaml"

	"taskwire.dev/tools/function"
)

// TestFuncYAML_SaysWhatAClusterNeeds: every function sets these, because func's defaults differ from ours.
func TestFuncYAML_SaysWhatAClusterNeeds(t *testing.T) {
	t.Parallel()
	functions, err := function.Discover("../../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range functions {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			var d struct {
				Deployer string
				Deploy   struct {
					ServiceAccountName string
					Annotations        map[string]string
					Labels             []struct{ Key, Value string }
					HealthEndpoints    struct{ Liveness, Readiness string }
					Options            struct {
						Scale     *struct{ Min, Max *int }
						Resources struct{ Requests, Limits struct{ CPU, Memory string } }
					}
				}
			}
			content, err := os.ReadFile(filepath.Join(f.Dir, "func.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			if err := yaml.Unmarshal(content, &d); err != nil {
				t.Fatal(err)
			}
			labels := map[string]string{}
			for _, l := range d.Deploy.Labels {
				labels[l.Key] = l.Value
			}
			want := map[string][2]string{
				"deploy.serviceAccountName":        {d.Deploy.ServiceAccountName, "taskwire-function"},
				"label app.kubernetes.io/part-of":  {labels["app.kubernetes.io/part-of"], "taskwire"},
				"deploy.healthEndpoints.liveness":  {d.Deploy.HealthEndpoints.Liveness, "/health/liveness"},
				"deploy.healthEndpoints.readiness": {d.Deploy.HealthEndpoints.Readiness, "/health/readiness"},
			}
			if d.Deployer != "raw" {
				want["label networking.knative.dev/visibility"] = [2]string{labels["networking.knative.dev/visibility"], "cluster-local"}
			}
			sidecar := map[string]string{"enabled": "false"} // by default func adds one if Dapr is installed
			if d.Deploy.Annotations["dapr.io/enabled"] == "true" {
				// Measured at 100 writes a second: 0.05 to 0.07 cores where every change passes, else 0.01 at most (docs/benchmarks.md).
				cpu := "20m"
				if slices.Contains([]string{"gateway", "mcp", "recurring-spawn", "tasks"}, f.Name) {
					cpu = "50m"
				}
				sidecar = map[string]string{
					"enabled": "true", "app-id": f.Name, "config": "taskwire",
					// queue-proxy has Dapr's default port, 9090.
					"metrics-port": "9092", "enable-native-sidecar": "true", "disable-init-endpoints": "config,subscribe",
					"disable-builtin-k8s-secret-store": "true",
					"sidecar-cpu-request":              cpu, "sidecar-cpu-limit": "300m",
					"sidecar-memory-request": "128Mi", "sidecar-memory-limit": "256Mi",
				}
			}
			for name, value := range sidecar {
				want["annotation dapr.io/"+name] = [2]string{d.Deploy.Annotations["dapr.io/"+name], value}
			}
			for what, pair := range want {
				if pair[0] != pair[1] {
					t.Errorf("%s is %q, want %q", what, pair[0], pair[1])
				}
			}
			if s := d.Deploy.Options.Scale; s == nil || s.Min == nil || s.Max == nil {
				t.Error("deploy.options.scale has no min and max")
			}
			if r := d.Deploy.Options.Resources; r.Requests.CPU == "" || r.Requests.Memory == "" || r.Limits.CPU == "" || r.Limits.Memory == "" {
				t.Errorf("deploy.options.resources: %+v, want cpu and memory of both", r)
			}
			ignored, err := os.ReadFile(filepath.Join(f.Dir, ".funcignore"))
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range []string{"*.go", "go.mod", "go.sum", "func.yaml"} {
				if !bytes.Contains(ignored, []byte("\n"+line+"\n")) {
					t.Errorf(".funcignore lets %s into the image", line)
				}
			}
		})
	}
}

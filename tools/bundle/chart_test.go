package bundle_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"taskwire.dev/tools/bundle"
	"taskwire.dev/tools/function"
	"taskwire.dev/tools/manifest"
)

// rendered stands for an overlay that was rendered with these settings.
func rendered(t *testing.T, settings map[string]string) []manifest.Object {
	t.Helper()
	host, port, _ := strings.Cut(settings["brokers"], ":")
	objects, err := manifest.Parse([]byte(`
apiVersion: v1
kind: Namespace
metadata: {name: taskwire}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: config, namespace: taskwire}
data:
  url: ` + settings["url"] + `
  host: ` + host + `
  digest: sha256:a61200b61201c61202d61203e61204f61205
  alert: '{{ $labels.x }} of {{ $value }}'
  workers: "` + settings["workers"] + `"
  long: ` + settings["long-name"] + `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: broker, namespace: taskwire}
spec: {port: ` + port + `, brokers: ["` + settings["brokers"] + `"], workers: ` + settings["workers"] + `}
---
apiVersion: batch/v1
kind: Job
metadata: {name: migrations, namespace: taskwire}
spec: {image: "taskwire/migrate:0.1.0"}
`))
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

var settings = map[string]string{
	"url": "https://taskwire.example.com", "brokers": "kafka.example.com:9092", "workers": "3", "unused": "here", "long-name": "x.example.com",
}

func release(t *testing.T, registry string, objects []manifest.Object) []manifest.Object {
	t.Helper()
	functions, err := function.Discover("../..")
	if err != nil {
		t.Fatal(err)
	}
	r := bundle.Release{
		Version: "v1.2.3-rc.1", Commit: "abc", Namespace: "taskwire", Objects: objects, Functions: functions,
		Registry: registry, Digests: map[string]string{bundle.Migrate: "sha256:0"},
	}
	for _, f := range functions {
		r.Digests[f.Name] = "sha256:" + f.Name
	}
	made, err := r.Make()
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestRelease(t *testing.T) {
	t.Parallel()
	all := release(t, "registry.example.com/taskwire", rendered(t, settings))
	at := map[string]int{}
	for i, one := range all {
		at[one.Kind()+"/"+one.Name()] = i
	}
	if at["Namespace/taskwire"] != 0 || at["Job/migrations-v1-2-3-rc-1"] > at["Service/tasks"] || at["ConfigMap/config"] > at["Service/tasks"] {
		t.Errorf("in the order %v", at)
	}
	if job := all[at["Job/migrations-v1-2-3-rc-1"]]; job["spec"].(map[string]any)["image"] != "registry.example.com/taskwire/migrate@sha256:0" {
		t.Errorf("%v", job)
	}
	for _, name := range []string{"Service/tasks", "Deployment/gateway"} {
		annotations, _ := all[at[name]].Metadata()["annotations"].(map[string]any)
		if annotations[bundle.ReleaseAnnotation] != "v1.2.3-rc.1" || annotations[bundle.CommitAnnotation] != "abc" || annotations[bundle.SourceAnnotation] == nil {
			t.Errorf("%s: %v", name, annotations)
		}
	}
	if _, err := (bundle.Release{}).Make(); err == nil || !strings.Contains(err.Error(), "no image migrate") {
		t.Errorf("%v", err)
	}
}

// The chart's settings are where the overlay's are, also the host and the port of an address apart; by default it
// renders to the release's manifest.
func TestChart_IsTheManifest(t *testing.T) {
	t.Parallel()
	const registry = "registry.example.com/taskwire"
	values := map[string]string{"registry": registry}
	for key, value := range settings {
		values[key] = value
	}
	placeholders := bundle.Placeholders(values)
	want := release(t, registry, rendered(t, settings))
	c, err := bundle.NewChart("v1.2.3", release(t, placeholders["registry"], rendered(t, placeholders)), values, placeholders)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(want, placeholders); err != nil {
		t.Error(err)
	}
	files, err := c.Files()
	if err != nil {
		t.Fatal(err)
	}
	text := string(files["templates/taskwire.yaml"])
	for _, part := range []string{
		"url: {{ .Values.url | quote }}", `port: {{ splitList ":" .Values.brokers | last }}`, `host: {{ splitList ":" .Values.brokers | first }}`,
		"image: {{ .Values.registry }}/tasks@sha256:tasks", `{{ "{{" }} $labels.x }}`, "workers: {{ .Values.workers }}", `long: {{ (index .Values "long-name") | quote }}`, `workers: "{{ .Values.workers }}"`,
	} {
		if !strings.Contains(text, part) {
			t.Errorf("has no %s", part)
		}
	}
	if strings.Contains(text, ".invalid") || strings.Contains(string(files["values.yaml"]), "unused") {
		t.Errorf("%s\n%s", files["values.yaml"], text)
	}
	c.Values["url"] = "https://other.example.com"
	if err := c.Check(want, placeholders); err == nil {
		t.Error("a chart that renders to something else is not noticed")
	}
}

func TestStage_ChangesTheSettings(t *testing.T) {
	t.Parallel()
	const overlay = "production"
	before, err := bundle.Settings("../..", overlay)
	if err != nil || len(before) < 3 {
		t.Fatalf("%v, %v", before, err)
	}
	folder := t.TempDir()
	placeholders := bundle.Placeholders(before)
	if err := bundle.Stage("../..", overlay, folder, placeholders); err != nil {
		t.Fatal(err)
	}
	after, err := bundle.Settings(folder, overlay)
	if err != nil {
		t.Fatal(err)
	}
	for key, value := range placeholders {
		if after[key] != value || before[key] == value {
			t.Errorf("%s is %s, was %s", key, after[key], before[key])
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "dapr", "overlays", overlay, "kustomization.yaml")); err != nil {
		t.Error(err)
	}
}

// Package release pins the tools of a release, syft and Helm, in a module outside the workspace: their requirements would
// override those of all others. Its test renders a release's chart with Helm.
package release_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"

	"taskwire.dev/tools/bundle"
	"taskwire.dev/tools/function"
	"taskwire.dev/tools/manifest"
)

const (
	root        = "../.."
	environment = "production"
	registry    = "registry.example.com/taskwire"
)

// objects are those of a release of the overlays in a folder.
func objects(t *testing.T, folder, registry string) []manifest.Object {
	t.Helper()
	functions, err := function.Discover(root)
	if err != nil {
		t.Fatal(err)
	}
	r := bundle.Release{
		Version: "v1.2.3", Commit: strings.Repeat("ab", 20), Namespace: "taskwire", Functions: functions, Registry: registry,
		Digests: map[string]string{bundle.Migrate: "sha256:" + strings.Repeat("0", 64)},
	}
	for _, f := range functions {
		r.Digests[f.Name] = "sha256:" + strings.Repeat("1", 64)
	}
	for _, part := range []string{"dapr", "eventing"} {
		content, err := manifest.Render(filepath.Join(folder, part, "overlays", environment))
		if err != nil {
			t.Fatal(err)
		}
		some, err := manifest.Parse(content)
		if err != nil {
			t.Fatal(err)
		}
		r.Objects = append(r.Objects, some...)
	}
	all, err := r.Make()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// settings are the chart's defaults.
func settings(t *testing.T) map[string]string {
	t.Helper()
	all, err := bundle.Settings(root, environment)
	if err != nil {
		t.Fatal(err)
	}
	all["registry"] = registry
	return all
}

func newChart(t *testing.T) bundle.Chart {
	t.Helper()
	settings := settings(t)
	placeholders := bundle.Placeholders(settings)
	stage := t.TempDir()
	if err := bundle.Stage(root, environment, stage, placeholders); err != nil {
		t.Fatal(err)
	}
	c, err := bundle.NewChart("v1.2.3", objects(t, stage, placeholders["registry"]), settings, placeholders)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// render is `helm template` with values.
func render(t *testing.T, c bundle.Chart, values map[string]any) []manifest.Object {
	t.Helper()
	var packed bytes.Buffer
	if err := c.Write(&packed, time.Now()); err != nil {
		t.Fatal(err)
	}
	loaded, err := loader.LoadArchive(&packed)
	if err != nil {
		t.Fatal(err)
	}
	all, err := chartutil.ToRenderValues(loaded, values, chartutil.ReleaseOptions{Name: "taskwire", Namespace: "taskwire"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	files, err := engine.Render(loaded, all)
	if err != nil {
		t.Fatal(err)
	}
	var rendered []manifest.Object
	for name, text := range files {
		some, err := manifest.Parse([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		rendered = append(rendered, some...)
	}
	return rendered
}

func TestChart_RendersToTheOverlay(t *testing.T) {
	t.Parallel()
	if err := bundle.Same(render(t, newChart(t), nil), objects(t, root, registry)); err != nil {
		t.Error(err)
	}
}

// What is different for everybody is different everywhere in the rendered objects.
func TestChart_TakesValues(t *testing.T) {
	t.Parallel()
	c := newChart(t)
	content, err := manifest.Encode(render(t, c, map[string]any{
		"host": "tasks.example.org", "url": "https://tasks.example.org", "brokers": "broker.example.org:9093",
		"database": "postgres.example.org:5433", "databaseOfFunctions": "pooler.example.org:6432", "redis": "redis.example.org:6380",
		"saslMechanism": "PLAIN", "daprMechanism": "PLAINTEXT", "gateway": "edge", "gatewayNamespace": "edges",
		"registry": "mirror.example.org/taskwire", "createNamespace": false, "mailFrom": "Tasks <tasks@mail.example.org>",
	}))
	if err != nil {
		t.Fatal(err)
	}
	text := string(content)
	for _, has := range []string{"https://tasks.example.org", "broker.example.org:9093", "port: 9093", "port: 5433", "port: 6432", "port: 6380", "value: PLAINTEXT", "image: mirror.example.org/taskwire/tasks@sha256:", "tasks@mail.example.org"} {
		if !strings.Contains(text, has) {
			t.Errorf("has no %s", has)
		}
	}
	for name, value := range c.Values {
		if strings.Contains(value, ".") && strings.Contains(text, value) { // other words may occur elsewhere
			t.Errorf("still has %s, the default of %s", value, name)
		}
	}
	if strings.Contains(text, "kind: Namespace\n") {
		t.Error("has a Namespace")
	}
}

// Pods read the configuration at their start. Without another template they would go on with the values of before.
func TestChart_AnotherValueReplacesThePods(t *testing.T) {
	t.Parallel()
	c := newChart(t)
	templates := func(values map[string]any) map[string]any {
		all := map[string]any{}
		for _, one := range render(t, c, values) {
			if spec, _ := one["spec"].(map[string]any); one.Kind() == "Deployment" || one.Kind() == "Service" && spec["template"] != nil {
				all[one.Name()] = spec["template"]
			}
		}
		return all
	}
	before := templates(nil)
	if len(before) < 2 || !reflect.DeepEqual(before, templates(nil)) {
		t.Fatalf("%d templates, or they change without a reason", len(before))
	}
	for setting, value := range map[string]string{"url": "https://tasks.example.org", "brokers": "broker.example.org:9093", "mailFrom": "Tasks <tasks@example.org>"} {
		for name, template := range templates(map[string]any{setting: value}) {
			if reflect.DeepEqual(template, before[name]) {
				t.Errorf("%s goes on with the %s of before", name, setting)
			}
		}
	}
}

// Names that RFC 5322 quotes, or that are no plain scalars in YAML, are senders as well: as a value, and as the default.
func TestChart_TakesAnySender(t *testing.T) {
	t.Parallel()
	c := newChart(t)
	for _, sender := range []string{`"Acme, Inc." <tasks@acme.example>`, `Acme: Tasks <tasks@acme.example>`, `'Acme' #1 <tasks@acme.example>`} {
		has := func(all []manifest.Object) {
			t.Helper()
			for _, one := range all {
				if data, _ := one["data"].(map[string]any); one.Kind() == "ConfigMap" && data["MAIL_FROM"] == sender {
					return
				}
			}
			t.Errorf("MAIL_FROM is not %s", sender)
		}
		has(render(t, c, map[string]any{"mailFrom": sender}))
		asDefault := c
		asDefault.Values = maps.Clone(c.Values)
		asDefault.Values["mailFrom"] = sender
		rendered := render(t, asDefault, nil)
		has(rendered)
		if err := asDefault.Check(rendered, bundle.Placeholders(settings(t))); err != nil {
			t.Errorf("%s: %v", sender, err)
		}
	}
}

func TestChart_LintsWithoutAWarning(t *testing.T) {
	t.Parallel()
	files, err := newChart(t).Files()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "taskwire")
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	result := lint.AllWithKubeVersion(folder, nil, "taskwire", nil)
	for _, message := range result.Messages {
		if message.Severity > support.InfoSev {
			t.Error(message)
		}
	}
}

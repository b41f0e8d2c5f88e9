package workload_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"taskwire.dev/tools/manifest"
	"taskwire.dev/tools/workload"
)

var update = flag.Bool("update", false, "write what is made to testdata")

var options = workload.Options{Namespace: "taskwire", Image: "registry.example.com/example@sha256:1", Annotations: map[string]string{"taskwire.dev/release": "v1"}}

// What func makes of every field that it and this package know.
func TestRead(t *testing.T) {
	t.Parallel()
	written, err := os.ReadFile("testdata/example/func.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, deployer := range map[string]string{"service": "", "deployment": "deployer: raw\n"} {
		folder := filepath.Join(t.TempDir(), "example")
		write(t, folder, deployer+string(written))
		objects, err := workload.Read(folder, options)
		if err != nil {
			t.Fatal(err)
		}
		got, err := manifest.Encode(objects)
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile("testdata/"+name+".yaml", got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile("testdata/" + name + ".yaml"); err != nil || string(want) != string(got) {
			t.Errorf("%s (%v):\n%s", name, err, got)
		}
	}
}

// A field that is left out in silence would be missing in the cluster.
func TestRead_RefusesWhatItWouldLeaveOut(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"name: a\ndomain: example.org\n":                                      "domain",
		"name: a\nrun: {kafka: {topic: a}}\n":                                 "kafka",
		"name: a\nrun: {envs: [{name: A, value: '{{ env:HOME }}'}]}\n":        "neither a key of a secret",
		"name: a\nrun: {envs: [{value: a}]}\n":                                "no name",
		"name: a\nrun: {volumes: [{path: /a}]}\n":                             "want a secret or a configMap",
		"name: a\nrun: {volumes: [{emptyDir: {}, path: /a}]}\n":               "emptyDir",
		"name: a\ndeploy: {subscriptions: [{source: broker}]}\n":              "subscriptions",
		"name: a\ndeploy: {options: {resources: {limits: {storage: 1Gi}}}}\n": "storage",
	} {
		folder := t.TempDir()
		write(t, folder, text)
		if _, err := workload.Read(folder, options); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error that names %q", text, err, want)
		}
	}
}

func write(t *testing.T, folder, text string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "func.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

package manifests_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"taskwire.dev/eventing/manifests"
)

const root = "../.."

// overlays must list every overlay: a missing one would not be checked.
var overlays = []string{"kind", "production", "test-cluster"}

func TestOverlays_AreRight(t *testing.T) {
	t.Parallel()
	for _, overlay := range overlays {
		t.Run(overlay, func(t *testing.T) {
			t.Parallel()
			set := load(t, overlay)
			for _, problem := range manifests.Check(set) {
				t.Error(problem)
			}
		})
	}
}

func TestOverlays_NoneIsForgotten(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"eventing", "dapr"} {
		found, err := filepath.Glob(filepath.Join(root, folder, "overlays", "*", "kustomization.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		for i, path := range found {
			found[i] = filepath.Base(filepath.Dir(path))
		}
		slices.Sort(found)
		if !slices.Equal(found, overlays) {
			t.Errorf("%s has the overlays %q, want %q", folder, found, overlays)
		}
	}
}

// The Job's shell script must parse the list like the other readers.
func TestCreateTopics_ReadsTheList(t *testing.T) {
	t.Parallel()
	set := load(t, "kind")
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "rpk"), []byte("#!/bin/sh\necho \"$@\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	run := func(list string) (string, error) {
		command := exec.CommandContext(t.Context(), "bash", root+"/eventing/topics/create-topics.sh", list)
		command.Env = []string{"PATH=" + bin + ":" + os.Getenv("PATH")}
		output, err := command.CombinedOutput()
		return string(output), err
	}
	output, err := run(root + "/eventing/topics.yaml")
	if err != nil {
		t.Fatal(err, output)
	}
	for name, topic := range set.Topics {
		create := fmt.Sprintf("topic create %s --if-not-exists --partitions %d ", name, topic.Partitions)
		retention := "topic alter-config " + name + " --set retention.ms=604800000"
		if !strings.Contains(output, create) || !strings.Contains(output, retention) {
			t.Errorf("%s is not made as %+v: %s", name, topic, output)
		}
	}
	if got := strings.Count(output, "topic create"); got != len(set.Topics) {
		t.Errorf("%d topics are made, want %d", got, len(set.Topics))
	}
	for name, list := range map[string]string{
		"no retention":  "topics:\n  - name: a\n    partitions: 3\n",
		"no partitions": "topics:\n  - name: a\n    retention: 7d\n  - name: b\n    partitions: 1\n    retention: 7d\n",
		"hours":         "topics:\n  - name: a\n    partitions: 3\n    retention: 7h\n",
		"flow style":    "topics: [{name: a, partitions: 3, retention: 7d}]\n",
	} {
		path := filepath.Join(t.TempDir(), "topics.yaml")
		if err := os.WriteFile(path, []byte(list), 0o600); err != nil {
			t.Fatal(err)
		}
		if output, err := run(path); err == nil {
			t.Errorf("%s: accepted: %s", name, output)
		}
	}
}

// Where there is storage, backups are made.
func TestBackups_AreScheduled(t *testing.T) {
	t.Parallel()
	for _, overlay := range []string{"kind", "production"} {
		if !slices.ContainsFunc(load(t, overlay).Objects, func(o manifests.Object) bool { return o.ID() == "CronJob/backup" }) {
			t.Errorf("%s has no CronJob that makes backups", overlay)
		}
	}
}

// A secret is described where it is used, and no unused one is described.
func TestDocumented_IsUsed(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, overlay := range overlays {
		for _, reference := range manifests.References(load(t, overlay)) {
			used[reference] = true
		}
	}
	for object, keys := range load(t, "kind").Documented {
		for key := range keys {
			if !used[object+"/"+key] && !used[object+"/"] {
				t.Errorf("docs/operations.md describes the key %s of %s, which nobody reads", key, object)
			}
		}
	}
}

// A key of the config map that nothing reads would be changed in vain. Functions' addresses are generated for all of them.
func TestConfig_IsRead(t *testing.T) {
	t.Parallel()
	const name = "ConfigMap/taskwire-config"
	read := map[string]bool{}
	for _, overlay := range overlays {
		for _, reference := range manifests.References(load(t, overlay)) {
			read[reference] = true
		}
	}
	address := regexp.MustCompile(`^http://[a-z-]+\.taskwire\.svc\.cluster\.local$`)
	found := false
	for _, o := range load(t, "kind").Objects {
		config, ok := o.Value.(*corev1.ConfigMap)
		if !ok || o.ID() != name {
			continue
		}
		found = true
		for key, value := range config.Data {
			if !read[name+"/"+key] && !address.MatchString(value) {
				t.Errorf("%s: nothing reads the key %s", name, key)
			}
		}
	}
	if !found {
		t.Error("there is no " + name)
	}
}

// The commands of docs/operations.md make every key of a secret that production reads, and no other.
func TestDocumented_CommandsMakeEverySecret(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n### Secrets\n")
	_, commands, _ := strings.Cut(section, "\n```\n")
	commands, _, _ = strings.Cut(commands, "\n```\n")
	bin := t.TempDir()
	for name, script := range map[string]string{"kubectl": `printf '%s\n' "$*"`, "openssl": "echo random"} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.CommandContext(t.Context(), "bash", "-euc", commands)
	command.Env = []string{"PATH=" + bin + ":" + os.Getenv("PATH")}
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]bool{}
	for line := range strings.Lines(string(output)) {
		words := strings.Fields(strings.TrimPrefix(line, "-n taskwire create secret generic "))
		for _, word := range words[1:] {
			_, pair, _ := strings.Cut(word, "=") // --from-literal=KEY=…
			key, _, _ := strings.Cut(pair, "=")
			made["Secret/"+words[0]+"/"+key] = true
		}
	}
	wanted := map[string]bool{}
	for _, reference := range manifests.References(load(t, "production")) {
		// The overlay itself has the name of the mechanism.
		if strings.HasPrefix(reference, "Secret/") && !strings.HasPrefix(reference, "Secret/taskwire-kafka-mechanism/") {
			wanted[reference] = true
		}
	}
	for reference := range wanted {
		if !made[reference] {
			t.Errorf("no command makes %s", reference)
		}
	}
	for reference := range made {
		if !wanted[reference] {
			t.Errorf("a command makes %s, which nobody reads", reference)
		}
	}
}

func load(t *testing.T, overlay string) *manifests.Set {
	t.Helper()
	set, err := manifests.Load(root, overlay)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// Every rule has an example that it refuses.
func TestRefused_EveryRule(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/refused/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var examples bytes.Buffer
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		examples.Write(content)
	}
	for _, rule := range manifests.Rules() {
		if !strings.Contains(examples.String(), "# rule: "+rule+"\n") {
			t.Errorf("no file in testdata/refused has the line \"# rule: %s\"", rule)
		}
	}
}

// A function consumes the same topics on a laptop and in a cluster.
func TestDeliveries_AreTheSameOnALaptop(t *testing.T) {
	t.Parallel()
	laptop, err := manifests.LoadLaptop(root)
	if err != nil {
		t.Fatal(err)
	}
	want := manifests.Deliveries(laptop)
	if len(want) == 0 {
		t.Fatal("nothing is delivered on a laptop")
	}
	for _, overlay := range overlays {
		if got := manifests.Deliveries(load(t, overlay)); !slices.Equal(got, want) {
			t.Errorf("%s delivers %q, a laptop %q", overlay, got, want)
		}
	}
}

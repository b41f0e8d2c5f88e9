package newfunction

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// repository is a folder with copies of the files that Make reads.
func repository(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for _, pattern := range []string{
		"go.work", "docs/asyncapi.yaml", "docs/operations.md", "eventing/topics.yaml", "eventing/base/*.yaml", "eventing/base/functions/*", "eventing/overlays/production/consumers.yaml",
		"dapr/base/*", "dapr/cluster/*", "functions/*/func.yaml", "functions/gateway/registry.go", "shared/cloudevent/published.go", model + "/go.*", model + "/.func/go.work",
		"local/internal/stack/parts.go", "tools/frontend/frontend.go", "tools/newfunction/newfunction.go",
	} {
		paths, err := filepath.Glob(filepath.Join("..", "..", pattern))
		if err != nil || len(paths) == 0 {
			t.Fatal(pattern, err)
		}
		for _, path := range paths {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			full := filepath.Join(root, strings.TrimPrefix(filepath.ToSlash(path), "../../"))
			if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, content, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return root
}

func TestMake_WritesTheFolderAndGeneratesTheRest(t *testing.T) {
	t.Parallel()
	root := repository(t)
	written, err := Make(root, Function{Name: "aaa-first", Topic: "reminders", Type: "reminder.overdue"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"go.work":                                "\t./functions/aaa-first\n\t./functions/auth\n",
		"dapr/base/pubsub.yaml":                  "scopes:\n  - aaa-first\n",
		"dapr/base/subscriptions.yaml":           "scopes:\n  - aaa-first\n",
		"eventing/base/functions/addresses.yaml": "  FUNCTION_URLS: >-\n    aaa-first=http://", // so that it is in /api/status
		"eventing/base/functions/policies.yaml":  "values: [aaa-first, dead-letter,",
		"eventing/base/functions/sources.yaml":   "# Consumes reminder.overdue.\n",
		"functions/aaa-first/func.yaml":          "value: '{{ configMap:taskwire-config:TRUST_MESH }}'",
		"functions/aaa-first/function.go":        `event.Type() != "reminder.overdue"`,
		"functions/aaa-first/function_test.go":   `"/internal/events/reminders"`,
		"functions/aaa-first/go.mod":             "module taskwire.dev/functions/aaa-first\n",
		"functions/aaa-first/.func/go.work":      "replace taskwire.dev/shared => ../../../shared",
		"functions/aaa-first/.gitignore":         "!/.func/go.work",
		"functions/aaa-first/.funcignore":        "*.go",
		"functions/aaa-first/go.sum":             "github.com/cloudevents/sdk-go/v2",
	} {
		content, err := os.ReadFile(filepath.Join(root, path))
		if err != nil || !strings.Contains(string(content), want) {
			t.Errorf("%s has not %q: %v", path, want, err)
		}
		if !slices.Contains(written, path) {
			t.Errorf("%s is not said to be written", path)
		}
	}
}

func TestMake_RefusesAndWritesNothing(t *testing.T) {
	t.Parallel()
	root := repository(t)
	before := snapshot(t, root)
	good := Function{Name: "good", Topic: "task-events", Type: "task.completed"}
	for name, change := range map[string]func(*Function){
		"no name":        func(f *Function) { f.Name = "" },
		"capitals":       func(f *Function) { f.Name = "Good" },
		"a path":         func(f *Function) { f.Name = "../good" },
		"a dash behind":  func(f *Function) { f.Name = "good-" },
		"two dashes":     func(f *Function) { f.Name = "go--od" },
		"a digit first":  func(f *Function) { f.Name = "1good" },
		"too long":       func(f *Function) { f.Name = strings.Repeat("a", maxName+1) },
		"a part's name":  func(f *Function) { f.Name = "broker" },
		"a sidecar's":    func(f *Function) { f.Name = "good-dapr" },
		"a program's":    func(f *Function) { f.Name = "migrate" },
		"a Service's":    func(f *Function) { f.Name = "otel-collector" },
		"a setting's":    func(f *Function) { f.Name = "public" },
		"the keys'":      func(f *Function) { f.Name = "jwks" },
		"the traces'":    func(f *Function) { f.Name = "jaeger-query" },
		"a copy's":       func(f *Function) { f.Name = "tasks-2" },
		"existing":       func(f *Function) { f.Name = "reminder-fan-in" },
		"no such topic":  func(f *Function) { f.Topic = "nowhere" },
		"the last topic": func(f *Function) { f.Topic = "dead-letters" },
		"no type":        func(f *Function) { f.Type = "" },
		"unknown type":   func(f *Function) { f.Type = "task.snoozed" },
		"another's type": func(f *Function) { f.Type = "reminder.overdue" },
		"a quote":        func(f *Function) { f.Type = `a"b` },
		"a new line":     func(f *Function) { f.Type = "a\nb" },
	} {
		f := good
		change(&f)
		if written, err := Make(root, f, time.Now()); err == nil || len(written) > 0 {
			t.Errorf("%s: wrote %v, %v", name, written, err)
		}
	}
	good.Type = "task.snoozed"
	const want = `TYPE="task.snoozed" is not published to task-events; want one of account.deleted, task.completed, task.created, task.deleted, task.updated (docs/asyncapi.yaml)`
	if _, err := Make(root, good, time.Now()); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if after := snapshot(t, root); !maps.Equal(before, after) {
		t.Error("a refusal changed something")
	}
}

func TestRemove_UndoesMake(t *testing.T) {
	t.Parallel()
	root := repository(t)
	before := snapshot(t, root)
	if _, err := Make(root, Function{Name: "short-lived", Topic: "task-events", Type: "task.completed"}, time.Now()); err != nil {
		t.Fatal(err)
	}
	if maps.Equal(before, snapshot(t, root)) {
		t.Fatal("nothing was made")
	}
	if _, err := Remove(root, "short-lived"); err != nil {
		t.Fatal(err)
	}
	after := snapshot(t, root)
	for path := range after {
		if before[path] != after[path] {
			t.Errorf("%s is not as it was", path)
		}
	}
	for path := range before {
		if _, there := after[path]; !there {
			t.Errorf("%s is gone", path)
		}
	}
}

func TestRemove_RefusesUnknownAndNeededFunctions(t *testing.T) {
	t.Parallel()
	root := repository(t)
	before := snapshot(t, root)
	for name, want := range map[string]string{
		"": "no such function", "nobody": "no such function", "../functions/tasks": "no such function",
		"notifications":   "taskwire.dev/invokes: notifications is no function with a sidecar",
		"tasks":           "NAME=tasks: functions/mcp/func.yaml refers to TASKS_URL",
		"auth":            "NAME=auth: functions/mcp/func.yaml refers to AUTH_URL",
		"dead-letter":     "NAME=dead-letter: eventing/base/delivery.yaml names it",
		"gateway":         "NAME=gateway: eventing/base/gateway-autoscaler.yaml names it",
		"outbox-relay":    "NAME=outbox-relay: local/internal/stack/parts.go names it",
		"dashboard":       "NAME=dashboard: tools/frontend/frontend.go names it",
		"reminder-fan-in": "NAME=reminder-fan-in: tools/newfunction/newfunction.go names it",
	} {
		if _, err := Remove(root, name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
	if !maps.Equal(before, snapshot(t, root)) {
		t.Error("a refusal changed something")
	}
}

// TestRemove_LosesNoUncommittedWork: of a function that git has, the folder must be as git has it.
func TestRemove_LosesNoUncommittedWork(t *testing.T) {
	t.Parallel()
	root := repository(t)
	git := func(args ...string) {
		t.Helper()
		command := exec.Command("git", append([]string{"-c", "user.name=t", "-c", "user.email=t@example.com"}, args...)...)
		command.Dir = root
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, output)
		}
	}
	short := Function{Name: "short-lived", Topic: "task-events", Type: "task.completed"}
	if _, err := Make(root, short, time.Now()); err != nil {
		t.Fatal(err)
	}
	git("init", "-q")
	git("add", "-A")
	git("commit", "-qm", "everything")
	fresh := filepath.Join(root, short.folder(), "fresh.go")
	if err := os.WriteFile(fresh, []byte("package function\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Remove(root, short.Name); err == nil || !strings.Contains(err.Error(), "has changes that are not committed") {
		t.Errorf("with a new file: %v", err)
	}
	if err := os.Remove(fresh); err != nil {
		t.Error(err)
	}
	if _, err := Remove(root, short.Name); err != nil {
		t.Errorf("without it: %v", err)
	}
}

// TestWhatCannotBeGenerated_ChangesNothing: a generated file has parts that are written by hand, with marks that may be broken.
func TestWhatCannotBeGenerated_ChangesNothing(t *testing.T) {
	t.Parallel()
	root := repository(t)
	short := Function{Name: "short-lived", Topic: "task-events", Type: "task.completed"}
	if _, err := Make(root, short, time.Now()); err != nil {
		t.Fatal(err)
	}
	document := filepath.Join(root, "docs", "operations.md")
	content, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(document, bytes.ReplaceAll(content, []byte("<!-- end of sizing -->"), nil), 0o644); err != nil {
		t.Fatal(err)
	}
	before := snapshot(t, root)
	made := short
	made.Name = "made-in-vain"
	for name, change := range map[string]func() ([]string, error){
		"make":   func() ([]string, error) { return Make(root, made, time.Now()) },
		"remove": func() ([]string, error) { return Remove(root, short.Name) },
	} {
		changed, err := change()
		if err == nil || !strings.Contains(err.Error(), "docs/operations.md") || len(changed) > 0 {
			t.Errorf("%s: changed %v, %v", name, changed, err)
		}
		if !maps.Equal(before, snapshot(t, root)) {
			t.Errorf("%s changed something", name)
		}
	}
}

// snapshot returns the content of every file, and every folder, by path.
func snapshot(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			found[path] = ""
			return err
		}
		content, err := os.ReadFile(path)
		found[path] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

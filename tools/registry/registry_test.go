package registry

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestGenerated_IsUpToDate(t *testing.T) {
	t.Parallel()
	if err := Check("../.."); err != nil {
		t.Error(err)
	}
}

// write makes the func.yaml of a function with annotations, each as "key: value" without the prefix of the keys.
func write(t *testing.T, root, name string, annotations ...string) {
	t.Helper()
	text := "name: " + name + "\ndeploy:\n  annotations:\n    dapr.io/enabled: \"true\"\n"
	for _, a := range annotations {
		key, value, _ := strings.Cut(a, ": ")
		text += "    " + prefix + key + ": '" + value + "'\n"
	}
	dir := filepath.Join(root, "functions", name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "func.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLoad_NamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for annotation, want := range map[string]string{
		"rotues: /api/a":          "taskwire.dev/rotues: is not known; want one of taskwire.dev/routes",
		"routes: api":             `taskwire.dev/routes: "api" is not a clean path`,
		"routes: /api/a/":         `"/api/a/" is not a clean path`,
		"routes: /api/a, /api/a":  "/api/a is there twice",
		"routes: /internal/x":     "/internal is the platform's own",
		"routes: /api":            "/api is shared by all functions",
		"routes: /api/todos":      "/api/todos goes to other already",
		"routes: /api/status/all": "/api/status is the platform's own",
	} {
		root := t.TempDir()
		write(t, root, "other", "routes: /api/todos")
		write(t, root, "wrong", annotation)
		if _, err := Load(root); err == nil || !strings.Contains(err.Error(), "functions/wrong/func.yaml: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", annotation, err, want)
		}
	}
}

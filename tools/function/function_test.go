package function_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"taskwire.dev/tools/function"
)

func write(t *testing.T, root, name, text string) {
	t.Helper()
	dir := filepath.Join(root, "functions", name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "func.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

var values = function.Values{
	ConfigMaps: map[string]map[string]string{"taskwire-config": {"PUBLIC_URL": "http://localhost:8080", "A": "1"}},
	Secrets:    map[string]map[string]string{"taskwire-database": {"app": "postgres://app@db/taskwire"}},
}

func TestResolve(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		envs string
		want []string
		err  string // part of the error
	}{
		"literal": {
			"[{name: A, value: plain}, {name: B, value: \"\"}, {name: C, value: \"12\"}]",
			[]string{"A=plain", "B=", "C=12"},
			"",
		},
		"config map": {
			"[{name: URL, value: '{{ configMap:taskwire-config:PUBLIC_URL }}'}]",
			[]string{"URL=http://localhost:8080"},
			"",
		},
		"secret, without spaces": {
			"[{name: DATABASE_URL, value: '{{secret:taskwire-database:app}}'}]",
			[]string{"DATABASE_URL=postgres://app@db/taskwire"},
			"",
		},
		"whole config map": {
			"[{value: '{{ configMap:taskwire-config }}'}]",
			[]string{"A=1", "PUBLIC_URL=http://localhost:8080"},
			"",
		},
		"unknown key":        {"[{name: X, value: '{{ secret:taskwire-database:owner }}'}]", nil, `has no key "owner" (it has app)`},
		"unknown config map": {"[{name: X, value: '{{ configMap:other:A }}'}]", nil, `no configMap is named "other"`},
		"unknown form":       {"[{name: X, value: '{{ field:metadata.name }}'}]", nil, "not a reference"},
		"names the variable": {"[{name: BROKEN, value: '{{ secret:nope:a }}'}]", nil, "functions/tasks/func.yaml: BROKEN"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			write(t, root, "tasks", "name: tasks\nrun:\n  envs: "+c.envs+"\n")
			functions, err := function.Discover(root)
			if err != nil || len(functions) != 1 {
				t.Fatal(functions, err)
			}
			env, err := functions[0].Resolve(values)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("error %v, want %q in it", err, c.err)
				}
				return
			}
			if err != nil || !slices.Equal(env, c.want) {
				t.Errorf("%q, %v, want %q", env, err, c.want)
			}
		})
	}
}

func TestDiscover_SortsAndReadsAnnotations(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, "outbox-relay", "name: outbox-relay\ndeploy:\n  annotations:\n    dapr.io/enabled: \"true\"\n")
	write(t, root, "auth", "name: auth\n")
	functions, err := function.Discover(root)
	if err != nil {
		t.Fatal(err)
	}
	if functions[0].Name != "auth" || functions[1].Key() != "OUTBOX_RELAY" || functions[1].Annotations["dapr.io/enabled"] != "true" {
		t.Errorf("%+v", functions)
	}
}

func TestRead_RefusesANameThatIsNotTheFolders(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, "tasks", "name: task\n")
	if _, err := function.Discover(root); err == nil {
		t.Error("no error")
	}
}

package cluster

import (
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"taskwire.dev/tools/bundle"
	"taskwire.dev/tools/function"
	"taskwire.dev/tools/manifest"
)

func TestSetDatabase_KeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	roles := referencesOf([]manifest.Object{{"env": []any{
		map[string]any{"secretKeyRef": map[string]any{"name": secretPasswords, "key": "stream"}},
	}}}, []function.Function{{Env: []function.Variable{
		{Name: "A", Value: "{{ secret:taskwire-database:app }}"}, {Name: "B", Value: "{{ secret:taskwire-database:worker }}"},
	}}}).roles()
	if want := []string{"app", "stream", "worker"}; !reflect.DeepEqual(roles, want) {
		t.Fatalf("roles %q, want %q", roles, want)
	}
	urls, passwords, postgres := values{}, values{}, values{}
	if err := setDatabase(roles, urls, passwords, postgres, ""); err != nil {
		t.Fatal(err)
	}
	if u, err := url.Parse(urls["app"]); err != nil || u.User.Username() != "taskwire_app" || u.Host != "postgres.taskwire.svc.cluster.local:5432" {
		t.Errorf("app: %s, %v", urls["app"], err)
	}
	if !strings.Contains(urls["owner"], ":"+postgres["password"]+"@") {
		t.Error("the owner is not the one that PostgreSQL is made with")
	}
	before := urls["stream"]
	if err := setDatabase(roles, urls, passwords, postgres, ""); err != nil || urls["stream"] != before {
		t.Errorf("a second call changes %s to %s (%v)", before, urls["stream"], err)
	}
	if err := setDatabase(roles, urls, passwords, postgres, "postgres://me:secret@db.example.com/tw?sslmode=require"); err != nil {
		t.Fatal(err)
	}
	if want := "postgres://taskwire_worker:" + passwords["worker"] + "@db.example.com/tw?sslmode=require"; urls["worker"] != want {
		t.Errorf("worker: %s, want %s", urls["worker"], want)
	}
	if err := setDatabase(roles, urls, passwords, postgres, "db.example.com"); err == nil {
		t.Error("no error for what is no URL")
	}
}

func TestAnnotate_KeepsTheRest(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"name: a\n", "name: a\ndeploy:\n  annotations:\n    dapr.io/enabled: \"true\"\n"} {
		content, err := annotate([]byte(text), map[string]string{bundle.SourceAnnotation: "abc", bundle.CommitAnnotation: "def"}, 0)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "a")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "func.yaml"), content, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := function.Read(dir)
		if err != nil || f.Annotations[bundle.SourceAnnotation] != "abc" || f.Annotations[bundle.CommitAnnotation] != "def" {
			t.Errorf("%+v, %v", f, err)
		}
		if strings.Contains(text, "dapr") && f.Annotations["dapr.io/enabled"] != "true" {
			t.Errorf("lost: %+v", f.Annotations)
		}
	}
}

// TestGoForNodes_LeavesANote for an architecture that no node has.
func TestGoForNodes_LeavesANote(t *testing.T) {
	t.Setenv(architectures, "amd64")
	t.Setenv("GOARCH", "arm64")
	out := filepath.Join(t.TempDir(), "result", "f.linux.arm64")
	if err := GoForNodes([]string{"build", "-o", out}); err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(out); err != nil || !strings.Contains(string(content), "amd64") {
		t.Errorf("%s, %v", content, err)
	}
}

func TestCheckTools_NamesAllThatAreMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("FUNC", "")
	err := checkTools(kindTool, funcTool)
	if err == nil || !strings.Contains(err.Error(), kindTool.Where) || !strings.Contains(err.Error(), funcTool.Where) {
		t.Error(err)
	}
}

func TestPlatform_EveryVersionIsSaid(t *testing.T) {
	t.Parallel()
	if _, err := readVersions("../../.."); err != nil {
		t.Error(err)
	}
}

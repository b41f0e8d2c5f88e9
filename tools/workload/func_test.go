package workload_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"taskwire.dev/tools/function"
	"taskwire.dev/tools/manifest"
	"taskwire.dev/tools/workload"
)

const namespace = "taskwire"

// apiServer stands in for a cluster with Dapr and without functions. It has whatever func asks for and keeps what func
// creates.
type apiServer struct {
	mu      sync.Mutex
	created []manifest.Object
}

func (a *apiServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	parts := strings.Split(r.URL.Path, "/") // /api/v1/namespaces/NAME/KIND/NAME
	switch {
	case r.Method == http.MethodPost:
		content, err := io.ReadAll(r.Body)
		var one manifest.Object
		if err == nil {
			err = json.Unmarshal(content, &one)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		a.mu.Lock()
		a.created = append(a.created, one)
		a.mu.Unlock()
		// Otherwise func would wait for the function to become ready.
		w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = io.WriteString(w, `{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Invalid", "code": 422}`)
	case len(parts) == 5 && parts[3] == "namespaces", len(parts) == 7 && slices.Contains([]string{"secrets", "configmaps", "serviceaccounts"}, parts[5]):
		_, _ = io.WriteString(w, `{"metadata": {"name": "any"}}`)
	default:
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}`)
	}
}

// TestRead_IsWhatFuncDeploys compares the objects of a release's manifest with those that func sends to an API server.
func TestRead_IsWhatFuncDeploys(t *testing.T) {
	cli := os.Getenv("FUNC")
	if cli == "" {
		var err error
		if cli, err = exec.LookPath("func"); err != nil {
			t.Skip("the func CLI is neither on the PATH nor named by FUNC")
		}
	}
	server := &apiServer{}
	cluster := httptest.NewServer(server)
	defer cluster.Close()
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	config := `{"apiVersion": "v1", "kind": "Config", "current-context": "test",
"clusters": [{"name": "test", "cluster": {"server": "` + cluster.URL + `"}}],
"contexts": [{"name": "test", "context": {"cluster": "test", "namespace": "` + namespace + `"}}]}`
	if err := os.WriteFile(kubeconfig, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	functions, err := function.Discover("../..")
	if err != nil {
		t.Fatal(err)
	}
	image := strings.TrimPrefix(cluster.URL, "http://") + "/taskwire/f@sha256:" + strings.Repeat("0", 64)
	for _, f := range functions {
		if f.Raw {
			continue // func sends a Deployment as protobuf
		}
		t.Run(f.Name, func(t *testing.T) {
			server.created = nil
			copied := filepath.Join(t.TempDir(), f.Name) // func writes into func.yaml
			if err := os.CopyFS(copied, os.DirFS(f.Dir)); err != nil {
				t.Fatal(err)
			}
			command := exec.CommandContext(t.Context(), cli, "deploy", "--build=false", "--push=false", "--image", image, "--namespace", namespace)
			command.Dir, command.Env = copied, append(os.Environ(), "KUBECONFIG="+kubeconfig, "HOME="+t.TempDir())
			output, err := command.CombinedOutput()
			if err == nil || len(server.created) == 0 {
				t.Fatalf("func made nothing: %v\n%s", err, output)
			}
			want := server.created
			got, err := workload.Read(f.Dir, workload.Options{Namespace: namespace, Image: image})
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != len(want) {
				t.Fatalf("%d objects, func makes %d", len(got), len(want))
			}
			for i := range got {
				if g, w := normal(t, got[i]), normal(t, want[i]); !reflect.DeepEqual(g, w) {
					t.Errorf("%s is\n%s\nfunc makes\n%s", got[i].Kind(), text(t, g), text(t, w))
				}
			}
		})
	}
}

// normal leaves out what is meant to differ, and what an API server adds to both.
func normal(t *testing.T, one manifest.Object) manifest.Object {
	t.Helper()
	var copied manifest.Object
	if err := json.Unmarshal([]byte(text(t, one)), &copied); err != nil {
		t.Fatal(err)
	}
	delete(copied, "status")
	delete(copied.Metadata(), "namespace") // func gives it with the request
	spec, _ := copied["spec"].(map[string]any)
	template, _ := spec["template"].(map[string]any)
	pod, _ := template["spec"].(map[string]any)
	containers, _ := pod["containers"].([]any)
	for _, c := range containers {
		container := c.(map[string]any)
		env, _ := container["env"].([]any)
		var kept []any
		for _, v := range env {
			if v.(map[string]any)["name"] != "BUILT" {
				kept = append(kept, v)
			}
		}
		container["env"] = kept
	}
	return clean(map[string]any(copied)).(map[string]any)
}

// clean leaves out what is empty: func's types write it, as in `"status": {}`.
func clean(node any) any {
	switch n := node.(type) {
	case map[string]any:
		for key, child := range n {
			n[key] = clean(child)
		}
		maps.DeleteFunc(n, func(_ string, child any) bool {
			m, ok := child.(map[string]any)
			return child == nil || child == "" || ok && len(m) == 0
		})
	case []any:
		for i, child := range n {
			n[i] = clean(child)
		}
	}
	return node
}

func text(t *testing.T, one manifest.Object) string {
	t.Helper()
	content, err := json.MarshalIndent(one, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

package manifests_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	"sigs.k8s.io/yaml"

	"taskwire.dev/eventing/manifests"
)

// What docs/operations.md says about the smallest production is what the rules compute.
func TestSizing_IsDocumented(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(filepath.Join(root, "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	set := load(t, "production")
	one, most := manifests.Connections(set)
	text := strings.Join(strings.Fields(string(content)), " ")
	for _, want := range []string{
		fmt.Sprintf("a replica of every function, and two gateways: %d", one),
		fmt.Sprintf("| **all** | | | **%d** |", most),
		fmt.Sprintf("`max_connections` of %d or more", manifests.MostConnections),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("docs/operations.md does not say %q", want)
		}
	}
	if table := manifests.CapacityTable(set); !strings.Contains(string(content), table) {
		t.Errorf("docs/operations.md does not have this table:\n%s", table)
	}
}

// A pod requests in the generated table of docs/operations.md what the rules count.
func TestSizing_CountsTheSame(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(filepath.Join(root, "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	set := load(t, "production")
	for _, f := range set.Functions {
		row := regexp.MustCompile(`(?m)^\| ` + f.Name + ` \| \d+ to \d+ \|.* \| ` + manifests.PodRequests(set, f) + ` \|$`)
		if !row.Match(content) {
			t.Errorf("docs/operations.md has no row of %s that ends with %s", f.Name, manifests.PodRequests(set, f))
		}
	}
}

// The platform's requests are those of the released manifests, as far as they are modules: Serving and Eventing.
func TestPlatform_RequestsWhatIsReleased(t *testing.T) {
	t.Parallel()
	for module, names := range map[string][]string{
		"knative.dev/serving":  {"activator", "autoscaler", "controller", "webhook"},
		"knative.dev/eventing": {"controller", "webhook", "pingsource-mt-adapter"},
	} {
		dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", module).Output()
		if err != nil {
			t.Fatal(module, err)
		}
		for _, name := range names {
			content, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "config", "core", "deployments", name+".yaml"))
			if err != nil {
				t.Fatal(err)
			}
			var released appsv1.Deployment
			if err := yaml.Unmarshal(content, &released); err != nil {
				t.Fatal(module, name, err)
			}
			requests := released.Spec.Template.Spec.Containers[0].Resources.Requests
			want := fmt.Sprintf("| `%s` | 1 | %dm, %dMi |\n", released.Name, requests.Cpu().MilliValue(), requests.Memory().Value()>>20)
			if !strings.Contains(manifests.CapacityTable(load(t, "production")), want) {
				t.Errorf("the platform does not have %q, which is released", want)
			}
		}
	}
}

package manifests

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"taskwire.dev/tools/function"
)

// Function is one function of the repository.
type Function struct {
	function.File
	raw []byte // func.yaml as it was written
	code
}

// code is what the function's Go says.
type code struct {
	// takesEvents says whether there is a route for what sources send.
	takesEvents bool
	// invokes are the functions that it calls through its sidecar, as its Go names them.
	invokes []string
}

// Sidecar says whether Dapr runs beside it.
func (f Function) Sidecar() bool { return f.Deploy.Annotations["dapr.io/enabled"] == "true" }

// callees are the functions that it calls through its sidecar. The gateway's Go names none: it has them from its func.yaml.
func (f Function) callees() []string {
	found := slices.Clone(f.invokes)
	if said := f.Deploy.Annotations["taskwire.dev/invokes"]; said != "" {
		for name := range strings.SplitSeq(said, ",") {
			found = append(found, strings.TrimSpace(name))
		}
	}
	return found
}

// Label gives the value of a label.
func (f Function) Label(key string) string {
	at := slices.IndexFunc(f.Deploy.Labels, func(l function.Label) bool { return l.Key == key })
	if at < 0 {
		return ""
	}
	return f.Deploy.Labels[at].Value
}

// reference is a key of a secret or a config map; without a key, all of it.
type reference struct{ kind, name, key string }

func (r reference) String() string {
	if r.key == "" {
		return fmt.Sprintf("%s %s", r.kind, r.name)
	}
	return fmt.Sprintf("key %s of %s %s", r.key, r.kind, r.name)
}

// after knative.dev/func/pkg/functions
var envReference = regexp.MustCompile(`^{{\s*(configMap|secret)\s*:\s*([\w.-]+)\s*(?::\s*([\w.-]+)\s*)?}}$`)

// references are what the function's variables, volumes and annotations refer to.
func (f Function) references() []reference {
	var found []reference
	for _, v := range f.Run.Envs {
		if m := envReference.FindStringSubmatch(strings.TrimSpace(v.Value)); m != nil {
			kind := "Secret"
			if m[1] == "configMap" {
				kind = "ConfigMap"
			}
			found = append(found, reference{kind, m[2], m[3]})
		}
	}
	for _, v := range f.Run.Volumes {
		if v.Secret != "" {
			found = append(found, reference{"Secret", v.Secret, ""})
		} else {
			found = append(found, reference{"ConfigMap", v.ConfigMap, ""})
		}
	}
	for _, annotation := range []string{"dapr.io/app-token-secret", "dapr.io/api-token-secret"} {
		if name := f.Deploy.Annotations[annotation]; name != "" {
			found = append(found, reference{"Secret", name, "token"})
		}
	}
	return found
}

// uses says whether the function refers to the secret or config map, to a key that the test accepts.
func (f Function) uses(kind, name string, key func(string) bool) bool {
	return slices.ContainsFunc(f.references(), func(r reference) bool {
		return r.kind == kind && r.name == name && (key == nil || key(r.key))
	})
}

func readFunctions(root string) ([]Function, error) {
	paths, err := filepath.Glob(filepath.Join(root, "functions", "*", "func.yaml"))
	if err != nil || len(paths) == 0 {
		return nil, fmt.Errorf("no functions in %s: %v", root, err)
	}
	var functions []Function
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		f, err := parseFunction(content)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if f.code, err = readCode(filepath.Dir(path)); err != nil {
			return nil, err
		}
		functions = append(functions, f)
	}
	return functions, nil
}

func parseFunction(content []byte) (Function, error) {
	file, err := function.ParseFile(content)
	if err != nil {
		return Function{}, err
	}
	resources := file.Deploy.Options.Resources
	for _, amount := range []string{resources.Requests.CPU, resources.Requests.Memory, resources.Limits.CPU, resources.Limits.Memory} {
		if _, err := resource.ParseQuantity(amount); amount != "" && err != nil {
			return Function{}, fmt.Errorf("resources: %q: %w", amount, err)
		}
	}
	return Function{File: file, raw: content}, nil
}

var (
	// eventRoute is how functions take what sources send: by shared/consumer, or by their route for POST /.
	eventRoute = regexp.MustCompile(`\bconsumer\.New\(|"POST /\{\$\}"`)
	invocation = regexp.MustCompile(`dapr\.InvocationURL\([^"]*"([a-z0-9-]+)"\)`)
)

func readCode(dir string) (code, error) {
	var c code
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return c, err
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return c, err
		}
		c.takesEvents = c.takesEvents || eventRoute.Match(content)
		for _, m := range invocation.FindAllSubmatch(content, -1) {
			c.invokes = append(c.invokes, string(m[1]))
		}
	}
	return c, nil
}

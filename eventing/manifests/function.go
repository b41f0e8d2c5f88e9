package manifests

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/yaml"
)

// Function is a func.yaml, with the fields of func 0.50 that Taskwire uses. func itself accepts unknown fields in
// silence, so a misspelt one would be a setting that is not there; here it is an error.
type Function struct {
	SpecVersion string    `json:"specVersion"`
	Name        string    `json:"name"`
	Runtime     string    `json:"runtime"`
	Created     time.Time `json:"created"`
	Invoke      string    `json:"invoke"`
	// Deployer is "raw" for a plain Deployment.
	Deployer string `json:"deployer"`
	Build    struct {
		Builder string `json:"builder"`
	} `json:"build"`
	Run struct {
		Envs         []Variable `json:"envs"`
		Volumes      []Volume   `json:"volumes"`
		StartTimeout string     `json:"startTimeout"`
	} `json:"run"`
	Deploy struct {
		Annotations        map[string]string `json:"annotations"`
		Labels             []Label           `json:"labels"`
		ServiceAccountName string            `json:"serviceAccountName"`
		ImagePullSecret    string            `json:"imagePullSecret"`
		Deployer           string            `json:"deployer"`
		HealthEndpoints    struct {
			Liveness  string `json:"liveness"`
			Readiness string `json:"readiness"`
		} `json:"healthEndpoints"`
		Options struct {
			Scale struct {
				Min         *int64   `json:"min"`
				Max         *int64   `json:"max"`
				Metric      string   `json:"metric"`
				Target      *float64 `json:"target"`
				Utilization *float64 `json:"utilization"`
			} `json:"scale"`
			Resources struct {
				Requests Amounts `json:"requests"`
				Limits   struct {
					Amounts     `json:",inline"`
					Concurrency *int64 `json:"concurrency"`
				} `json:"limits"`
			} `json:"resources"`
		} `json:"options"`
	} `json:"deploy"`

	raw []byte // as it was written
	code
}

// code is what the function's Go says.
type code struct {
	// takesEvents says whether there is a route for what sources send.
	takesEvents bool
	// invokes are the functions that it calls through its sidecar, as its Go names them.
	invokes []string
}

// Variable is one of run.envs.
type Variable struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Volume is one of run.volumes: the files of a secret or of a config map at a path.
type Volume struct {
	Secret    string `json:"secret"`
	ConfigMap string `json:"configMap"`
	Path      string `json:"path"`
}

// Label is one of deploy.labels.
type Label struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Amounts are a container's resources.
type Amounts struct {
	CPU    *resource.Quantity `json:"cpu"`
	Memory *resource.Quantity `json:"memory"`
}

// Raw says whether func makes it a Deployment instead of a Knative Service.
func (f Function) Raw() bool { return f.Deployer == "raw" || f.Deploy.Deployer == "raw" }

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
	at := slices.IndexFunc(f.Deploy.Labels, func(l Label) bool { return l.Key == key })
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
	f := Function{raw: content}
	err := yaml.UnmarshalStrict(content, &f)
	return f, err
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

// Package function reads func.yaml, the only place that describes what a function needs, and resolves the references in
// it as a cluster would.
package function

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// Function is one folder in functions/.
type Function struct {
	Name string
	Dir  string
	// Env in the order of func.yaml, references unresolved.
	Env []Variable
	// Annotations of the deployment; Dapr's are among them.
	Annotations map[string]string
	// Raw is true for a function that is deployed as a Deployment, not as a Knative Service.
	Raw bool
}

// Variable is one of run.envs. Name is empty for a whole config map or secret.
type Variable struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Invokes is the annotation that lists the functions that a function invokes through its sidecar.
const Invokes = "taskwire.dev/invokes"

// consumes is the annotation with the topic whose events a function is given.
const consumes = "taskwire.dev/consumes"

// gateway is the function that faces clients.
const gateway = "gateway"

// Discover reads every function of the repository, sorted by name.
func Discover(root string) ([]Function, error) {
	paths, err := filepath.Glob(filepath.Join(root, "functions", "*", "func.yaml"))
	if err != nil {
		return nil, err
	}
	var functions []Function
	for _, path := range paths {
		f, err := Read(filepath.Dir(path))
		if err != nil {
			return nil, err
		}
		functions = append(functions, f)
	}
	slices.SortFunc(functions, func(a, b Function) int { return strings.Compare(a.Name, b.Name) })
	return functions, nil
}

// Read reads one function's folder. func itself validates func.yaml, when it scaffolds.
func Read(dir string) (Function, error) {
	path := filepath.Join(dir, "func.yaml")
	content, err := os.ReadFile(path)
	if err != nil {
		return Function{}, err
	}
	var doc File
	if err := yaml.Unmarshal(content, &doc); err != nil {
		return Function{}, fmt.Errorf("%s: %w", path, err)
	}
	if doc.Name != filepath.Base(dir) {
		return Function{}, fmt.Errorf("%s: name %q differs from its folder's", path, doc.Name)
	}
	return Function{
		Name: doc.Name, Dir: dir, Env: doc.Run.Envs, Annotations: doc.Deploy.Annotations,
		Raw: doc.Raw(),
	}, nil
}

// Key is the function's name in configuration keys: outbox-relay is OUTBOX_RELAY.
func (f Function) Key() string {
	return strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
}

// Invoked reports whether other functions call this one through their sidecars.
func (f Function) Invoked(all []Function) bool {
	return slices.ContainsFunc(all, func(caller Function) bool {
		return slices.Contains(List(caller.Annotations[Invokes]), f.Name)
	})
}

// List splits the value of an annotation at its commas.
func List(value string) []string {
	var found []string
	for part := range strings.SplitSeq(value, ",") {
		found = append(found, strings.TrimSpace(part))
	}
	return found
}

// Addresses are the generated keys of taskwire-config: NAME_URL with the address of each function, FUNCTION_URLS with all but the
// gateway's, for the gateway, and the functions that consume a topic, without it in CONSUMER_GROUPS and with it in CONSUMER_TOPICS.
func Addresses(all []Function, url func(Function) string) map[string]string {
	config := map[string]string{}
	var others, groups, topics []string
	for _, f := range all {
		if topic := f.Annotations[consumes]; topic != "" {
			groups, topics = append(groups, f.Name), append(topics, f.Name+"="+topic)
		}
		config[f.Key()+"_URL"] = url(f)
		if f.Name != gateway {
			others = append(others, f.Name+"="+url(f))
		}
	}
	config["CONSUMER_GROUPS"] = strings.Join(groups, " ")
	config["CONSUMER_TOPICS"] = strings.Join(topics, " ")
	config["FUNCTION_URLS"] = strings.Join(others, " ")
	return config
}

// Split separates the functions with a name from the others.
func Split(all []Function, name string) (named, others []Function) {
	for _, f := range all {
		if f.Name == name {
			named = append(named, f)
		} else {
			others = append(others, f)
		}
	}
	return named, others
}

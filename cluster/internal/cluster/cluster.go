// Package cluster deploys Taskwire to a Kubernetes with Knative and Dapr, for `make kind-up`, `make deploy` and `make
// cluster-test`. It uses the tools that a person would use, kubectl and func, so that everything it does can be done by
// hand.
package cluster

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"taskwire.dev/tools/progress"
)

// Namespace holds all of Taskwire in a cluster.
const Namespace = "taskwire"

// Cluster is accessed through kubectl with one kubeconfig.
type Cluster struct {
	// Kubeconfig is a file, or empty for kubectl's default.
	Kubeconfig string
	Report     *progress.Reporter
}

// environment is the environment of every tool.
func (c Cluster) environment() []string {
	env := os.Environ()
	if c.Kubeconfig != "" {
		env = append(env, "KUBECONFIG="+c.Kubeconfig)
	}
	return env
}

// kubectl runs it with input on its standard input and returns its output.
func (c Cluster) kubectl(ctx context.Context, input []byte, args ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, "kubectl", args...)
	command.Env = c.environment()
	command.Stdin = bytes.NewReader(input)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		return output, fmt.Errorf("kubectl %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return output, nil
}

// awayFor is how long the API server of a cluster may be away: it restarts, or its node is busy.
const awayFor = time.Minute

// query is kubectl for a question, which it asks again while the API server is away.
func (c Cluster) query(ctx context.Context, args ...string) ([]byte, error) {
	for deadline := time.Now().Add(awayFor); ; {
		output, err := c.kubectl(ctx, nil, args...)
		if err == nil || !isAway(err) || time.Now().After(deadline) || pause(ctx) != nil {
			return output, err
		}
	}
}

// isAway reports whether kubectl did not reach the API server. The words are its own.
func isAway(err error) bool {
	text := err.Error()
	return strings.Contains(text, "Unable to connect to the server") || strings.Contains(text, "The connection to the server")
}

// pause waits for the polling interval, and returns an error if ctx ends before.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Second):
		return nil
	}
}

// get reads one object of the namespace into out; found is false when there is none.
func (c Cluster) get(ctx context.Context, out any, kind, name string) (found bool, err error) {
	output, err := c.query(ctx, "-n", Namespace, "get", kind, name, "-o", "json", "--ignore-not-found")
	if err != nil || len(bytes.TrimSpace(output)) == 0 {
		return false, err
	}
	return true, json.Unmarshal(output, out)
}

// apply sends objects to the API server, with the field manager of everything that `make deploy` writes.
func (c Cluster) apply(ctx context.Context, objects []byte) error {
	if len(bytes.TrimSpace(objects)) == 0 {
		return nil
	}
	_, err := c.kubectl(ctx, objects, "apply", "--server-side", "--force-conflicts", "--field-manager=taskwire", "-f", "-")
	return err
}

// Reachable checks that there is a cluster; the error says what to do if there is none.
func (c Cluster) Reachable(ctx context.Context) error {
	if _, err := c.kubectl(ctx, nil, "--request-timeout=10s", "version", "-o", "json"); err != nil {
		return fmt.Errorf("no cluster answers: make kind-up starts one (%w)", err)
	}
	return nil
}

// context returns kubectl's current context, for the user to confirm.
func (c Cluster) context(ctx context.Context) string {
	name, err := c.kubectl(ctx, nil, "config", "current-context")
	if err != nil {
		return "the cluster of kubectl's default configuration"
	}
	return strings.TrimSpace(string(name))
}

// platform is what must be installed in the cluster: a kind of object, and the product that it belongs to.
var platform = map[string]string{
	"services.serving.knative.dev":     "Knative Serving",
	"pingsources.sources.knative.dev":  "Knative Eventing",
	"kafkasources.sources.knative.dev": "Knative's KafkaSource (eventing-kafka-broker)",
	"components.dapr.io":               "Dapr",
}

// CheckPlatform lists everything that is missing in the cluster, and how to install it.
func (c Cluster) CheckPlatform(ctx context.Context) error {
	output, err := c.kubectl(ctx, nil, "get", "crd", "-o", "name")
	if err != nil {
		return err
	}
	var missing []string
	for crd, whose := range platform {
		if !bytes.Contains(output, []byte("/"+crd+"\n")) {
			missing = append(missing, whose)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("the cluster lacks %s: make kind-up installs them on kind, docs/operations.md tells how elsewhere",
			strings.Join(missing, ", "))
	}
	return nil
}

// CheckVersion compares the cluster's Kubernetes with the oldest that the platform runs on: Knative refuses an older one,
// with a controller that restarts for ever.
func (c Cluster) CheckVersion(ctx context.Context, root string) error {
	wanted, err := readVersions(root)
	if err != nil {
		return err
	}
	output, err := c.kubectl(ctx, nil, "version", "-o", "json")
	if err != nil {
		return err
	}
	var found struct {
		Server struct {
			GitVersion string `json:"gitVersion"`
		} `json:"serverVersion"`
	}
	if err := json.Unmarshal(output, &found); err != nil {
		return err
	}
	if !atLeast(found.Server.GitVersion, wanted.KubernetesAtLeast) {
		return fmt.Errorf("the cluster runs Kubernetes %s; Knative %s needs %s or later: upgrade the cluster first",
			found.Server.GitVersion, wanted.Knative, wanted.KubernetesAtLeast)
	}
	return nil
}

// atLeast compares major and minor of two versions such as v1.34.2 or 1.34.
func atLeast(version, wanted string) bool {
	number := func(version string) (major, minor int) {
		// Managed clusters add a suffix, such as v1.34.1-eks-1234 or 1.34+.
		_, _ = fmt.Sscanf(strings.TrimPrefix(version, "v"), "%d.%d", &major, &minor)
		return major, minor
	}
	major, minor := number(version)
	wantedMajor, wantedMinor := number(wanted)
	return major > wantedMajor || major == wantedMajor && minor >= wantedMinor
}

// Tool is a required program.
type Tool struct {
	Name string
	// Why it is needed, and Where to get it.
	Why, Where string
}

// The tools.
var (
	kubectlTool = Tool{"kubectl", "talks to the cluster", "https://kubernetes.io/docs/tasks/tools/"}
	funcTool    = Tool{"func", "builds and deploys functions", "https://knative.dev/docs/functions/install-func/"}
	dockerTool  = Tool{"docker", "runs the nodes of kind", "https://docs.docker.com/engine/install/"}
	kindTool    = Tool{"kind", "makes the cluster", "https://kind.sigs.k8s.io/docs/user/quick-start/#installation"}
	helmTool    = Tool{"helm", "installs Dapr", "https://helm.sh/docs/intro/install/"}
)

// checkTools lists all missing tools at once.
func checkTools(tools ...Tool) error {
	var missing []string
	for _, tool := range tools {
		if _, err := exec.LookPath(tool.binary()); err != nil {
			missing = append(missing, fmt.Sprintf("  %-8s %s: %s", tool.Name, tool.Why, tool.Where))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return errors.New("these programs are needed and not on the PATH:\n" + strings.Join(missing, "\n"))
}

// binary is the tool's program: FUNC names another func, as in func's own scripts.
func (t Tool) binary() string {
	if path := os.Getenv("FUNC"); t.Name == "func" && path != "" {
		return path
	}
	return t.Name
}

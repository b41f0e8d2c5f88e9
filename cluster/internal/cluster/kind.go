package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sigs.k8s.io/yaml"

	"taskwire.dev/tools/progress"
)

const (
	kindCluster       = "taskwire"
	kindRegistry      = "localhost:5001"
	registryContainer = "taskwire-registry"
)

func kindKubeconfig(root string) string { return filepath.Join(state(root), "kubeconfig") }

// versions is the content of platform.yaml.
type versions struct {
	Kubernetes string `json:"kubernetes"`
	// KubernetesAtLeast is the oldest that Knative accepts, as major.minor.
	KubernetesAtLeast string `json:"kubernetesAtLeast"`
	Registry          string `json:"registry"`
	Knative           string `json:"knative"`
	Dapr              string `json:"dapr"`
	// PrometheusOperator runs the Prometheus of eventing/observability/servers, and brings the definitions of its objects.
	PrometheusOperator string `json:"prometheusOperator"`
}

func readVersions(root string) (versions, error) {
	var v versions
	content, err := os.ReadFile(filepath.Join(root, "platform.yaml"))
	if err != nil {
		return v, err
	}
	if err := yaml.UnmarshalStrict(content, &v); err != nil {
		return v, fmt.Errorf("platform.yaml: %w", err)
	}
	if v.Kubernetes == "" || v.KubernetesAtLeast == "" || v.Registry == "" || v.Knative == "" || v.Dapr == "" || v.PrometheusOperator == "" {
		return v, errors.New("platform.yaml: want kubernetes, kubernetesAtLeast, registry, knative, dapr and prometheusOperator")
	}
	return v, nil
}

// CheckEngine fails early if kind cannot work here.
func CheckEngine(ctx context.Context) error {
	missing := checkTools(dockerTool, kindTool, kubectlTool, helmTool, funcTool)
	if _, err := exec.LookPath("docker"); err == nil {
		ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		if output, err := exec.CommandContext(ctx, "docker", "version", "--format", "{{.Server.Version}}").CombinedOutput(); err != nil {
			missing = errors.Join(missing, fmt.Errorf("docker is installed, but its engine does not answer:\n  %s", strings.TrimSpace(string(output))))
		}
	}
	if missing != nil {
		return fmt.Errorf("%w\nkind runs its nodes in containers. Without a container engine, make up runs all of Taskwire as plain processes", missing)
	}
	return nil
}

// kind is the cluster of kind-up.
type kind struct {
	Cluster
	root string
	versions
}

// KindUp creates the cluster and installs the platform; existing parts stay. The next call repeats a step that failed.
func KindUp(ctx context.Context, root string, report *progress.Reporter) error {
	if err := CheckEngine(ctx); err != nil {
		return err
	}
	v, err := readVersions(root)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(state(root), 0o755); err != nil {
		return err
	}
	k := kind{Cluster{Kubeconfig: kindKubeconfig(root), Report: report}, root, v}
	for _, step := range []struct {
		name string
		work func(context.Context) error
	}{
		{"Start a registry on " + kindRegistry, k.startRegistry},
		{"Make the cluster", k.create},
		{"Tell the nodes of the registry", k.trustRegistry},
		{"Install Knative Serving " + v.Knative, k.installServing},
		{"Install Kourier, the ingress", k.installIngress},
		{"Install Knative Eventing", k.installEventing},
		{"Install KafkaSource", k.installKafka},
		{"Install Dapr " + v.Dapr, k.installDapr},
		{"Install the Prometheus operator " + v.PrometheusOperator, k.installPrometheusOperator},
	} {
		if err := report.Do(step.name, func() error { return step.work(ctx) }); err != nil {
			return err
		}
	}
	report.Say("\nThe cluster is ready: make deploy brings Taskwire into it.\n\n  export KUBECONFIG=%s", k.Kubeconfig)
	return nil
}

// KindDown deletes the cluster with all its contents, and the registry.
func KindDown(ctx context.Context, root string, report *progress.Reporter) error {
	if err := checkTools(dockerTool, kindTool); err != nil {
		return err
	}
	return report.Do("Delete the cluster and its registry", func() error {
		if _, err := run(ctx, nil, "kind", "delete", "cluster", "--name", kindCluster, "--kubeconfig", kindKubeconfig(root)); err != nil {
			return err
		}
		_, _ = run(ctx, nil, "docker", "rm", "--force", registryContainer) // there may be none
		return os.RemoveAll(state(root))
	})
}

// run runs a tool and returns its output.
func run(ctx context.Context, input []byte, name string, args ...string) (string, error) {
	command := exec.CommandContext(ctx, name, args...)
	command.Stdin = bytes.NewReader(input)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, tail(stderr.Bytes()))
	}
	return strings.TrimSpace(string(output)), nil
}

func (k kind) startRegistry(ctx context.Context) error {
	running, err := run(ctx, nil, "docker", "inspect", "--format", "{{.State.Running}}", registryContainer)
	if err == nil && running == "true" {
		return nil
	}
	_, _ = run(ctx, nil, "docker", "rm", "--force", registryContainer) // one that was stopped
	_, err = run(ctx, nil, "docker", "run", "--detach", "--restart=unless-stopped", "--name", registryContainer,
		"--publish", "127.0.0.1:5001:5000", k.versions.Registry)
	return err
}

func (k kind) create(ctx context.Context) error {
	existing, err := run(ctx, nil, "kind", "get", "clusters")
	if err != nil {
		return err
	}
	if slices.Contains(strings.Fields(existing), kindCluster) {
		_, err = run(ctx, nil, "kind", "export", "kubeconfig", "--name", kindCluster, "--kubeconfig", k.Kubeconfig)
		return err
	}
	_, err = run(ctx, nil, "kind", "create", "cluster", "--config", filepath.Join(k.root, "kind-config.yaml"),
		"--image", k.versions.Kubernetes, "--kubeconfig", k.Kubeconfig, "--wait", "120s")
	return err
}

// trustRegistry makes localhost:5001 refer to the registry on the node too, where localhost is the node itself.
// containerd reads certs.d at each pull.
func (k kind) trustRegistry(ctx context.Context) error {
	network, err := run(ctx, nil, "docker", "inspect", "--format", "{{json .NetworkSettings.Networks.kind}}", registryContainer)
	if err != nil {
		return err
	}
	if network == "null" {
		if _, err := run(ctx, nil, "docker", "network", "connect", "kind", registryContainer); err != nil {
			return err
		}
	}
	nodes, err := run(ctx, nil, "kind", "get", "nodes", "--name", kindCluster)
	if err != nil {
		return err
	}
	dir := "/etc/containerd/certs.d/" + kindRegistry
	hosts := []byte("[host.\"http://" + registryContainer + ":5000\"]\n")
	for _, node := range strings.Fields(nodes) {
		if _, err := run(ctx, nil, "docker", "exec", node, "mkdir", "-p", dir); err != nil {
			return err
		}
		if _, err := run(ctx, hosts, "docker", "exec", "--interactive", node, "cp", "/dev/stdin", dir+"/hosts.toml"); err != nil {
			return err
		}
	}
	return nil
}

// release is a file of a Knative release.
func (k kind) release(repository, file string) string {
	return fmt.Sprintf("https://github.com/%s/releases/download/knative-v%s/%s", repository, k.versions.Knative, file)
}

func (k kind) applyFile(ctx context.Context, url string) error {
	_, err := k.kubectl(ctx, nil, "apply", "--server-side", "--force-conflicts", "-f", url)
	return err
}

// applyReleased applies the definitions, then the objects that need them.
func (k kind) applyReleased(ctx context.Context, repository string, files ...string) error {
	for _, file := range files {
		if err := k.applyFile(ctx, k.release(repository, file)); err != nil {
			return err
		}
		if strings.Contains(file, "crds") {
			if _, err := k.kubectl(ctx, nil, "wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"); err != nil {
				return err
			}
		}
	}
	return nil
}

// configure merges data into a config map.
func (k kind) configure(ctx context.Context, namespace, name string, data map[string]string) error {
	patch, err := yaml.Marshal(map[string]any{"data": data})
	if err != nil {
		return err
	}
	_, err = k.kubectl(ctx, nil, "-n", namespace, "patch", "configmap", name, "--type=merge", "-p", string(patch))
	return err
}

// available waits for every Deployment of a namespace.
func (k kind) available(ctx context.Context, namespace string) error {
	_, err := k.kubectl(ctx, nil, "-n", namespace, "wait", "deployment", "--all", "--for=condition=Available", "--timeout=300s")
	return err
}

func (k kind) installServing(ctx context.Context) error {
	if err := k.applyReleased(ctx, "knative/serving", "serving-crds.yaml", "serving-core.yaml"); err != nil {
		return err
	}
	// Images with digests are resolved only by the node's containerd: inside a pod, nothing listens on localhost:5001.
	return k.configure(ctx, "knative-serving", "config-deployment", map[string]string{
		"registries-skipping-tag-resolving": kindRegistry,
		"queue-sidecar-cpu-request":         "10m",
		"queue-sidecar-memory-request":      "32Mi",
	})
}

func (k kind) installIngress(ctx context.Context) error {
	if err := k.applyReleased(ctx, "knative-extensions/net-kourier", "kourier.yaml"); err != nil {
		return err
	}
	err := k.configure(ctx, "knative-serving", "config-network", map[string]string{"ingress-class": "kourier.ingress.networking.knative.dev"})
	if err != nil {
		return err
	}
	if err := k.available(ctx, "knative-serving"); err != nil {
		return err
	}
	return k.available(ctx, "kourier-system")
}

func (k kind) installEventing(ctx context.Context) error {
	if err := k.applyReleased(ctx, "knative/eventing", "eventing-crds.yaml", "eventing-core.yaml"); err != nil {
		return err
	}
	return k.available(ctx, "knative-eventing")
}

// installKafka installs only the source, and makes its dispatcher, which requests a whole processor, fit a laptop.
func (k kind) installKafka(ctx context.Context) error {
	if err := k.applyReleased(ctx, "knative-extensions/eventing-kafka-broker", "eventing-kafka-controller.yaml", "eventing-kafka-source.yaml"); err != nil {
		return err
	}
	_, err := k.kubectl(ctx, nil, "-n", "knative-eventing", "set", "resources", "statefulset/kafka-source-dispatcher",
		"--containers=kafka-source-dispatcher", "--requests=cpu=100m,memory=256Mi", "--limits=cpu=1,memory=512Mi")
	if err != nil {
		return err
	}
	return k.available(ctx, "knative-eventing")
}

// installDapr leaves out what actors and workflows would need, and has pods replaced that the injector missed: after a
// restart of the node, some are created before the injector is running.
func (k kind) installDapr(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	_, err := run(ctx, nil, "helm", "upgrade", "--install", "dapr", "dapr", "--repo", "https://dapr.github.io/helm-charts/",
		"--version", k.versions.Dapr, "--namespace", "dapr-system", "--create-namespace", "--kubeconfig", k.Kubeconfig, "--wait",
		"--set", "global.actors.enabled=false", "--set", "global.scheduler.enabled=false", "--set", "dapr_dashboard.enabled=false",
		"--set", "dapr_operator.watchInterval=30s")
	return err
}

func (k kind) installPrometheusOperator(ctx context.Context) error {
	const releases = "https://github.com/prometheus-operator/prometheus-operator/releases/download/"
	if err := k.applyFile(ctx, releases+"v"+k.versions.PrometheusOperator+"/bundle.yaml"); err != nil {
		return err
	}
	return k.available(ctx, "default")
}

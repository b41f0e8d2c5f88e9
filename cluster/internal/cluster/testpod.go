package cluster

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"taskwire.dev/cluster/internal/image"
	"taskwire.dev/cluster/internal/release"
	"taskwire.dev/tools/manifest"
)

// testPod runs tests inside the cluster, where functions, servers and pods have names and addresses. It has kubectl
// and, unlike anything else in the namespace, the right to use it.
const testPod = "cluster-test"

// Test runs the tests of a folder in a pod, and copies their output to out.
func (t *Target) Test(ctx context.Context, folder string, out io.Writer, args ...string) error {
	made, err := t.testImage(ctx, folder)
	if err != nil {
		return err
	}
	defer t.forgetTest(context.WithoutCancel(ctx))
	t.forgetTest(ctx)
	content, err := manifest.Encode(t.testObjects(made, folder, append([]string{"-test.v", "-test.count=1", "-test.timeout=60m"}, args...)))
	if err != nil {
		return err
	}
	if err := t.apply(ctx, content); err != nil {
		return err
	}
	return t.follow(ctx, out)
}

// testImage has the tests, the documents that they compare with, the manifests of the releases that were made of this
// overlay, and the operators' tools: kubectl and migrate.
func (t *Target) testImage(ctx context.Context, folder string) (string, error) {
	archs, err := t.nodeArchitectures(ctx)
	if err != nil {
		return "", err
	}
	kubectl, err := exec.LookPath("kubectl")
	if err != nil {
		return "", err
	}
	if runtime.GOOS != "linux" || len(archs) != 1 || archs[0] != runtime.GOARCH {
		return "", fmt.Errorf("the tests take this machine's kubectl with them, which is for %s/%s, and the nodes are %s", runtime.GOOS, runtime.GOARCH, strings.Join(archs, ", "))
	}
	program := filepath.Join(state(t.options.Root), "bin", strings.ReplaceAll(folder, "/", "-")+".test")
	command := exec.CommandContext(ctx, "go", "test", "-c", "-o", program, "./"+folder)
	command.Dir, command.Env = t.options.Root, append(os.Environ(), "CGO_ENABLED=0")
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the tests of %s: %w\n%s", folder, err, tail(output))
	}
	migrate, err := compileMigrate(ctx, t.options, archs[0])
	if err != nil {
		return "", err
	}
	goroot, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return "", err
	}
	files := []image.File{
		{Path: "/repository/" + folder + "/tests", Source: program},
		{Path: "/bin/kubectl", Source: kubectl},
		{Path: "/bin/migrate", Source: migrate},
		{Path: "/zoneinfo.zip", Source: filepath.Join(strings.TrimSpace(string(goroot)), "lib", "time", "zoneinfo.zip")},
	}
	for _, document := range []string{"docs/openapi.yaml", "docs/asyncapi.yaml"} {
		files = append(files, image.File{Path: "/repository/" + document, Source: filepath.Join(t.options.Root, document)})
	}
	releases, err := filepath.Glob(filepath.Join(t.options.Root, "dist", "*", release.Manifest))
	if err != nil {
		return "", err
	}
	for _, path := range releases {
		version := filepath.Base(filepath.Dir(path))
		r, err := release.Open(t.options.Root, version)
		if err != nil {
			return "", err
		}
		if r.Environment == t.options.Environment {
			files = append(files, image.File{Path: "/repository/dist/" + version + "/" + release.Manifest, Source: path})
		}
	}
	made, err := image.Build(archs[0], nil, files...)
	if err != nil {
		return "", err
	}
	return image.Push(ctx, t.options.Registry+"/"+testPod+":"+filepath.Base(folder), made)
}

func (t *Target) testObjects(made, folder string, args []string) []manifest.Object {
	meta := func(more map[string]any) map[string]any {
		m := map[string]any{"name": testPod, "namespace": Namespace, "labels": map[string]any{"app.kubernetes.io/part-of": "taskwire", "app.kubernetes.io/name": testPod}}
		for key, value := range more {
			m[key] = value
		}
		return m
	}
	list := make([]any, len(args))
	for i, a := range args {
		list[i] = a
	}
	fromSecret := func(name, secret, key string) any {
		return map[string]any{"name": name, "valueFrom": map[string]any{"secretKeyRef": map[string]any{"name": secret, "key": key}}}
	}
	fromConfig := func(name, key string) any {
		return map[string]any{"name": name, "valueFrom": map[string]any{"configMapKeyRef": map[string]any{"name": configMap, "key": key}}}
	}
	return []manifest.Object{
		{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta(nil)},
		{
			"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": map[string]any{"name": "taskwire-" + testPod},
			"roleRef":  map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
			"subjects": []any{map[string]any{"kind": "ServiceAccount", "name": testPod, "namespace": Namespace}},
		},
		{
			"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta(nil),
			"spec": map[string]any{
				"podSelector": map[string]any{"matchLabels": map[string]any{"app.kubernetes.io/name": testPod}},
				"policyTypes": []any{"Egress"}, "egress": []any{map[string]any{}},
			},
		},
		{
			"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta(map[string]any{"name": testPod + "-may-read-traces"}),
			"spec": map[string]any{
				"podSelector": map[string]any{"matchLabels": map[string]any{"app.kubernetes.io/name": "jaeger"}},
				"policyTypes": []any{"Ingress"}, "ingress": []any{map[string]any{"from": []any{map[string]any{
					"podSelector": map[string]any{"matchLabels": map[string]any{"app.kubernetes.io/name": testPod}},
				}}}},
			},
		},
		{
			"apiVersion": "v1", "kind": "Pod", "metadata": meta(nil),
			"spec": map[string]any{
				"serviceAccountName": testPod, "restartPolicy": "Never",
				"containers": []any{map[string]any{
					"name": "tests", "image": made, "args": list, "workingDir": "/repository/" + folder,
					"env": []any{
						map[string]any{"name": "TASKWIRE_URL", "value": "http://gateway." + Namespace + ".svc.cluster.local"},
						map[string]any{"name": "TASKWIRE_CLUSTER", "value": "1"},
						map[string]any{"name": "ZONEINFO", "value": "/zoneinfo.zip"},
						map[string]any{"name": "PATH", "value": "/bin"},
						map[string]any{"name": "GOMEMLIMIT", "value": "2GiB"},
						fromSecret("TASKWIRE_DATABASE_URL", secretDatabase, owner),
						fromConfig("TASKWIRE_KAFKA_BROKERS", "KAFKA_BROKERS"),
						fromConfig("TASKWIRE_TRACES_URL", "JAEGER_QUERY_URL"),
						fromConfig("TASKWIRE_RULES_URL", "RULES_URL"),
						// Tokens with one wrong claim are signed like valid ones. The pod may read every secret anyway.
						fromSecret("TASKWIRE_SIGNING_KEY", secretSigning, "private-key"),
					},
					"resources": map[string]any{
						"requests": map[string]any{"cpu": "100m", "memory": "128Mi"},
						"limits":   map[string]any{"cpu": "2", "memory": "3Gi"},
					},
					"volumeMounts": []any{map[string]any{"name": "tmp", "mountPath": "/tmp"}},
					"securityContext": map[string]any{
						"runAsNonRoot": true, "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
						"capabilities": map[string]any{"drop": []any{"ALL"}}, "seccompProfile": map[string]any{"type": "RuntimeDefault"},
					},
				}},
				"volumes": []any{map[string]any{"name": "tmp", "emptyDir": map[string]any{}}},
			},
		},
	}
}

// forgetTest removes what a run leaves, above all its permissions.
func (t *Target) forgetTest(ctx context.Context) {
	_, _ = t.kubectl(ctx, nil, "delete", "clusterrolebinding", "taskwire-"+testPod, "--ignore-not-found")
	_, _ = t.kubectl(ctx, nil, "-n", Namespace, "delete", "--ignore-not-found", "--grace-period=1",
		"pod/"+testPod, "serviceaccount/"+testPod, "networkpolicy/"+testPod, "networkpolicy/"+testPod+"-may-read-traces")
}

// Package workload makes the Kubernetes objects of a function from its func.yaml, the same that `func deploy` makes, for
// manifests that are applied without func. A test compares them with what func sends to an API server.
package workload

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"taskwire.dev/tools/function"
	"taskwire.dev/tools/manifest"
)

// object is a part of one.
type object = map[string]any

// source is the func.yaml that objects are made from.
type source struct{ function.File }

// Options of the objects of one function.
type Options struct {
	Namespace string
	// Image is the image's name with its digest.
	Image string
	// Annotations are added to those of func.yaml, also to each pod.
	Annotations map[string]string
	// PodAnnotations are added to each pod only: a change of them replaces the pods.
	PodAnnotations map[string]string
}

// Read makes the objects of the function in a folder: a Knative Service, or for the raw deployer a Deployment and a
// Service. They differ from func's in four ways. BUILT, the variable by which func forces a new revision, is missing:
// a manifest must not change with the time. So are the Deployment's replicas, which belong to the autoscaler. And the
// Deployment has the resources of func.yaml, which func's raw deployer leaves out, and spreads its pods over nodes and zones.
func Read(dir string, o Options) ([]manifest.Object, error) {
	path := filepath.Join(dir, "func.yaml")
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f, err := function.ParseFile(content)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	objects, err := source{f}.objects(o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return objects, nil
}

func (f source) objects(o Options) ([]manifest.Object, error) {
	container, err := f.container(o.Image)
	if err != nil {
		return nil, err
	}
	volumes, mounts, err := f.volumes()
	if err != nil {
		return nil, err
	}
	if len(mounts) > 0 {
		container["volumeMounts"] = mounts
	}
	pod := object{"containers": []any{container}}
	if len(volumes) > 0 {
		pod["volumes"] = volumes
	}
	if f.Deploy.ServiceAccountName != "" {
		pod["serviceAccountName"] = f.Deploy.ServiceAccountName
	}
	if f.Deploy.ImagePullSecret != "" {
		pod["imagePullSecrets"] = []any{object{"name": f.Deploy.ImagePullSecret}}
	}
	if f.Raw() {
		return f.deployment(o, container, pod), nil
	}
	if c := f.Deploy.Options.Resources.Limits.Concurrency; c != nil {
		pod["containerConcurrency"] = *c
	}
	template := f.podAnnotations(o, "knative")
	maps.Copy(template, f.scale())
	return []manifest.Object{{
		"apiVersion": "serving.knative.dev/v1", "kind": "Service",
		"metadata": f.metadata(o, f.annotations(o, "knative")),
		"spec": object{"template": object{
			"metadata": object{"labels": f.labels(), "annotations": template},
			"spec":     pod,
		}},
	}}, nil
}

// deployment is what func's raw deployer makes.
func (f source) deployment(o Options, container, pod object) []manifest.Object {
	container["name"] = "user-container"
	container["ports"] = []any{object{"containerPort": port, "protocol": "TCP"}}
	annotations := f.annotations(o, function.RawDeployer)
	pod["topologySpreadConstraints"] = []any{f.spread("kubernetes.io/hostname"), f.spread("topology.kubernetes.io/zone")}
	return []manifest.Object{
		{
			"apiVersion": "apps/v1", "kind": "Deployment",
			"metadata": f.metadata(o, annotations),
			"spec": object{
				"selector": object{"matchLabels": f.labels()},
				"template": object{"metadata": object{"labels": f.labels(), "annotations": f.podAnnotations(o, function.RawDeployer)}, "spec": pod},
			},
		},
		{
			"apiVersion": "v1", "kind": "Service",
			"metadata": f.metadata(o, annotations),
			"spec": object{
				"type": "ClusterIP", "selector": f.labels(),
				"ports": []any{object{"name": "http", "port": 80, "targetPort": port, "protocol": "TCP"}},
			},
		},
	}
}

// spread keeps the pods of one version apart, so that the end of a node or a zone is not the end of all. Where there is only one,
// they still run.
func (f source) spread(over string) object {
	return object{
		"maxSkew": 1, "topologyKey": over, "whenUnsatisfiable": "ScheduleAnyway",
		"labelSelector":  object{"matchLabels": object{"function.knative.dev/name": f.Name}},
		"matchLabelKeys": []any{"pod-template-hash"},
	}
}

func (f source) metadata(o Options, annotations object) object {
	return object{"name": f.Name, "namespace": o.Namespace, "labels": f.labels(), "annotations": annotations}
}

func (f source) labels() object {
	labels := object{
		"boson.dev/function":        "true",
		"function.knative.dev/name": f.Name, "function.knative.dev/runtime": f.Runtime,
	}
	for _, label := range f.Deploy.Labels {
		labels[label.Key] = label.Value
	}
	return labels
}

// annotations begin with those that func adds where Dapr is installed; func.yaml replaces them.
func (f source) annotations(o Options, deployer string) object {
	all := object{
		"function.knative.dev/deployer": deployer,
		"dapr.io/app-id":                f.Name, "dapr.io/enabled": "true", "dapr.io/metrics-port": "9092", "dapr.io/app-port": "8080",
		"dapr.io/enable-api-logging": "true",
	}
	for _, more := range []map[string]string{f.Deploy.Annotations, o.Annotations} {
		for key, value := range more {
			all[key] = value
		}
	}
	return all
}

func (f source) podAnnotations(o Options, deployer string) object {
	all := f.annotations(o, deployer)
	for key, value := range o.PodAnnotations {
		all[key] = value
	}
	return all
}

// scale are the annotations of the autoscaler, which stand at the revision only.
func (f source) scale() object {
	scale, all := f.Deploy.Options.Scale, object{}
	for name, value := range map[string]*int64{"min-scale": scale.Min, "max-scale": scale.Max} {
		if value != nil {
			all["autoscaling.knative.dev/"+name] = strconv.FormatInt(*value, 10)
		}
	}
	for name, value := range map[string]*float64{"target": scale.Target, "target-utilization-percentage": scale.Utilization} {
		if value != nil {
			all["autoscaling.knative.dev/"+name] = fmt.Sprintf("%f", *value)
		}
	}
	if scale.Metric != "" {
		all["autoscaling.knative.dev/metric"] = scale.Metric
	}
	return all
}

// port is where func-go listens in a container.
const port = 8080

func (f source) container(image string) (object, error) {
	env, from, err := f.env()
	if err != nil {
		return nil, err
	}
	c := object{
		"image": image, "env": env,
		"livenessProbe":  probe(f.Deploy.HealthEndpoints.Liveness, "/health/liveness"),
		"readinessProbe": probe(f.Deploy.HealthEndpoints.Readiness, "/health/readiness"),
		"securityContext": object{
			"runAsNonRoot": true, "allowPrivilegeEscalation": false,
			"capabilities": object{"drop": []any{"ALL"}}, "seccompProfile": object{"type": "RuntimeDefault"},
		},
	}
	if len(from) > 0 {
		c["envFrom"] = from
	}
	resources := object{}
	for name, amounts := range map[string]function.Amounts{
		"requests": f.Deploy.Options.Resources.Requests, "limits": f.Deploy.Options.Resources.Limits.Amounts,
	} {
		if all := list(amounts); len(all) > 0 {
			resources[name] = all
		}
	}
	if len(resources) > 0 {
		c["resources"] = resources
	}
	return c, nil
}

func list(a function.Amounts) object {
	all := object{}
	if a.CPU != "" {
		all["cpu"] = a.CPU
	}
	if a.Memory != "" {
		all["memory"] = a.Memory
	}
	return all
}

func probe(path, byDefault string) object {
	if path == "" {
		path = byDefault
	}
	return object{"httpGet": object{"path": path, "port": port}}
}

// env are the variables, with ADDRESS as func adds it.
func (f source) env() (env, from []any, err error) {
	addressed := false
	for _, v := range f.Run.Envs {
		addressed = addressed || v.Name == "ADDRESS"
		if !strings.HasPrefix(v.Value, "{{") {
			if v.Name == "" {
				return nil, nil, fmt.Errorf("run.envs: %q has no name", v.Value)
			}
			variable := object{"name": v.Name}
			if v.Value != "" {
				variable["value"] = v.Value
			}
			env = append(env, variable)
			continue
		}
		parts := strings.Split(strings.Trim(v.Value, "{} "), ":")
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		switch {
		case v.Name == "" && len(parts) == 2 && parts[0] == "secret":
			from = append(from, object{"secretRef": object{"name": parts[1]}})
		case v.Name == "" && len(parts) == 2 && parts[0] == "configMap":
			from = append(from, object{"configMapRef": object{"name": parts[1]}})
		case v.Name != "" && len(parts) == 3 && (parts[0] == "secret" || parts[0] == "configMap"):
			env = append(env, object{"name": v.Name, "valueFrom": object{
				parts[0] + "KeyRef": object{"name": parts[1], "key": parts[2]},
			}})
		default:
			return nil, nil, fmt.Errorf("run.envs: %s: %q is neither a key of a secret nor of a config map", v.Name, v.Value)
		}
	}
	if !addressed {
		env = append(env, object{"name": "ADDRESS", "value": "0.0.0.0"})
	}
	return env, from, nil
}

// volumes are the files of secrets and config maps.
func (f source) volumes() (volumes, mounts []any, err error) {
	made := map[string]bool{}
	for _, v := range f.Run.Volumes {
		var name string
		var source object
		switch {
		case v.Secret != "" && v.ConfigMap == "":
			name, source = "secret-"+v.Secret, object{"secret": object{"secretName": v.Secret}}
		case v.ConfigMap != "" && v.Secret == "":
			name, source = "config-map-"+v.ConfigMap, object{"configMap": object{"name": v.ConfigMap}}
		default:
			return nil, nil, fmt.Errorf("run.volumes: want a secret or a configMap at %s", v.Path)
		}
		if !made[name] {
			made[name] = true
			source["name"] = name
			volumes = append(volumes, source)
		}
		mounts = append(mounts, object{"name": name, "mountPath": v.Path})
	}
	return volumes, mounts, nil
}

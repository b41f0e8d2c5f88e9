package manifests

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

const (
	namespace    = "taskwire"
	visibility   = "networking.knative.dev/visibility"
	clusterLocal = "cluster-local"
	fullDuplex   = "features.knative.dev/http-full-duplex"
	// gateway is the one function that is reachable from outside.
	gateway = "gateway"
)

// checkFunctions: func accepts a func.yaml without any of this, and then the defaults are unbounded.
func checkFunctions(s *Set, p *problems) {
	for _, f := range s.Functions {
		id := "Function/" + f.Name
		health := f.Deploy.HealthEndpoints
		if health.Liveness == "" || health.Readiness == "" {
			p.add(id, "has no healthEndpoints: requests would arrive before it is ready")
		}
		resources := f.Deploy.Options.Resources
		if resources.Requests.CPU == "" || resources.Requests.Memory == "" {
			p.add(id, "has no requests for cpu and memory")
		}
		if resources.Limits.CPU == "" || resources.Limits.Memory == "" {
			p.add(id, "has no limits for cpu and memory")
		}
		scale := f.Deploy.Options.Scale
		switch {
		case scale.Min == nil || scale.Max == nil:
			p.add(id, "has no bounds: scale needs min and max")
		case *scale.Max < 1:
			p.add(id, "scale.max is %d, which has no bound", *scale.Max)
		case *scale.Min > *scale.Max:
			p.add(id, "scale.min %d is more than scale.max %d", *scale.Min, *scale.Max)
		case f.Raw() && *scale.Min < 1:
			p.add(id, "is deployed raw and cannot scale to zero: scale.min must be 1 or more")
		}
		if f.Name == gateway && !f.Raw() {
			p.add(id, "is not deployed raw: a stream lives longer than a request of a Knative Service may")
		}
		if !f.Raw() && f.Label(visibility) != clusterLocal {
			p.add(id, "is not cluster-local: the gateway is the one front door")
		}
		if !f.Raw() && f.Deploy.Annotations[fullDuplex] != "Enabled" {
			p.add(id, "has no %s: Enabled, so a refusal could wait for the rest of its body", fullDuplex)
		}
		if f.Label("app.kubernetes.io/part-of") != "taskwire" {
			p.add(id, "is not labelled app.kubernetes.io/part-of: taskwire")
		}
		if _, ok := f.Deploy.Annotations["dapr.io/enabled"]; !ok {
			p.add(id, "does not say dapr.io/enabled: func would give it a sidecar wherever Dapr is installed")
		}
		if f.Deploy.ImagePullSecret != "" {
			p.add(id, "names an imagePullSecret, which belongs to an environment")
		}
	}
}

// queueProxy are the ports that Knative's queue-proxy owns in each pod.
var queueProxy = []int32{8012, 8013, 8022, 8112, 9090, 9091}

const (
	sidecarCPU    = "300m"
	sidecarMemory = "256Mi"
)

// checkSidecars: Dapr's injector ignores an annotation that it does not know or cannot parse.
func checkSidecars(s *Set, p *problems) {
	for _, f := range s.Functions {
		id := "Function/" + f.Name
		for key, value := range f.Deploy.Annotations {
			if !strings.HasPrefix(key, "dapr.io/") {
				continue
			}
			if err := parseAnnotation(key, value); err != nil {
				p.add(id, "%v", err)
			}
		}
		if !f.Sidecar() {
			continue
		}
		if err := validAppID(f.Deploy.Annotations["dapr.io/app-id"]); err != nil {
			p.add(id, "dapr.io/app-id: %v", err)
		} else if f.Deploy.Annotations["dapr.io/app-id"] != f.Name {
			p.add(id, "dapr.io/app-id is not its name: scopes in dapr/ name functions")
		}
		sidecar := injected(f)
		if slices.Contains(queueProxy, sidecar.SidecarMetricsPort) {
			p.add(id, "dapr.io/metrics-port %d is queue-proxy's", sidecar.SidecarMetricsPort)
		}
		if !has(s, "Configuration", sidecar.Config) {
			p.add(id, "dapr.io/config %q is no Configuration in dapr/", sidecar.Config)
		}
		if !sidecar.EnableNativeSidecar {
			p.add(id, "has no dapr.io/enable-native-sidecar: the sidecar could end before the function has published its last")
		}
		if !within(sidecar.SidecarCPULimit, sidecarCPU) || !within(sidecar.SidecarMemoryLimit, sidecarMemory) ||
			sidecar.SidecarCPURequest == "" || sidecar.SidecarMemoryRequest == "" {
			p.add(id, "the sidecar's resources must be set, with limits of %s and %s at most", sidecarCPU, sidecarMemory)
		}
		if sidecar.AppPort != 0 && sidecar.AppTokenSecret == "" {
			p.add(id, "is called by its sidecar and has no dapr.io/app-token-secret")
		}
		if sidecar.AppPort != 0 && sidecar.AppTokenSecret != "" && !f.knowsCaller(sidecar.AppTokenSecret) {
			p.add(id, "cannot know its sidecar: it needs APP_API_TOKEN of %s, which Dapr gives to the sidecar only, or TRUST_MESH", sidecar.AppTokenSecret)
		}
		if !f.knowsAPIToken(sidecar.APITokenSecret) {
			p.add(id, "needs dapr.io/api-token-secret, and DAPR_API_TOKEN of the same secret, which Dapr gives to the sidecar only")
		}
		if sidecar.AppPort != 0 && sidecar.AppPort != 8080 {
			p.add(id, "dapr.io/app-port is %d, and functions listen on 8080", sidecar.AppPort)
		}
		if f.Deploy.ServiceAccountName != "" && !sidecar.DisableBuiltinK8sSecretStore {
			p.add(id, "its account has no token, and Dapr's own secret store needs one: set dapr.io/disable-builtin-k8s-secret-store")
		}
	}
}

// knowsCaller says whether the function can tell its sidecar from others, or need not.
func (f Function) knowsCaller(secret string) bool {
	return slices.ContainsFunc(f.env(), func(e corev1.EnvVar) bool {
		if e.ValueFrom == nil {
			return false
		}
		return e.Name == "TRUST_MESH" || e.Name == "APP_API_TOKEN" && isToken(e, secret)
	})
}

// knowsAPIToken says whether the function has the token that its sidecar asks for.
func (f Function) knowsAPIToken(secret string) bool {
	return secret != "" && slices.ContainsFunc(f.env(), func(e corev1.EnvVar) bool {
		return e.Name == "DAPR_API_TOKEN" && e.ValueFrom != nil && isToken(e, secret)
	})
}

// isToken says whether the variable has the token in a secret, under the key that Dapr's injector takes.
func isToken(e corev1.EnvVar, secret string) bool {
	ref := e.ValueFrom.SecretKeyRef
	return ref != nil && ref.Name == secret && ref.Key == "token"
}

// within says whether a quantity is set and not above a limit.
func within(text, limit string) bool {
	q, err := resource.ParseQuantity(text)
	return err == nil && q.Cmp(resource.MustParse(limit)) <= 0
}

// has says whether the set has such an object.
func has(s *Set, kind, name string) bool {
	return slices.ContainsFunc(s.Objects, func(o Object) bool { return o.Kind == kind && o.Name == name })
}

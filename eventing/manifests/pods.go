package manifests

import (
	"regexp"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// workload is an object that makes pods.
type workload struct {
	ID       string
	Selector *metav1.LabelSelector
	Labels   map[string]string
	Pod      corev1.PodSpec
}

func pods(s *Set) []workload {
	var found []workload
	for _, o := range all[appsv1.Deployment](s) {
		found = append(found, workload{o.ID(), o.V.Spec.Selector, o.V.Spec.Template.Labels, o.V.Spec.Template.Spec})
	}
	for _, o := range all[appsv1.StatefulSet](s) {
		found = append(found, workload{o.ID(), o.V.Spec.Selector, o.V.Spec.Template.Labels, o.V.Spec.Template.Spec})
	}
	for _, o := range all[batchv1.Job](s) {
		found = append(found, workload{o.ID(), nil, o.V.Spec.Template.Labels, o.V.Spec.Template.Spec})
	}
	for _, o := range all[batchv1.CronJob](s) {
		template := o.V.Spec.JobTemplate.Spec.Template
		found = append(found, workload{o.ID(), nil, template.Labels, template.Spec})
	}
	return found
}

var (
	// tagged is an image with a version or a digest.
	tagged = regexp.MustCompile(`^[^\s@]+(:[\w][\w.-]*)(@sha256:[0-9a-f]{64})?$|^[^\s@]+@sha256:[0-9a-f]{64}$`)
	latest = regexp.MustCompile(`:latest(@|$)`)
)

// ownImages is the prefix of images that make deploy builds, and replaces by their digests.
const ownImages = "taskwire/"

// byTag are tools of a laptop's cluster whose digests could not be confirmed. None is in the production overlay.
var byTag = []string{"redpandadata/console", "otel/opentelemetry-collector-contrib"}

// imageName is an image's name without tag and digest.
func imageName(image string) string {
	image, _, _ = strings.Cut(image, "@")
	name, _, _ := strings.Cut(image, ":")
	return name
}

// checkPods: what runs is known, bounded, and can do little harm.
func checkPods(s *Set, p *problems) {
	for _, w := range pods(s) {
		if !accountWithoutToken(s, w.Pod) {
			p.add(w.ID, "gets a token for the Kubernetes API: use an account with automountServiceAccountToken: false")
		}
		if sc := w.Pod.SecurityContext; sc == nil || sc.RunAsNonRoot == nil || !*sc.RunAsNonRoot || sc.SeccompProfile == nil {
			p.add(w.ID, "must run as non-root, with a seccomp profile")
		}
		for _, c := range slices.Concat(w.Pod.InitContainers, w.Pod.Containers) {
			switch {
			case !tagged.MatchString(c.Image):
				p.add(w.ID, "image %q has no tag: what runs would change unnoticed", c.Image)
			case latest.MatchString(c.Image):
				p.add(w.ID, "image %q is latest: what runs would change unnoticed", c.Image)
			case !strings.HasPrefix(c.Image, ownImages) && !slices.Contains(byTag, imageName(c.Image)) && !strings.Contains(c.Image, "@sha256:"):
				p.add(w.ID, "image %q has no digest: a registry may put another image under its tag", c.Image)
			}
			if sc := c.SecurityContext; sc == nil || sc.AllowPrivilegeEscalation == nil || *sc.AllowPrivilegeEscalation {
				p.add(w.ID, "container %s may gain privileges", c.Name)
			}
			if c.Resources.Requests.Memory().IsZero() || c.Resources.Limits.Memory().IsZero() || c.Resources.Requests.Cpu().IsZero() {
				p.add(w.ID, "container %s has no bounds: requests for cpu and memory, and a limit for memory", c.Name)
			}
		}
		if w.Selector != nil {
			if selector, err := metav1.LabelSelectorAsSelector(w.Selector); err != nil || !selector.Matches(labels.Set(w.Labels)) {
				p.add(w.ID, "its selector does not choose its own pods")
			}
		}
	}
}

func accountWithoutToken(s *Set, pod corev1.PodSpec) bool {
	if a := pod.AutomountServiceAccountToken; a != nil {
		return !*a
	}
	for _, o := range all[corev1.ServiceAccount](s) {
		if o.Name == pod.ServiceAccountName && o.V.AutomountServiceAccountToken != nil {
			return !*o.V.AutomountServiceAccountToken
		}
	}
	return false
}

// checkExposure: from outside only the gateway can be reached.
func checkExposure(s *Set, p *problems) {
	for _, o := range all[corev1.Service](s) {
		if o.V.Spec.Type == corev1.ServiceTypeNodePort || o.V.Spec.Type == corev1.ServiceTypeLoadBalancer {
			if o.V.Spec.Selector["function.knative.dev/name"] != gateway {
				p.add(o.ID(), "is a %s of something else than the gateway: the gateway is the one front door", o.V.Spec.Type)
			}
		}
	}
}

// checkScaling: an autoscaler and a budget are about something that exists.
func checkScaling(s *Set, p *problems) {
	for _, o := range all[autoscalingv2.HorizontalPodAutoscaler](s) {
		f, ok := s.function(o.V.Spec.ScaleTargetRef.Name)
		if !ok || !f.Raw() {
			p.add(o.ID(), "scales %s, which is no function that is deployed raw: Knative scales the others", o.V.Spec.ScaleTargetRef.Name)
			continue
		}
		if o.V.Spec.MaxReplicas > int32(*f.Deploy.Options.Scale.Max) {
			p.add(o.ID(), "maxReplicas %d is more than scale.max %d of its func.yaml", o.V.Spec.MaxReplicas, *f.Deploy.Options.Scale.Max)
		}
	}
	for _, o := range all[policyv1.PodDisruptionBudget](s) {
		name := o.V.Spec.Selector.MatchLabels["function.knative.dev/name"]
		if _, ok := s.function(name); !ok {
			p.add(o.ID(), "is about %q, which is no function of this repository", name)
		}
		if o.V.Spec.MinAvailable != nil {
			p.add(o.ID(), "counts minAvailable: with one replica its node could never be drained")
		}
	}
}

// checkNamespace: an object without one would land wherever the caller's context points.
func checkNamespace(s *Set, p *problems) {
	for _, o := range s.Objects {
		if o.Kind == "Namespace" {
			if o.Labels["pod-security.kubernetes.io/enforce"] == "" {
				p.add(o.ID(), "does not enforce a pod security standard")
			}
			continue
		}
		if strings.HasPrefix(o.Kind, "Cluster") {
			continue // belongs to no namespace
		}
		if o.Namespace != namespace {
			p.add(o.ID(), "is in the namespace %q, not in %s", o.Namespace, namespace)
		}
	}
}

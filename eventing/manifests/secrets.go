package manifests

import (
	"regexp"
	"slices"
	"strings"

	componentsv1alpha1 "github.com/dapr/dapr/pkg/apis/components/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
)

// checkReferences: what is referred to is documented, and what is in the config maps of this repository exists.
func checkReferences(s *Set, p *problems) {
	s.eachReference(func(id string, r reference) {
		if !s.Documented.knows(r) {
			p.add(id, "%s is not described in docs/operations.md", r)
			return
		}
		for _, o := range all[corev1.ConfigMap](s) {
			if r.kind != "ConfigMap" || o.Name != r.name || r.key == "" {
				continue
			}
			if _, ok := o.V.Data[r.key]; !ok {
				p.add(id, "%s is not there", r)
			}
		}
	})
}

// References are all keys that are referred to, as "Secret/name/key", and those of Taskwire's config map itself.
func References(s *Set) []string {
	var found []string
	s.eachReference(func(_ string, r reference) {
		found = append(found, r.kind+"/"+r.name+"/"+r.key)
	})
	return found
}

// eachReference calls f with each reference and the object or function that makes it.
func (s *Set) eachReference(check func(id string, r reference)) {
	for _, f := range s.Functions {
		for _, r := range f.references() {
			check("Function/"+f.Name, r)
		}
	}
	for _, w := range pods(s) {
		for _, r := range podReferences(w.Pod) {
			check(w.ID, r)
		}
	}
	for _, o := range all[KafkaSource](s) {
		n := o.V.Spec.Net
		for _, v := range []SecretValue{n.SASL.User, n.SASL.Password, n.SASL.Type, n.TLS.CACert, n.TLS.Cert, n.TLS.Key} {
			if v.SecretKeyRef != nil {
				check(o.ID(), reference{"Secret", v.SecretKeyRef.Name, v.SecretKeyRef.Key})
			}
		}
	}
	for _, o := range all[componentsv1alpha1.Component](s) {
		for _, m := range o.V.Spec.Metadata {
			if m.SecretKeyRef.Name != "" {
				check(o.ID(), reference{"Secret", m.SecretKeyRef.Name, m.SecretKeyRef.Key})
			}
		}
	}
	for _, o := range all[networkingv1.Ingress](s) {
		for _, t := range o.V.Spec.TLS {
			check(o.ID(), reference{"Secret", t.SecretName, ""})
		}
	}
}

// podReferences are the secrets and config maps that a pod reads its variables from.
func podReferences(pod corev1.PodSpec) []reference {
	var found []reference
	for _, c := range slices.Concat(pod.InitContainers, pod.Containers) {
		for _, e := range c.Env {
			switch {
			case e.ValueFrom == nil:
			case e.ValueFrom.SecretKeyRef != nil:
				found = append(found, reference{"Secret", e.ValueFrom.SecretKeyRef.Name, e.ValueFrom.SecretKeyRef.Key})
			case e.ValueFrom.ConfigMapKeyRef != nil:
				found = append(found, reference{"ConfigMap", e.ValueFrom.ConfigMapKeyRef.Name, e.ValueFrom.ConfigMapKeyRef.Key})
			}
		}
		for _, e := range c.EnvFrom {
			if e.SecretRef != nil {
				found = append(found, reference{"Secret", e.SecretRef.Name, ""})
			}
		}
	}
	for _, v := range pod.Volumes {
		if v.Secret != nil {
			found = append(found, reference{"Secret", v.Secret.SecretName, ""})
		}
	}
	return found
}

var (
	// secretName is what a variable or a setting is called whose value nobody may read.
	secretName = regexp.MustCompile(`(?i)(password|passwd|secret|token|private.?key|api.?key|credential)`)
	// secretValue are values that are secret whatever they are called: a PEM key, or a password in an address.
	secretValue = regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----|[a-z][a-z0-9+.-]*://[^/@\s:]*:[^/@\s$]+@`)
)

// checkSecrets: git holds references, never values. (In an image's environment a value would be baked in.)
func checkSecrets(s *Set, p *problems) {
	literal := func(id, where, name, value string) {
		if value == "" || strings.HasPrefix(strings.TrimSpace(value), "{{") {
			return
		}
		if secretName.MatchString(name) || secretValue.MatchString(value) {
			p.add(id, "%s %s holds a secret itself, not a reference to one", where, name)
		}
	}
	for _, f := range s.Functions {
		for _, v := range f.Run.Envs {
			literal("Function/"+f.Name, "variable", v.Name, v.Value)
		}
	}
	for _, w := range pods(s) {
		for _, c := range slices.Concat(w.Pod.InitContainers, w.Pod.Containers) {
			for _, e := range c.Env {
				literal(w.ID, "variable", e.Name, e.Value)
			}
		}
	}
	for _, o := range all[componentsv1alpha1.Component](s) {
		for _, m := range o.V.Spec.Metadata {
			literal(o.ID(), "metadata", m.Name, m.Value.String())
		}
	}
	for _, o := range all[corev1.ConfigMap](s) {
		for key, value := range o.V.Data {
			literal(o.ID(), "key", key, value)
		}
	}
	for _, o := range all[corev1.Secret](s) {
		if !holdsMechanism(o.V) {
			p.add(o.ID(), "is a secret in git")
		}
	}
}

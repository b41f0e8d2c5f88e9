package manifests

import (
	"slices"

	componentsv1alpha1 "github.com/dapr/dapr/pkg/apis/components/v1alpha1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// mechanisms are SCRAM's names in Dapr's words, which takes any other for PLAIN without saying so. Knative and rpk say
// SCRAM-SHA-512.
var mechanisms = []string{"SHA-256", "SHA-512"}

// knativeMechanism is the key of the secret in Knative's words.
const knativeMechanism = "saslType"

// checkLogin: everybody logs in to the broker, or nobody, each in its own words.
func checkLogin(s *Set, p *problems) {
	with, without := []string{}, []string{}
	note := func(id string, logsIn bool) {
		if logsIn {
			with = append(with, id)
		} else {
			without = append(without, id)
		}
	}
	for _, o := range all[KafkaSource](s) {
		sasl, tls := o.V.Spec.Net.SASL, o.V.Spec.Net.TLS
		note(o.ID(), sasl.Enable)
		if !sasl.Enable {
			continue
		}
		if !tls.Enable {
			p.add(o.ID(), "sends its password without TLS")
		}
		if sasl.User.SecretKeyRef == nil || sasl.Password.SecretKeyRef == nil {
			p.add(o.ID(), "logs in without a user and a password")
		}
		switch ref := sasl.Type.SecretKeyRef; {
		case ref == nil:
			p.add(o.ID(), "has no net.sasl.type: Knative would take PLAIN")
		case ref.Key != knativeMechanism:
			p.add(o.ID(), "net.sasl.type is the key %s: Knative's name of the mechanism, SCRAM-SHA-512, is %s", ref.Key, knativeMechanism)
		}
	}
	for _, o := range all[componentsv1alpha1.Component](s) {
		if o.V.Spec.Type != "pubsub.kafka" {
			continue
		}
		metadata := map[string]string{}
		for _, m := range o.V.Spec.Metadata {
			metadata[m.Name] = m.Value.String()
		}
		mechanism, named := metadata["saslMechanism"]
		_, user := metadata["saslUsername"]
		_, password := metadata["saslPassword"]
		note(o.ID(), named || user || password)
		if !named && !user && !password {
			continue
		}
		if !slices.Contains(mechanisms, mechanism) {
			p.add(o.ID(), "saslMechanism %q: Dapr knows SHA-256 and SHA-512, and takes any other for PLAIN", mechanism)
		}
		if !user || !password {
			p.add(o.ID(), "logs in without a user and a password")
		}
		if metadata["disableTls"] == "true" || metadata["skipVerify"] == "true" {
			p.add(o.ID(), "sends its password without TLS, or to anybody")
		}
	}
	for _, o := range all[batchv1.Job](s) {
		for _, c := range o.V.Spec.Template.Spec.Containers {
			checkRPK(o.ID(), c, note, p)
		}
	}
	if len(with) > 0 && len(without) > 0 {
		p.add(without[0], "does not log in to the broker, and %s does", with[0])
	}
}

// checkRPK looks at a container that runs rpk.
func checkRPK(id string, c corev1.Container, note func(string, bool), p *problems) {
	env := map[string]corev1.EnvVar{}
	for _, e := range c.Env {
		env[e.Name] = e
	}
	if _, ok := env["RPK_BROKERS"]; !ok {
		return
	}
	mechanism, named := env["RPK_SASL_MECHANISM"]
	note(id, named)
	if !named {
		return
	}
	if env["RPK_TLS_ENABLED"].Value != "true" {
		p.add(id, "sends its password without TLS")
	}
	if from := mechanism.ValueFrom; from == nil || from.SecretKeyRef == nil || from.SecretKeyRef.Key != knativeMechanism {
		p.add(id, "RPK_SASL_MECHANISM is not the key %s, where the mechanism is written as rpk does: SCRAM-SHA-512", knativeMechanism)
	}
	if env["RPK_USER"].ValueFrom == nil || env["RPK_PASS"].ValueFrom == nil {
		p.add(id, "logs in without a user and a password")
	}
}

package manifests

import (
	"slices"

	componentsv1alpha1 "github.com/dapr/dapr/pkg/apis/components/v1alpha1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// mechanisms are the ways to log in that Knative, rpk, Dapr and dead-letter all have, each with Dapr's name of it; Dapr takes
// any other name for PLAIN without saying so. OAUTHBEARER is not among them: KafkaSource 1.23 gets tokens only from Amazon's
// IAM, Dapr and rpk by other ways.
var mechanisms = map[string]string{"SCRAM-SHA-512": "SHA-512", "SCRAM-SHA-256": "SHA-256", "PLAIN": "PLAINTEXT"}

const (
	// mechanismKey is the key of taskwire-config with the mechanism, for the Jobs and dead-letter.
	mechanismKey = "KAFKA_SASL_TYPE"
	// mechanismSecret has the same for KafkaSource, which reads it from a Secret only, under the key saslType.
	mechanismSecret = "taskwire-kafka-mechanism"
	saslType        = "saslType"
)

// checkLogin: everybody logs in to the broker in the same way, or nobody, each in its own words.
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
		note(o.ID(), o.V.Spec.Net.SASL.Enable)
		checkSourceLogin(o.ID(), o.V.Spec.Net, p)
	}
	mechanism := ""
	for _, o := range all[corev1.ConfigMap](s) {
		if o.Name == configName {
			mechanism = o.V.Data[mechanismKey]
			note(o.ID(), o.V.Data["KAFKA_AUTH_TYPE"] == "password")
		}
	}
	for _, o := range all[componentsv1alpha1.Component](s) {
		if o.V.Spec.Type == "pubsub.kafka" {
			note(o.ID(), checkSidecarLogin(o.ID(), o.V, mechanism, p))
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
	if len(with) > 0 {
		checkMechanism(s, mechanism, p)
	}
}

func checkSourceLogin(id string, net KafkaNet, p *problems) {
	if !net.SASL.Enable {
		return
	}
	if !net.TLS.Enable {
		p.add(id, "sends its password without TLS")
	}
	if net.SASL.User.SecretKeyRef == nil || net.SASL.Password.SecretKeyRef == nil {
		p.add(id, "logs in without a user and a password")
	}
	switch ref := net.SASL.Type.SecretKeyRef; {
	case ref == nil:
		p.add(id, "has no net.sasl.type: Knative would take PLAIN")
	case ref.Name != mechanismSecret || ref.Key != saslType:
		p.add(id, "net.sasl.type is the key %s of %s: the mechanism is %s of %s", ref.Key, ref.Name, saslType, mechanismSecret)
	}
}

// checkSidecarLogin reports whether the component logs in.
func checkSidecarLogin(id string, c *componentsv1alpha1.Component, mechanism string, p *problems) bool {
	metadata := map[string]string{}
	for _, m := range c.Spec.Metadata {
		metadata[m.Name] = m.Value.String()
	}
	own, named := metadata["saslMechanism"]
	_, user := metadata["saslUsername"]
	_, password := metadata["saslPassword"]
	if !named && !user && !password {
		return false
	}
	if wanted := mechanisms[mechanism]; own != wanted {
		p.add(id, "saslMechanism %q: Dapr's name of %q is %q, and it takes a name that it does not know for PLAIN", own, mechanism, wanted)
	}
	if !user || !password {
		p.add(id, "logs in without a user and a password")
	}
	if metadata["authType"] != "password" {
		p.add(id, "authType is %q: with a login it is password, which turns TLS on as well", metadata["authType"])
	}
	if metadata["disableTls"] == "true" || metadata["skipVerify"] == "true" {
		p.add(id, "sends its password without TLS, or to anybody")
	}
	return true
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
	if fromConfig(mechanism) != mechanismKey {
		p.add(id, "RPK_SASL_MECHANISM is not the key %s of %s", mechanismKey, configName)
	}
	if env["RPK_USER"].ValueFrom == nil || env["RPK_PASS"].ValueFrom == nil {
		p.add(id, "logs in without a user and a password")
	}
}

// checkMechanism compares the mechanism of taskwire-config with that of KafkaSource's Secret.
func checkMechanism(s *Set, mechanism string, p *problems) {
	if _, ok := mechanisms[mechanism]; !ok {
		p.add("ConfigMap/"+configName, "%s is %q: KafkaSource, Dapr and rpk all have SCRAM-SHA-512, SCRAM-SHA-256 and PLAIN only", mechanismKey, mechanism)
	}
	secrets := all[corev1.Secret](s)
	at := slices.IndexFunc(secrets, func(o typed[corev1.Secret]) bool { return o.Name == mechanismSecret })
	if at < 0 {
		p.add("Secret/"+mechanismSecret, "is not there, and KafkaSources log in")
	} else if got := secrets[at].V.StringData[saslType]; got != mechanism {
		p.add(secrets[at].ID(), "%s is %q, and %s of %s is %q", saslType, got, mechanismKey, configName, mechanism)
	}
}

// holdsMechanism reports whether a Secret holds nothing but the public name of a mechanism.
func holdsMechanism(secret *corev1.Secret) bool {
	_, known := mechanisms[secret.StringData[saslType]]
	return secret.Name == mechanismSecret && known && len(secret.StringData) == 1 && len(secret.Data) == 0
}

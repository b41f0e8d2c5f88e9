package manifests

import (
	"net"
	"slices"
	"strings"

	componentsv1alpha1 "github.com/dapr/dapr/pkg/apis/components/v1alpha1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
)

const (
	// servers is the annotation of a policy with the addresses that its ports are for, separated by commas.
	servers = "taskwire.dev/servers"
	// brokersKey is the key of taskwire-config with the broker's addresses.
	brokersKey = "KAFKA_BROKERS"
	configName = "taskwire-config"
)

// reaching are the policies about servers, which may be anywhere.
var reaching = []string{"may-reach-database", "may-reach-redis", "may-reach-broker", "migrations-may-reach-database", "restore-may-reach-redis", "jobs-may-reach-broker"}

// checkAddresses: each server has one address, wherever it is written, and its policies allow that address's port. A port
// that was forgotten (9096 for Amazon MSK, 6380 for Redis on Azure) makes every connection time out.
func checkAddresses(s *Set, p *problems) {
	of := map[string]string{}
	for _, o := range all[networkingv1.NetworkPolicy](s) {
		if !slices.Contains(reaching, o.Name) {
			continue
		}
		of[o.Name] = o.Annotations[servers]
		if of[o.Name] == "" {
			p.add(o.ID(), "does not say for which servers its ports are: it needs the annotation %s", servers)
			continue
		}
		wanted, err := portsOf(of[o.Name])
		if err != nil {
			p.add(o.ID(), "%s: %v", servers, err)
			continue
		}
		if allowed := egressPorts(o.V); !slices.Equal(allowed, wanted) {
			p.add(o.ID(), "allows the ports %v, and %s has %v", allowed, of[o.Name], wanted)
		}
	}
	for _, name := range reaching {
		if _, ok := of[name]; !ok {
			p.add("NetworkPolicy/"+name, "is not there")
		}
	}
	same := func(id, field, address, policy string) {
		if wanted := of[policy]; wanted != "" && address != wanted {
			p.add(id, "%s is %q, and %s is for %s", field, address, policy, wanted)
		}
	}
	for _, o := range all[KafkaSource](s) {
		same(o.ID(), "bootstrapServers", strings.Join(o.V.Spec.BootstrapServers, ","), "may-reach-broker")
	}
	for _, o := range all[corev1.ConfigMap](s) {
		if o.Name == configName {
			same(o.ID(), brokersKey, o.V.Data[brokersKey], "may-reach-broker")
			same(o.ID(), brokersKey, o.V.Data[brokersKey], "jobs-may-reach-broker")
		}
	}
	for _, o := range all[componentsv1alpha1.Component](s) {
		for _, m := range o.V.Spec.Metadata {
			switch {
			case o.V.Spec.Type == "pubsub.kafka" && m.Name == "brokers":
				same(o.ID(), m.Name, m.Value.String(), "may-reach-broker")
			case o.V.Spec.Type == "state.redis" && m.Name == "redisHost":
				same(o.ID(), m.Name, m.Value.String(), "may-reach-redis")
			}
		}
	}
	for _, o := range all[batchv1.Job](s) {
		for _, c := range o.V.Spec.Template.Spec.Containers {
			for _, e := range c.Env {
				if ref := fromConfig(e); e.Name == "RPK_BROKERS" && ref != brokersKey {
					p.add(o.ID(), "RPK_BROKERS is not the key %s of %s", brokersKey, configName)
				}
			}
		}
	}
}

// fromConfig gives the key of taskwire-config that a variable refers to, if it does.
func fromConfig(e corev1.EnvVar) string {
	if e.ValueFrom == nil || e.ValueFrom.ConfigMapKeyRef == nil || e.ValueFrom.ConfigMapKeyRef.Name != configName {
		return ""
	}
	return e.ValueFrom.ConfigMapKeyRef.Key
}

// portsOf gives the ports of addresses that commas separate, each once.
func portsOf(addresses string) ([]string, error) {
	var found []string
	for address := range strings.SplitSeq(addresses, ",") {
		_, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		found = append(found, port)
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

func egressPorts(policy *networkingv1.NetworkPolicy) []string {
	var found []string
	for _, rule := range policy.Spec.Egress {
		for _, port := range rule.Ports {
			if port.Port != nil {
				found = append(found, port.Port.String())
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

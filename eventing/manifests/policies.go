package manifests

import (
	"regexp"
	"slices"
	"strings"

	componentsv1alpha1 "github.com/dapr/dapr/pkg/apis/components/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// address is a key of taskwire-config by which a function calls another.
var address = regexp.MustCompile(`^([A-Z_]+)_URL$`)

// needs are the policies that let a function reach something, and how its func.yaml or dapr/ shows that it does.
var needs = []struct {
	policy string
	of     func(*Set, Function) bool
}{
	{"may-reach-database", func(_ *Set, f Function) bool { return f.uses("Secret", "taskwire-database", nil) }},
	{"may-reach-redis", func(s *Set, f Function) bool {
		return f.uses("Secret", "taskwire-redis", nil) || scoped(s, f, "state.redis")
	}},
	{"may-reach-broker", func(s *Set, f Function) bool {
		return f.uses("Secret", "taskwire-kafka", nil) || scoped(s, f, "pubsub.kafka")
	}},
	{"may-call-functions", func(_ *Set, f Function) bool {
		return f.uses("ConfigMap", "taskwire-config", func(key string) bool {
			return address.MatchString(key) && key != "PUBLIC_URL" && !slices.Contains(stores, key) || key == "FUNCTION_URLS"
		})
	}},
}

// checkPolicies: nothing is open by default, and each function reaches what it needs and nothing else. Without its name
// in a policy its connections would time out; with a name too many, a hole in it would reach further.
func checkPolicies(s *Set, p *problems) {
	policies := map[string]*networkingv1.NetworkPolicy{}
	for _, o := range all[networkingv1.NetworkPolicy](s) {
		policies[o.Name] = o.V
		if len(o.V.Spec.PolicyTypes) == 0 {
			p.add(o.ID(), "has no policyTypes")
		}
	}
	if deny, ok := policies["default-deny"]; !ok || !deniesAll(deny.Spec) {
		p.add("NetworkPolicy/default-deny", "does not deny everything to every pod")
	}
	if names, ok := policies["may-resolve-names"]; !ok || !allowsNodeLocalDNS(names.Spec) {
		p.add("NetworkPolicy/may-resolve-names", "does not allow port 53 of %s: where NodeLocal DNSCache runs, no name would be found", nodeLocalDNS)
	}
	for _, need := range needs {
		policy, ok := policies[need.policy]
		if !ok {
			p.add("NetworkPolicy/"+need.policy, "is not there")
			continue
		}
		selector, err := metav1.LabelSelectorAsSelector(&policy.Spec.PodSelector)
		if err != nil {
			p.add("NetworkPolicy/"+need.policy, "%v", err)
			continue
		}
		for _, f := range s.Functions {
			allowed := selector.Matches(labels.Set{"function.knative.dev/name": f.Name})
			if needed := need.of(s, f); needed && !allowed {
				p.add("NetworkPolicy/"+need.policy, "does not name %s, which needs it", f.Name)
			} else if allowed && !needed {
				p.add("NetworkPolicy/"+need.policy, "names %s, which does not need it", f.Name)
			}
		}
		for _, e := range policy.Spec.PodSelector.MatchExpressions {
			for _, name := range e.Values {
				if _, ok := s.function(name); !ok {
					p.add("NetworkPolicy/"+need.policy, "names %s, which is no function of this repository", name)
				}
			}
		}
	}
}

func deniesAll(spec networkingv1.NetworkPolicySpec) bool {
	return len(spec.PodSelector.MatchLabels)+len(spec.PodSelector.MatchExpressions)+len(spec.Ingress)+len(spec.Egress) == 0 &&
		slices.Contains(spec.PolicyTypes, networkingv1.PolicyTypeIngress) &&
		slices.Contains(spec.PolicyTypes, networkingv1.PolicyTypeEgress)
}

// nodeLocalDNS is the address on which NodeLocal DNSCache listens on each node.
const nodeLocalDNS = "169.254.20.10/32"

func allowsNodeLocalDNS(spec networkingv1.NetworkPolicySpec) bool {
	return slices.ContainsFunc(spec.Egress, func(rule networkingv1.NetworkPolicyEgressRule) bool {
		local := slices.ContainsFunc(rule.To, func(to networkingv1.NetworkPolicyPeer) bool {
			return to.IPBlock != nil && to.IPBlock.CIDR == nodeLocalDNS
		})
		open := map[corev1.Protocol]bool{}
		for _, port := range rule.Ports {
			if port.Port != nil && port.Port.IntValue() == 53 && port.Protocol != nil {
				open[*port.Protocol] = true
			}
		}
		return local && open[corev1.ProtocolUDP] && open[corev1.ProtocolTCP]
	})
}

// scoped says whether the function's sidecar loads a component of the type.
func scoped(s *Set, f Function, componentType string) bool {
	for _, o := range all[componentsv1alpha1.Component](s) {
		if strings.HasPrefix(o.V.Spec.Type, componentType) && slices.Contains(o.V.Scopes, f.Name) {
			return true
		}
	}
	return false
}

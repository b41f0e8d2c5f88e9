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
var address = regexp.MustCompile(`^([A-Z0-9_]+)_URL$`)

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
	{"auth-may-send-mail", func(_ *Set, f Function) bool { return f.uses("Secret", "taskwire-smtp", nil) }},
	// OpenID providers and, in the same function, the metadata documents of apps.
	{internet, func(_ *Set, f Function) bool { return f.uses("Secret", "taskwire-oidc", nil) }},
}

// internet is the policy that lets a function reach public addresses.
const internet = "auth-may-reach-internet"

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
	if public, ok := policies[internet]; ok {
		for _, reason := range beyondPublicHTTPS(public.Spec) {
			p.add("NetworkPolicy/"+internet, "%s", reason)
		}
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

// privateNetworks are what a function must not reach where users choose the address: the networks of clusters and clouds (RFC 1918,
// RFC 6598, RFC 4193), and link-local addresses, at which a cloud has its metadata server.
var privateNetworks = []string{"10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10"}

// beyondPublicHTTPS compares a policy with one that allows port 443 of every public address and nothing else.
func beyondPublicHTTPS(spec networkingv1.NetworkPolicySpec) (reasons []string) {
	var open, except []string
	for _, rule := range spec.Egress {
		if len(rule.Ports) != 1 || rule.Ports[0].Port == nil || rule.Ports[0].Port.IntValue() != 443 {
			reasons = append(reasons, "allows other ports than 443")
		}
		for _, to := range rule.To {
			if to.IPBlock != nil {
				open, except = append(open, to.IPBlock.CIDR), append(except, to.IPBlock.Except...)
			}
		}
	}
	if slices.Sort(open); !slices.Equal(open, []string{"0.0.0.0/0", "::/0"}) {
		reasons = append(reasons, "does not allow all public addresses, of IPv4 and IPv6")
	}
	for _, network := range privateNetworks {
		if !slices.Contains(except, network) {
			reasons = append(reasons, "allows the private network "+network)
		}
	}
	return reasons
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

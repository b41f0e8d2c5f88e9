package manifests

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"

	configurationv1alpha1 "github.com/dapr/dapr/pkg/apis/configuration/v1alpha1"
	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"taskwire.dev/tools/function"
)

// otlp is the variable, and the key of taskwire-config, with the address of the collector.
const otlp = "OTEL_EXPORTER_OTLP_ENDPOINT"

// checkTelemetry: what functions and sidecars report has their name, and arrives where alerts look for it.
func checkTelemetry(s *Set, p *problems) {
	for _, f := range s.Functions {
		named := slices.Contains(f.Run.Envs, function.Variable{Name: "OTEL_SERVICE_NAME", Value: f.Name})
		if !named {
			p.add("Function/"+f.Name, "OTEL_SERVICE_NAME is not its name: its metrics and spans would be another's")
		}
		if !f.uses("ConfigMap", "taskwire-config", func(key string) bool { return key == otlp }) {
			p.add("Function/"+f.Name, "does not read %s: it would report nothing", otlp)
		}
	}
	endpoint := ""
	for _, o := range all[corev1.ConfigMap](s) {
		if o.Name == "taskwire-config" {
			endpoint = o.V.Data[otlp]
		}
	}
	for _, o := range all[configurationv1alpha1.Configuration](s) {
		used := slices.ContainsFunc(s.Functions, func(f Function) bool { return f.Deploy.Annotations["dapr.io/config"] == o.Name })
		if !used {
			continue
		}
		tracing := o.V.Spec.TracingSpec
		switch sends := tracing != nil && tracing.Otel != nil && tracing.Otel.EndpointAddress != ""; {
		case endpoint != "" && !sends:
			p.add(o.ID(), "sends no spans, and functions do: traces would have holes")
		case endpoint == "" && sends:
			p.add(o.ID(), "sends spans, and functions do not: %s is empty", otlp)
		case sends && tracing.SamplingRate == "0":
			p.add(o.ID(), "samplingRate is 0: what begins at a sidecar would have no trace")
		}
	}
	if endpoint != "" {
		checkCollectorPolicy(s, p)
	}
	checkReaders(s, p)
	checkJobs(s, p)
}

// stores are the keys of taskwire-config with the addresses that the Pipeline page reads from.
var stores = []string{"JAEGER_QUERY_URL", "RULES_URL"}

// checkReaders: a function that reads from a store of telemetry may reach its port.
func checkReaders(s *Set, p *problems) {
	const name = "may-read-telemetry"
	for _, o := range all[corev1.ConfigMap](s) {
		if o.Name != "taskwire-config" {
			continue
		}
		for _, key := range stores {
			store, err := url.Parse(o.V.Data[key])
			if err != nil || o.V.Data[key] != "" && store.Host == "" {
				p.add(o.ID(), "%s is no URL", key)
				continue
			}
			port := cmp.Or(store.Port(), map[string]string{"http": "80", "https": "443"}[store.Scheme])
			for _, f := range s.Functions {
				if port != "" && f.uses("ConfigMap", "taskwire-config", func(used string) bool { return used == key }) && !mayReach(s, name, f.Name, port) {
					p.add("NetworkPolicy/"+name, "does not let %s reach port %s of %s", f.Name, port, key)
				}
			}
		}
	}
}

// mayReach reports whether the policy lets a function reach a port.
func mayReach(s *Set, policy, function, port string) bool {
	for _, o := range all[networkingv1.NetworkPolicy](s) {
		selector, err := metav1.LabelSelectorAsSelector(&o.V.Spec.PodSelector)
		if o.Name != policy || err != nil || !selector.Matches(labels.Set{"function.knative.dev/name": function}) {
			continue
		}
		for _, rule := range o.V.Spec.Egress {
			if slices.ContainsFunc(rule.Ports, func(q networkingv1.NetworkPolicyPort) bool { return q.Port != nil && q.Port.String() == port }) {
				return true
			}
		}
	}
	return false
}

func checkCollectorPolicy(s *Set, p *problems) {
	const name = "may-reach-collector"
	selector := labels.Nothing()
	for _, o := range all[networkingv1.NetworkPolicy](s) {
		if o.Name == name {
			var err error
			if selector, err = metav1.LabelSelectorAsSelector(&o.V.Spec.PodSelector); err != nil {
				p.add(o.ID(), "%v", err)
				return
			}
		}
	}
	for _, f := range s.Functions {
		if !selector.Matches(labels.Set{"function.knative.dev/name": f.Name}) {
			p.add("NetworkPolicy/"+name, "does not let %s through, which sends to %s", f.Name, otlp)
		}
	}
}

// job matches a label matcher of a rule.
var job = regexp.MustCompile(`\bjob="([^"]*)"`)

// checkJobs: an alert about a job that nothing scrapes would never fire.
func checkJobs(s *Set, p *problems) {
	scraped := map[string]bool{}
	for _, o := range all[monitoringv1.PodMonitor](s) {
		for _, endpoint := range o.V.Spec.PodMetricsEndpoints {
			for _, r := range endpoint.RelabelConfigs {
				if r.TargetLabel == "job" && r.Replacement != nil {
					scraped[*r.Replacement] = true
				}
			}
		}
	}
	for _, o := range all[monitoringv1.PrometheusRule](s) {
		for _, group := range o.V.Spec.Groups {
			for _, rule := range group.Rules {
				for _, m := range job.FindAllStringSubmatch(rule.Expr.String(), -1) {
					if !scraped[m[1]] {
						p.add(o.ID(), "%s reads the job %s, which no PodMonitor scrapes", fmt.Sprint(rule.Alert, rule.Record), m[1])
					}
				}
			}
		}
	}
}

package manifests

import (
	"context"
	"encoding/json"
	"io"

	"github.com/dapr/dapr/pkg/acl"
	configurationv1alpha1 "github.com/dapr/dapr/pkg/apis/configuration/v1alpha1"
	resiliencyv1alpha1 "github.com/dapr/dapr/pkg/apis/resiliency/v1alpha1"
	subscriptionsv2alpha1 "github.com/dapr/dapr/pkg/apis/subscriptions/v2alpha1"
	"github.com/dapr/dapr/pkg/config"
	"github.com/dapr/dapr/pkg/expr"
	operatorv1 "github.com/dapr/dapr/pkg/proto/operator/v1"
	"github.com/dapr/dapr/pkg/resiliency"
	"github.com/dapr/kit/logger"
	"google.golang.org/grpc"
)

// validateDapr asks the code with which a sidecar reads these objects at its start. There it writes to the log, or ends
// the sidecar.
func validateDapr(s *Set, p *problems) {
	log := logger.NewLogger("manifests")
	log.SetOutput(io.Discard)
	for _, o := range all[resiliencyv1alpha1.Resiliency](s) {
		if err := resiliency.New(log).DecodeConfiguration(o.V); err != nil {
			p.add(o.ID(), "%v", err)
		}
		checkTargets(o, p)
	}
	for _, o := range all[configurationv1alpha1.Configuration](s) {
		raw, err := json.Marshal(o.Raw)
		if err != nil {
			p.add(o.ID(), "%v", err)
			continue
		}
		loaded, _, err := config.LoadKubernetesConfiguration(o.Name, o.Namespace, operator{configuration: raw})
		if err != nil {
			p.add(o.ID(), "%v", err)
			continue
		}
		if _, err := acl.ParseAccessControlSpec(loaded.Spec.AccessControlSpec, true); err != nil {
			p.add(o.ID(), "access control: %v", err)
		}
	}
	for _, o := range all[subscriptionsv2alpha1.Subscription](s) {
		for _, rule := range o.V.Spec.Routes.Rules {
			var e expr.Expr
			if err := e.DecodeString(rule.Match); err != nil {
				p.add(o.ID(), "match %q: %v", rule.Match, err)
			}
		}
	}
}

// checkTargets refuses what Dapr takes for "no policy": a target that names a policy that is not there.
func checkTargets(o typed[resiliencyv1alpha1.Resiliency], p *problems) {
	policies := o.V.Spec.Policies
	missing := func(target, kind, name string, known bool) {
		if name != "" && !known {
			p.add(o.ID(), "target %s: no %s is named %q", target, kind, name)
		}
	}
	policy := func(target, retry, timeout, breaker string) {
		_, ok := policies.Retries[retry]
		missing(target, "retry", retry, ok)
		_, ok = policies.Timeouts[timeout]
		missing(target, "timeout", timeout, ok)
		_, ok = policies.CircuitBreakers[breaker]
		missing(target, "circuit breaker", breaker, ok)
	}
	for name, t := range o.V.Spec.Targets.Apps {
		policy(name, t.Retry, t.Timeout, t.CircuitBreaker)
	}
	for name, t := range o.V.Spec.Targets.Components {
		policy(name, t.Inbound.Retry, t.Inbound.Timeout, t.Inbound.CircuitBreaker)
		policy(name, t.Outbound.Retry, t.Outbound.Timeout, t.Outbound.CircuitBreaker)
	}
}

// operator answers as Dapr's operator does when a sidecar asks for its configuration.
type operator struct {
	operatorv1.OperatorClient
	configuration []byte
}

func (o operator) GetConfiguration(context.Context, *operatorv1.GetConfigurationRequest, ...grpc.CallOption) (*operatorv1.GetConfigurationResponse, error) {
	return &operatorv1.GetConfigurationResponse{Configuration: o.configuration}, nil
}

package manifests

import (
	"strings"
	"time"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

const (
	// streams is the path of live streams, which last as long as STREAM_MAX_LIFETIME of the gateway's func.yaml.
	streams = "/api/stream"
	// serverTimeout is how long func-go's server lets any other request take.
	serverTimeout = 30 * time.Second
)

// checkFrontDoor: what is outside leads to the gateway only, and its proxy neither cuts a stream nor ends a request before
// the gateway does. Where a route says nothing, that is up to the proxy: Envoy ends every request after 15 s.
func checkFrontDoor(s *Set, p *problems) {
	for _, o := range all[gatewayv1.HTTPRoute](s) {
		streamed := false
		for _, ref := range o.V.Spec.ParentRefs {
			if ref.SectionName == nil {
				p.add(o.ID(), "is attached to every listener of %s, also to one without TLS: name it with sectionName", ref.Name)
			}
		}
		if len(o.V.Spec.Hostnames) == 0 {
			p.add(o.ID(), "has no hostnames: it would take the requests of every host")
		}
		for _, rule := range o.V.Spec.Rules {
			for _, backend := range rule.BackendRefs {
				if backend.Name != gateway || backend.Kind != nil && *backend.Kind != "Service" {
					p.add(o.ID(), "leads to %s: the gateway is the one front door", backend.Name)
				}
			}
			for _, match := range rule.Matches {
				if match.Path == nil || match.Path.Value == nil {
					p.add(o.ID(), "has a match without a path")
					continue
				}
				path := *match.Path.Value
				request, backend := timeouts(rule)
				switch {
				case request < 0 || backend < 0:
					p.add(o.ID(), "%s needs timeouts.request and timeouts.backendRequest: by default a proxy may end it at any time", path)
				case strings.HasPrefix(path, streams) && (request > 0 || backend > 0):
					p.add(o.ID(), "%s has streams, which a timeout would cut: set both to 0s", path)
				case request > 0 && request <= serverTimeout || backend > 0 && backend <= serverTimeout:
					p.add(o.ID(), "%s ends before the gateway does, after %s: its clients would get no problem that says why", path, serverTimeout)
				}
				streamed = streamed || path == streams
			}
		}
		if !streamed {
			p.add(o.ID(), "has no rule for %s, whose streams need one without a timeout", streams)
		}
	}
}

// timeouts gives those of a rule; -1 is one that is not set or not valid.
func timeouts(rule gatewayv1.HTTPRouteRule) (request, backend time.Duration) {
	if rule.Timeouts == nil {
		return -1, -1
	}
	parse := func(d *gatewayv1.Duration) time.Duration {
		if d == nil {
			return -1
		}
		parsed, err := time.ParseDuration(string(*d))
		if err != nil {
			return -1
		}
		return parsed
	}
	return parse(rule.Timeouts.Request), parse(rule.Timeouts.BackendRequest)
}

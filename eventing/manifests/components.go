package manifests

import (
	"slices"
	"strings"

	componentsv1alpha1 "github.com/dapr/dapr/pkg/apis/components/v1alpha1"
	httpendpointv1alpha1 "github.com/dapr/dapr/pkg/apis/httpEndpoint/v1alpha1"
	subscriptionsv2alpha1 "github.com/dapr/dapr/pkg/apis/subscriptions/v2alpha1"
)

// checkScopes: what has no scope is everybody's, and a scope that names nobody is a misspelt one.
func checkScopes(s *Set, p *problems) {
	check := func(id string, scopes []string) {
		if len(scopes) == 0 {
			p.add(id, "has no scopes: every function could use it")
		}
		for _, scope := range scopes {
			switch f, ok := s.function(scope); {
			case !ok:
				p.add(id, "scope %s is no function of this repository", scope)
			case !f.Sidecar():
				p.add(id, "scope %s has no sidecar", scope)
			}
		}
	}
	for _, o := range all[componentsv1alpha1.Component](s) {
		check(o.ID(), o.V.Scopes)
	}
	for _, o := range all[subscriptionsv2alpha1.Subscription](s) {
		check(o.ID(), o.V.Scopes)
	}
	callers := map[string][]string{}
	for _, o := range all[httpendpointv1alpha1.HTTPEndpoint](s) {
		check(o.ID(), o.V.Scopes)
		callers[o.Name] = o.V.Scopes
	}
	for _, f := range s.Functions {
		for _, other := range f.callees() {
			if !slices.Contains(callers[other], f.Name) {
				p.add("HTTPEndpoint/"+other, "has no scope for %s, which invokes it: without, it would be looked for by its app's id", f.Name)
			}
		}
	}
}

// settings are the metadata of each type of component that Taskwire uses or may come to use. Dapr ignores any other.
var settings = map[string][]string{
	"pubsub.kafka": {
		"brokers", "consumerGroup", "consumerID", "clientID", "authType", "saslUsername", "saslPassword", "saslMechanism",
		"initialOffset", "maxMessageBytes", "caCert", "clientCert", "clientKey", "disableTls", "skipVerify",
		"consumeRetryEnabled", "consumeRetryInterval", "heartbeatInterval", "sessionTimeout", "version", "escapeHeaders",
		"compression", "producerRequiredAcks", "producerRetryMax", "excludeHeaderMetaRegex",
		"consumerGroupRebalanceStrategy", "consumerFetchMin", "consumerFetchDefault", "channelBufferSize",
		"clientConnectionTopicMetadataRefreshInterval", "clientConnectionKeepAliveInterval", "dialTimeout", "readTimeout",
		"writeTimeout",
	},
	"state.redis": {
		"redisHost", "redisPassword", "redisUsername", "redisDB", "redisType", "enableTLS", "clientCert", "clientKey",
		"keyPrefix", "ttlInSeconds", "maxRetries", "maxRetryBackoff", "failover", "sentinelMasterName", "dialTimeout",
		"readTimeout", "writeTimeout", "poolSize", "poolTimeout", "minIdleConns", "idleTimeout",
	},
}

// checkComponents: names and settings that Dapr takes in silence.
func checkComponents(s *Set, p *problems) {
	for _, o := range all[componentsv1alpha1.Component](s) {
		c := o.V
		if c.Name == "kubernetes" {
			p.add(o.ID(), "has the name of the secret store that Dapr makes automatically")
		}
		if strings.HasPrefix(c.Spec.Type, "secretstores.") {
			p.add(o.ID(), "is a secret store: in a cluster Dapr has its own, kubernetes")
			continue
		}
		if strings.HasPrefix(c.Spec.Type, "bindings.cron") {
			p.add(o.ID(), "is a clock of the laptop's: it never ticks at scale zero, a PingSource does")
			continue
		}
		known, ok := settings[c.Spec.Type]
		if !ok {
			p.add(o.ID(), "type %s is not known here", c.Spec.Type)
		}
		seen, refers := map[string]bool{}, false
		for _, m := range c.Spec.Metadata {
			if ok && !slices.Contains(known, m.Name) {
				p.add(o.ID(), "%s is no setting of %s: Dapr ignores it", m.Name, c.Spec.Type)
			}
			if seen[m.Name] {
				p.add(o.ID(), "sets %s twice", m.Name)
			}
			seen[m.Name], refers = true, refers || m.SecretKeyRef.Name != ""
		}
		if refers && c.Auth.SecretStore != "kubernetes" {
			p.add(o.ID(), "secretStore is %q: in a cluster it is kubernetes", c.Auth.SecretStore)
		}
		if c.Spec.Type == "pubsub.kafka" && !seen["version"] {
			p.add(o.ID(), "has no version: Dapr assumes 2.0.0, which Kafka 4 does not speak")
		}
		if c.Spec.Type == "pubsub.kafka" && !seen["initialOffset"] {
			p.add(o.ID(), "has no initialOffset: Dapr starts at newest")
		}
	}
}

// checkSubscriptions: a sidecar delivers what no KafkaSource does, and each topic once.
func checkSubscriptions(s *Set, p *problems) {
	type place struct{ app, component, topic string }
	seen := map[place]string{}
	for _, o := range all[subscriptionsv2alpha1.Subscription](s) {
		spec := o.V.Spec
		if !has(s, "Component", spec.Pubsubname) {
			p.add(o.ID(), "pubsubname %s is no component of dapr/", spec.Pubsubname)
		}
		for _, topic := range []string{spec.Topic, spec.DeadLetterTopic} {
			if _, ok := s.Topics[topic]; !ok && topic != "" {
				p.add(o.ID(), "topic %s is not in eventing/topics.yaml", topic)
			}
		}
		if spec.Routes.Default == "" {
			p.add(o.ID(), "has no default route: what no rule matches would be dropped")
		}
		for _, app := range o.V.Scopes {
			at := place{app, spec.Pubsubname, spec.Topic}
			if other := seen[at]; other != "" {
				p.add(o.ID(), "subscribes %s to %s as %s does: only one would get the events", app, spec.Topic, other)
			}
			seen[at] = o.ID()
			for _, source := range all[KafkaSource](s) {
				if sinkName(&source.V.Spec.Sink) == app && slices.Contains(source.V.Spec.Topics, spec.Topic) {
					p.add(o.ID(), "delivers %s to %s, which %s does already", spec.Topic, app, source.ID())
				}
			}
			if f, ok := s.function(app); ok && f.Sidecar() && !f.Raw() {
				p.add(o.ID(), "is for %s, which scales to zero, where no sidecar listens: use a KafkaSource", app)
			}
		}
	}
}

package manifests

import (
	"strings"
	"time"

	eventingduckv1 "knative.dev/eventing/pkg/apis/duck/v1"
	sourcesv1 "knative.dev/eventing/pkg/apis/sources/v1"
	duckv1 "knative.dev/pkg/apis/duck/v1"

	"github.com/rickb777/date/period"
)

const (
	// deadLetter is the function that takes what nobody else could.
	deadLetter = "dead-letter"
	// coldStart is how long a function at zero may take to answer: scheduling, the sidecar, the database. A shorter
	// timeout would turn each first event into a retry.
	coldStart = 10 * time.Second
	// outage is the least time for which a source must try: a rolling update or a failover takes that long.
	outage = 30 * time.Second
)

// checkConsumers: each KafkaSource says for itself what Knative would otherwise choose, badly.
func checkConsumers(s *Set, p *problems) {
	groups := map[string]string{}
	for _, o := range all[KafkaSource](s) {
		spec := o.V.Spec
		// The decoded object has defaults by now; what was written counts.
		written, _ := o.Raw["spec"].(map[string]any)
		if spec.ConsumerGroup == "" {
			p.add(o.ID(), "has no consumerGroup: it would be random and start over with each new source")
		} else if other := groups[spec.ConsumerGroup]; other != "" {
			p.add(o.ID(), "shares the consumerGroup %s with %s: each would get a part of the events", spec.ConsumerGroup, other)
		} else {
			groups[spec.ConsumerGroup] = o.ID()
		}
		if written["initialOffset"] != "earliest" {
			p.add(o.ID(), "initialOffset is not earliest: what happened before its first start would be lost")
		}
		if spec.Ordering != "ordered" {
			p.add(o.ID(), "is not ordered: a user's events would overtake each other")
		}
		if spec.Consumers == nil || *spec.Consumers < 1 {
			p.add(o.ID(), "does not say how many consumers")
		}
		for _, topic := range spec.Topics {
			if t, ok := s.Topics[topic]; ok && spec.Consumers != nil && *spec.Consumers > t.Partitions {
				p.add(o.ID(), "has %d consumers for the %d partitions of %s: some would idle", *spec.Consumers, t.Partitions, topic)
			}
		}
		checkSink(s, p, o.ID(), "sink", &spec.Sink)
		if sink := sinkName(&spec.Sink); sink != "" && spec.ConsumerGroup != "" && spec.ConsumerGroup != sink {
			p.add(o.ID(), "consumerGroup %s is not its function's name %s, as it is on a laptop", spec.ConsumerGroup, sink)
		}
		checkDelivery(s, p, o.ID(), spec.Delivery)
	}
}

// checkDelivery: all five together, since a part resets the rest.
func checkDelivery(s *Set, p *problems, id string, d *eventingduckv1.DeliverySpec) {
	if d == nil {
		p.add(id, "has no delivery: nobody would get its dead letters")
		return
	}
	if d.DeadLetterSink == nil {
		p.add(id, "has no deadLetterSink: what is refused would be lost")
	} else {
		checkSink(s, p, id, "deadLetterSink", d.DeadLetterSink)
		if name := sinkName(d.DeadLetterSink); name != deadLetter {
			p.add(id, "deadLetterSink is %q, not the function %s", name, deadLetter)
		}
	}
	if d.Retry == nil || *d.Retry < 1 {
		p.add(id, "has no retry: a delivery without it tries once")
	}
	if d.BackoffPolicy == nil || d.BackoffDelay == nil {
		p.add(id, "needs backoffPolicy and backoffDelay beside retry")
	}
	if d.Timeout == nil {
		p.add(id, "has no timeout")
	} else if t, err := iso(*d.Timeout); err == nil && t < coldStart {
		p.add(id, "timeout %s is shorter than a cold start, %s", *d.Timeout, coldStart)
	}
	if total, ok := retryDuration(d); ok && total < outage {
		p.add(id, "gives up after %s: an update of its function may take %s", total, outage)
	}
}

// retryDuration is how long a failing record is retried. Like the dispatcher, it counts only the delays.
func retryDuration(d *eventingduckv1.DeliverySpec) (time.Duration, bool) {
	if d.Retry == nil || d.BackoffPolicy == nil || d.BackoffDelay == nil {
		return 0, false
	}
	delay, err := iso(*d.BackoffDelay)
	if err != nil {
		return 0, false
	}
	total := time.Duration(0)
	for n := range min(int(*d.Retry), 30) {
		if *d.BackoffPolicy == eventingduckv1.BackoffPolicyLinear {
			total += delay * time.Duration(n+1)
		} else {
			total += delay * time.Duration(int64(2)<<n)
		}
	}
	return total, true
}

func iso(text string) (time.Duration, error) {
	p, err := period.Parse(text)
	if err != nil {
		return 0, err
	}
	return p.DurationApprox(), nil
}

// checkClocks: a tick goes straight to a function. Through a broker a reply that is no event would be sent again for ever.
func checkClocks(s *Set, p *problems) {
	for _, o := range all[sourcesv1.PingSource](s) {
		checkSink(s, p, o.ID(), "sink", &o.V.Spec.Sink)
		if o.V.Spec.ContentType == "" {
			p.add(o.ID(), "has no contentType")
		}
	}
}

// checkSink: a source calls a function of ours, by its Knative Service so that it starts, and nobody outside can call it.
func checkSink(s *Set, p *problems, id, field string, sink *duckv1.Destination) {
	if sink.Ref == nil {
		p.add(id, "%s is not a reference: an address would not start its function", field)
		return
	}
	if sink.Ref.Kind != "Service" || !strings.HasPrefix(sink.Ref.APIVersion, "serving.knative.dev/") {
		p.add(id, "%s is a %s of %s, not a Knative Service: it would not scale from zero", field, sink.Ref.Kind, sink.Ref.APIVersion)
		return
	}
	f, ok := s.function(sink.Ref.Name)
	switch {
	case !ok:
		p.add(id, "%s %s is no function of this repository", field, sink.Ref.Name)
	case f.Raw():
		p.add(id, "%s %s is deployed raw: there is no Knative Service of this name", field, f.Name)
	case f.Label(visibility) != clusterLocal:
		p.add(id, "%s %s is not cluster-local: anybody could send it events", field, f.Name)
	case !f.takesEvents:
		p.add(id, "%s %s has no route for events: each would be a 404, which is tried again and again", field, f.Name)
	}
}

func sinkName(sink *duckv1.Destination) string {
	if sink == nil || sink.Ref == nil {
		return ""
	}
	return sink.Ref.Name
}

// checkTopics: nobody makes a topic but topics.yaml.
func checkTopics(s *Set, p *problems) {
	for _, o := range all[KafkaSource](s) {
		for _, topic := range o.V.Spec.Topics {
			if _, ok := s.Topics[topic]; !ok {
				p.add(o.ID(), "topic %s is not in eventing/topics.yaml", topic)
			}
		}
	}
}

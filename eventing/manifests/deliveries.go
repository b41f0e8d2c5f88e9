package manifests

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	componentsv1alpha1 "github.com/dapr/dapr/pkg/apis/components/v1alpha1"
	subscriptionsv2alpha1 "github.com/dapr/dapr/pkg/apis/subscriptions/v2alpha1"
	sourcesv1 "knative.dev/eventing/pkg/apis/sources/v1"
)

// Deliveries are all ways by which events reach functions, each as "topic to function" or "clock to function".
func Deliveries(s *Set) []string {
	var found []string
	for _, o := range all[KafkaSource](s) {
		for _, topic := range o.V.Spec.Topics {
			found = append(found, topic+" to "+sinkName(&o.V.Spec.Sink))
		}
	}
	for _, o := range all[subscriptionsv2alpha1.Subscription](s) {
		for _, app := range o.V.Scopes {
			found = append(found, o.V.Spec.Topic+" to "+app)
		}
	}
	for _, o := range all[sourcesv1.PingSource](s) {
		found = append(found, "clock to "+sinkName(&o.V.Spec.Sink))
	}
	for _, o := range all[componentsv1alpha1.Component](s) {
		if strings.HasPrefix(o.V.Spec.Type, "bindings.cron") {
			for _, app := range o.V.Scopes {
				found = append(found, "clock to "+app)
			}
		}
	}
	slices.Sort(found)
	return found
}

// LoadLaptop reads what a laptop's sidecars read.
func LoadLaptop(root string) (*Set, error) {
	s := &Set{}
	paths, err := filepath.Glob(filepath.Join(root, "dapr", "base", "*.yaml"))
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		for _, document := range bytes.Split(content, []byte("\n---\n")) {
			// A comment alone, or the kustomization: a sidecar passes over them too.
			if bytes.Contains(document, []byte("apiVersion: dapr.io/")) {
				s.add(document)
			}
		}
	}
	if len(s.Broken) > 0 {
		return nil, fmt.Errorf("dapr/base: %s", s.Broken[0])
	}
	return s, nil
}

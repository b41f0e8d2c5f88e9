package cluster

import (
	"encoding/json"
	"strings"
	"testing"

	"taskwire.dev/tools/manifest"
)

func TestRoute_SaysWhyItIsNotInUse(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{
		`{}`: "no Gateway has taken it",
		`{"parents":[{"conditions":[{"type":"Accepted","status":"True","observedGeneration":2},{"type":"ResolvedRefs","status":"True","observedGeneration":2}]}]}`:                               "",
		`{"parents":[{"conditions":[{"type":"Accepted","status":"True","observedGeneration":1}]}]}`:                                                                                              "has not looked at it yet",
		`{"parents":[{"conditions":[{"type":"Accepted","status":"False","reason":"NoMatchingParent","message":"no listener https","observedGeneration":2}]}]}`:                                   "NoMatchingParent (Accepted): no listener https",
		`{"parents":[{"conditions":[{"type":"Accepted","status":"True","observedGeneration":2},{"type":"ResolvedRefs","status":"False","reason":"BackendNotFound","message":"gateway"}]}]}`:      "BackendNotFound",
		`{"parents":[{"conditions":[{"type":"Accepted","status":"True","observedGeneration":2},{"type":"PartiallyInvalid","status":"True","reason":"UnsupportedValue","message":"timeouts"}]}]}`: "UnsupportedValue",
	} {
		var r route
		if err := json.Unmarshal([]byte(`{"metadata":{"generation":2},"status":`+status+`}`), &r); err != nil {
			t.Fatal(err)
		}
		if got := r.refused(); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", status, got, want)
		}
	}
}

func TestCheckExtensions_NamesTheProductThatIsMissing(t *testing.T) {
	objects, err := manifest.Parse([]byte("apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n---\napiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\n"))
	if err != nil {
		t.Fatal(err)
	}
	for crds, want := range map[string]string{
		"customresourcedefinition.apiextensions.k8s.io/podmonitors.monitoring.coreos.com\n":                                                                                     "the cluster lacks the Gateway API",
		"customresourcedefinition.apiextensions.k8s.io/httproutes.gateway.networking.k8s.io\ncustomresourcedefinition.apiextensions.k8s.io/podmonitors.monitoring.coreos.com\n": "",
		"customresourcedefinition.apiextensions.k8s.io/httproutes.gateway.networking.k8s.io\n":                                                                                  "the cluster lacks the Prometheus operator",
	} {
		_, c := fakeKubectl(t, `printf '`+crds+`'`)
		d := deploying{Cluster: c, objects: objects, Options: Options{Environment: Production}}
		if err := d.checkExtensions(t.Context()); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", crds, err, want)
		}
	}
}

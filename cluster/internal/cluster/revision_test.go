package cluster

import (
	"encoding/json"
	"testing"
)

// TestDeployed: Knative's status of a function, and whether it counts as deployed.
func TestDeployed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		said          string
		ready, failed bool
	}{
		"well":          {`{"metadata":{"generation":2},"status":{"observedGeneration":2,"conditions":[{"type":"Ready","status":"True"}]}}`, true, false},
		"not looked at": {`{"metadata":{"generation":3},"status":{"observedGeneration":2,"conditions":[{"type":"Ready","status":"True"}]}}`, false, false},
		"starting":      {`{"metadata":{"generation":2},"status":{"observedGeneration":2,"conditions":[{"type":"Ready","status":"Unknown","reason":"Deploying"}]}}`, false, false},
		"without room":  {`{"metadata":{"generation":1},"status":{"observedGeneration":1,"conditions":[{"type":"Active","status":"Unknown","reason":"Queued"},{"type":"Ready","status":"False","reason":"Unschedulable"}]}}`, false, false},
		"crashed":       {`{"metadata":{"generation":1},"status":{"observedGeneration":1,"conditions":[{"type":"Ready","status":"False","reason":"ExitCode1"}]}}`, false, true},
		"a deployment":  {`{"metadata":{"generation":1},"status":{"observedGeneration":1,"conditions":[{"type":"Progressing","status":"True"},{"type":"Available","status":"True"}]}}`, true, false},
	} {
		var d deployed
		if err := json.Unmarshal([]byte(c.said), &d); err != nil {
			t.Fatal(err)
		}
		if d.ready() != c.ready || d.Status.failed() != c.failed {
			t.Errorf("%s: ready %t, failed %t", name, d.ready(), d.Status.failed())
		}
	}
}

package cluster

import (
	"encoding/json"
	"strings"
	"testing"

	"taskwire.dev/tools/function"
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

// A Deployment that was scaled to zero, as for a restore, is available. It is deployed again, or nothing would start it.
func TestDeployedSource_StoppedIsNotDeployed(t *testing.T) {
	for replicas, want := range map[string]string{"0": "", "2": "abc"} {
		_, c := fakeKubectl(t, `echo '{"metadata":{"annotations":{"taskwire.dev/source":"abc"}},"spec":{"replicas":`+replicas+`},
"status":{"conditions":[{"type":"Available","status":"True"}]}}'`)
		if got, err := c.deployedSource(t.Context(), function.Function{Name: "gateway", Raw: true}); got != want || err != nil {
			t.Errorf("%s replicas: %q, %v, want %q", replicas, got, err, want)
		}
	}
	_, c := fakeKubectl(t, `echo '{"metadata":{"annotations":{"taskwire.dev/source":"abc"}},"status":{"conditions":[{"type":"Ready","status":"True"}]}}'`)
	if got, err := c.deployedSource(t.Context(), function.Function{Name: "tasks"}); got != "abc" || err != nil {
		t.Errorf("a Service, which scales itself: %q, %v", got, err)
	}
}

// Traffic that was fixed to an earlier revision stays there, so a deployment is not done. A canary's share is not all of it.
func TestCheckTraffic(t *testing.T) {
	for traffic, pinned := range map[string]bool{
		`[]`: false,
		`[{"revisionName":"mcp-00002","percent":100,"latestRevision":true}]`:                      false,
		`[{"revisionName":"mcp-00001","percent":90},{"revisionName":"mcp-00002","percent":10}]`:   false,
		`[{"revisionName":"mcp-00001","percent":100}]`:                                            true,
		`[{"revisionName":"mcp-00001","percent":100},{"revisionName":"mcp-00002","tag":"other"}]`: true,
	} {
		_, c := fakeKubectl(t, `echo '{"status":{"latestReadyRevisionName":"mcp-00002","traffic":`+traffic+`}}'`)
		err := c.checkTraffic(t.Context(), []function.Function{{Name: "gateway", Raw: true}, {Name: "mcp"}})
		const command = "mcp runs mcp-00001, not mcp-00002: kn -n taskwire service update mcp --traffic @latest=100"
		if pinned != (err != nil) || pinned && (!strings.Contains(err.Error(), command) || strings.Contains(err.Error(), "gateway")) {
			t.Errorf("%s: %v", traffic, err)
		}
	}
}

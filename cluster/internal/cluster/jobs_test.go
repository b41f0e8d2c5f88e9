package cluster

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"taskwire.dev/tools/bundle"
	"taskwire.dev/tools/manifest"
	"taskwire.dev/tools/progress"
)

// fakeKubectl puts a kubectl on the PATH that runs the script. It returns the folder that the script has in $STATE, and a
// Cluster whose reports go to the file "report" in it.
func fakeKubectl(t *testing.T, script string) (string, Cluster) {
	t.Helper()
	state, bin := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "kubectl"), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	t.Setenv("STATE", state)
	out, err := os.Create(filepath.Join(state, "report"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = out.Close() })
	report := progress.New(out)
	t.Cleanup(report.Close)
	return state, Cluster{Report: report}
}

// TestRunJob_ReportsAFailedTryAtOnce: the Job goes on to its second try, which also fails; the first one's last lines are
// shown before that, and the error comes with the Job's own reason.
func TestRunJob_ReportsAFailedTryAtOnce(t *testing.T) {
	state, c := fakeKubectl(t, `
case "$*" in
*"get job "*)
  echo x >>$STATE/looks
  if [ $(wc -l <$STATE/looks) -ge 3 ]; then
    echo '{"status":{"conditions":[{"type":"Failed","status":"True","reason":"BackoffLimitExceeded","message":"no tries left"}]}}'
  else
    echo '{"status":{}}'
  fi ;;
*"get pods"*) echo '{"items":[{"metadata":{"name":"topics-a"},"status":{"phase":"Failed"}}]}' ;;
*"logs topics-a"*) echo x >>$STATE/logs; echo 'SASL_AUTHENTICATION_FAILED' ;;
esac
`)
	err := c.runJob(t.Context(), manifest.Object{"kind": "Job", "metadata": map[string]any{"name": "topics"}})
	if err == nil || !strings.Contains(err.Error(), "BackoffLimitExceeded: no tries left") {
		t.Errorf("error %v", err)
	}
	report, _ := os.ReadFile(filepath.Join(state, "report"))
	if strings.Count(string(report), "SASL_AUTHENTICATION_FAILED") != 1 {
		t.Errorf("the report does not show the try once: %s", report)
	}
	if logs, _ := os.ReadFile(filepath.Join(state, "logs")); len(logs) != 2 {
		t.Errorf("the log was read %d times, want once", len(logs)/2)
	}
}

func TestRunJob_EndsWhenAPodCannotStart(t *testing.T) {
	_, c := fakeKubectl(t, `
case "$*" in
*"get job "*) echo '{"status":{}}' ;;
*"get pods"*) echo '{"items":[{"metadata":{"name":"migrations-a"},"status":{"phase":"Pending","initContainerStatuses":[
  {"state":{"waiting":{"reason":"CreateContainerConfigError","message":"secret \"taskwire-database\" not found"}}}]}}]}' ;;
esac
`)
	err := c.runJob(t.Context(), manifest.Object{"kind": "Job", "metadata": map[string]any{"name": "migrations"}})
	if err == nil || !strings.Contains(err.Error(), `migrations-a cannot start: CreateContainerConfigError: secret "taskwire-database" not found`) {
		t.Errorf("error %v", err)
	}
}

func TestRunJob_Completes(t *testing.T) {
	state, c := fakeKubectl(t, `
echo "$*" >>$STATE/calls
case "$*" in
*"get job "*) echo '{"status":{"conditions":[{"type":"Complete","status":"True"}]}}' ;;
esac
`)
	if err := c.runJob(t.Context(), manifest.Object{"kind": "Job", "metadata": map[string]any{"name": "topics"}}); err != nil {
		t.Error(err)
	}
	if calls, _ := os.ReadFile(filepath.Join(state, "calls")); !strings.Contains(string(calls), "delete job topics") {
		t.Errorf("the last Job was not deleted: %s", calls)
	}
}

// The overlay's Job waits long enough for a first installation; a deployment runs it when the functions are there.
func TestRead_TheConsumersJobWaitsForLess(t *testing.T) {
	_, c := fakeKubectl(t, `echo crd/podmonitors.monitoring.coreos.com`)
	d := &deploying{Cluster: c, Options: Options{Root: "../../..", Environment: Kind}}
	if err := d.read(t.Context()); err != nil {
		t.Fatal(err)
	}
	content, err := manifest.Encode([]manifest.Object{d.check})
	if err != nil {
		t.Fatal(err)
	}
	if want := "- name: WAIT_SECONDS\n          value: \"120\"\n"; !strings.Contains(string(content), want) {
		t.Errorf("the Job has no %q:\n%s", want, content)
	}
}

func TestReplicas_KeepsThoseThatRun(t *testing.T) {
	for name, test := range map[string]struct {
		running, autoscaler string
		want                int64
	}{
		"five run":             {`{"spec":{"replicas":5}}`, `{"spec":{"minReplicas":2}}`, 5},
		"the first deployment": {``, `{"spec":{"minReplicas":2}}`, 2},
		"no autoscaler":        {`{"spec":{"replicas":3}}`, ``, 3},
		"neither":              {``, ``, 0},
	} {
		t.Run(name, func(t *testing.T) {
			state, c := fakeKubectl(t, `case "$*" in *" deployment "*) cat $STATE/running ;; *) cat $STATE/autoscaler ;; esac`)
			for file, content := range map[string]string{"running": test.running, "autoscaler": test.autoscaler} {
				if err := os.WriteFile(filepath.Join(state, file), []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := c.replicas(t.Context(), "gateway"); got != test.want || err != nil {
				t.Errorf("%d replicas, %v, want %d", got, err, test.want)
			}
		})
	}
}

func TestAnnotate_KeepsReplicas(t *testing.T) {
	t.Parallel()
	const text = "name: gateway\ndeploy:\n  options:\n    scale: {min: 1, max: 10}\n"
	for replicas, want := range map[int64]string{0: "min: 1", 5: "min: 5", 20: "min: 10"} {
		content, err := annotate([]byte(text), map[string]string{bundle.SourceAnnotation: "abc"}, replicas)
		if err != nil || !strings.Contains(string(content), want+"\n") {
			t.Errorf("%d replicas: %s, %v, want %s", replicas, content, err, want)
		}
	}
	if _, err := annotate([]byte("name: gateway\n"), map[string]string{bundle.SourceAnnotation: "abc"}, 2); err == nil {
		t.Error("no error for a func.yaml without scale")
	}
}

func TestCheckVersion_RefusesAnOldCluster(t *testing.T) {
	for version, accepted := range map[string]bool{"v1.33.9": false, "v1.34.0": true, "v1.34.1-eks-0a1b": true, "v1.37.0": true, "v2.0.0": true, "": false} {
		_, c := fakeKubectl(t, `echo '{"serverVersion":{"gitVersion":"`+version+`"}}'`)
		if err := c.CheckVersion(t.Context(), "../../.."); (err == nil) != accepted {
			t.Errorf("%s: %v", version, err)
		}
	}
}

func TestPlatform_KindIsNewEnough(t *testing.T) {
	t.Parallel()
	v, err := readVersions("../../..")
	if err != nil {
		t.Fatal(err)
	}
	image, _, _ := strings.Cut(strings.TrimPrefix(v.Kubernetes, "kindest/node:"), "@")
	if !atLeast(image, v.KubernetesAtLeast) {
		t.Errorf("kind's node image is %s, and Knative %s needs %s", image, v.Knative, v.KubernetesAtLeast)
	}
}

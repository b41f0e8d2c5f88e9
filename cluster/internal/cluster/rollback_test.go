package cluster

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"taskwire.dev/tools/manifest"
)

// kubectlStub answers as a cluster in which all is well, but the check of the schema ends as SCHEMA says.
const kubectlStub = `#!/usr/bin/env bash
echo "$*" >> "$STUB/calls"
case "$*" in
*"get crd -o name") for k in services.serving.knative.dev pingsources.sources.knative.dev kafkasources.sources.knative.dev components.dapr.io; do echo "crd/$k"; done ;;
*" get serviceaccount "*) echo "{}" ;;
*" get job schema-v1-0-0 "*) echo '{"status": {"conditions": [{"type": "'"$SCHEMA"'", "status": "True"}]}}' ;;
*" get job "*) echo '{"status": {"conditions": [{"type": "Complete", "status": "True"}]}}' ;;
*" get services.serving.knative.dev,"*) echo service.serving.knative.dev/tasks; echo service.serving.knative.dev/newer ;;
*" get services.serving.knative.dev "*) echo '{"status": {"conditions": [{"type": "Ready", "status": "True"}]}}' ;;
*" get deployment gateway "*) echo '{"spec": {"replicas": '"${REPLICAS:-2}"'}}' ;;
*" get horizontalpodautoscaler gateway "*) echo '{"spec": {"minReplicas": 2}}' ;;
*" get secret $MISSING "*) ;;
*" get secret "*)
  printf '{"data": {"owner": "eA=="'
  for key in app worker auth outbox stream deadletter backup url password saslUsername saslPassword private-key token secret keys providers; do
    printf ', "%s": "eA=="' "$key"
  done
  echo '}}' ;;
*" logs "*) echo "the database's schema is at migration 3" ;;
apply*) cat >> "$STUB/applied" ;;
esac
`

// stubbed makes a release, and a kubectl that ends the check of its schema so.
func stubbed(t *testing.T, schema string) (options RollbackOptions, stub string) {
	t.Helper()
	root := newRoot(t)
	b := newBench(t, root, "v1.0.0")
	b.Registry = newRegistry(t)
	if err := b.make(t.Context()); err != nil {
		t.Fatal(err)
	}
	stub = t.TempDir()
	if err := os.WriteFile(filepath.Join(stub, "kubectl"), []byte(kubectlStub), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", stub+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("STUB", stub)
	t.Setenv("SCHEMA", schema)
	t.Setenv("MISSING", "none")
	return RollbackOptions{Root: root, Version: "v1.0.0", Yes: true}, stub
}

// applied are the objects that kubectl was given.
func applied(t *testing.T, stub string) map[string]manifest.Object {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(stub, "applied"))
	if err != nil {
		t.Fatal(err)
	}
	objects, err := manifest.Parse(content)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]manifest.Object{}
	for _, one := range objects {
		all[one.Kind()+"/"+one.Name()] = one
	}
	return all
}

func TestRollback(t *testing.T) {
	options, stub := stubbed(t, "Complete")
	if err := Rollback(t.Context(), options, newSilent(t)); err != nil {
		t.Fatal(err)
	}
	all := applied(t, stub)
	for _, id := range []string{"Job/schema-v1-0-0", "Job/migrations-v1-0-0", "ConfigMap/taskwire-config", "Deployment/gateway", "Service/tasks"} {
		if all[id] == nil {
			t.Errorf("%s was not applied", id)
		}
	}
	// A canary may have pinned the traffic.
	if spec, _ := all["Service/tasks"]["spec"].(map[string]any); spec["traffic"] == nil {
		t.Error("the traffic stays where a canary has pinned it")
	}
	if _, ok := all["Deployment/gateway"]["spec"].(map[string]any)["replicas"]; ok {
		t.Error("the gateway's replicas are set back")
	}
}

// A release that ran already has its Jobs, complete: applied as they are, they would not run, and a new server of the database
// would not get the roles' passwords.
func TestRollback_RunsTheJobsAgain(t *testing.T) {
	options, stub := stubbed(t, "Complete")
	if err := Rollback(t.Context(), options, newSilent(t)); err != nil {
		t.Fatal(err)
	}
	calls, err := os.ReadFile(filepath.Join(stub, "calls"))
	if err != nil {
		t.Fatal(err)
	}
	_, agreed, _ := strings.Cut(string(calls), "\ndiff ")
	deleted, _, _ := strings.Cut(agreed, "\napply ")
	jobs := 0
	for id, one := range applied(t, stub) {
		if one.Kind() != "Job" || one.Name() == "schema-v1-0-0" {
			continue
		}
		jobs++
		if !regexp.MustCompile(`delete job .*\b` + one.Name() + `\b`).MatchString(deleted) {
			t.Errorf("%s is not deleted before it is applied:\n%s", id, deleted)
		}
	}
	if jobs == 0 {
		t.Error("the release has no Jobs")
	}
}

// An autoscaler does nothing while there are no replicas, as after the steps for a restore, and a release says no number.
func TestRollback_StartsWhatWasStopped(t *testing.T) {
	const scale = "scale deployment/gateway --replicas=2"
	for replicas, want := range map[string]bool{"0": true, "3": false} {
		options, stub := stubbed(t, "Complete")
		t.Setenv("REPLICAS", replicas)
		if err := Rollback(t.Context(), options, newSilent(t)); err != nil {
			t.Fatal(err)
		}
		calls, err := os.ReadFile(filepath.Join(stub, "calls"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(calls), scale) != want {
			t.Errorf("%s replicas: want %q is %t:\n%s", replicas, scale, want, calls)
		}
	}
}

// Nothing has changed when the database's schema has lost what the release needs.
func TestRollback_RefusesASchemaThatIsTooNew(t *testing.T) {
	options, stub := stubbed(t, "Failed")
	err := Rollback(t.Context(), options, newSilent(t))
	if err == nil || !strings.Contains(err.Error(), "nothing has changed") || !strings.Contains(err.Error(), "schema is at migration 3") {
		t.Errorf("%v", err)
	}
	if all := applied(t, stub); len(all) != 1 || all["Job/schema-v1-0-0"] == nil {
		t.Errorf("applied %d objects", len(all))
	}
}

// A secret that the release needs and the cluster lacks: its pods would not start.
func TestRollback_RefusesWithoutASecret(t *testing.T) {
	for _, missing := range []string{"taskwire-factors", "taskwire-app-token"} { // of a variable, of a sidecar
		options, stub := stubbed(t, "Complete")
		t.Setenv("MISSING", missing)
		err := Rollback(t.Context(), options, newSilent(t))
		if err == nil || !strings.Contains(err.Error(), "lacks secrets") || !strings.Contains(err.Error(), missing+"/") {
			t.Errorf("%s: %v", missing, err)
		}
		if all := applied(t, stub); len(all) != 1 || all["Job/schema-v1-0-0"] == nil {
			t.Errorf("%s: applied %d objects", missing, len(all))
		}
	}
}

func TestRollback_RefusesAMissingRelease(t *testing.T) {
	options, stub := stubbed(t, "Complete")
	options.Version = "v9.0.0"
	if err := Rollback(t.Context(), options, newSilent(t)); err == nil || !strings.Contains(err.Error(), "there is no release dist/v9.0.0") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(filepath.Join(stub, "calls")); err == nil {
		t.Error("the cluster was asked before the release was read")
	}
}

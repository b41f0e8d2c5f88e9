package registry

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"taskwire.dev/tools/generated"
)

const root = "../.."

func TestGenerated_IsUpToDate(t *testing.T) {
	t.Parallel()
	if err := Check(root); err != nil {
		t.Error(err)
	}
}

// copyFiles copies files of the repository, by patterns.
func copyFiles(t *testing.T, to string, patterns ...string) {
	t.Helper()
	for _, pattern := range patterns {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(paths) == 0 {
			t.Fatal(pattern, err)
		}
		for _, path := range paths {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			relative, err := filepath.Rel(root, path)
			if err != nil {
				t.Fatal(err)
			}
			put(t, filepath.Join(to, relative), string(content))
		}
	}
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// repository is a folder with everything that Generate reads and writes, except functions.
func repository(t *testing.T) string {
	t.Helper()
	to := t.TempDir()
	copyFiles(t, to, "eventing/topics.yaml", base, "docs/asyncapi.yaml", "docs/operations.md", "dapr/base/*.yaml", "go.work")
	for path := range outputs {
		if err := os.MkdirAll(filepath.Join(to, filepath.Dir(path)), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// write writes the func.yaml of a function with annotations, each as "key: value" without the prefix of the keys.
func write(t *testing.T, to, name string, annotations ...string) {
	t.Helper()
	text := "name: " + name + "\ndeploy:\n  options: {scale: {min: 0, max: 2}}\n  annotations:\n    dapr.io/enabled: \"true\"\n"
	for _, a := range annotations {
		key, value, _ := strings.Cut(a, ": ")
		text += "    " + prefix + key + ": '" + value + "'\n"
	}
	put(t, filepath.Join(to, "functions", name, "func.yaml"), text)
}

func TestLoad_RefusesMistakes(t *testing.T) {
	t.Parallel()
	to := repository(t)
	write(t, to, "other", "routes: /api/todos")
	for annotation, want := range map[string]string{
		"rotues: /api/a":                   "taskwire.dev/rotues: is not known; want one of taskwire.dev/batch, ",
		"routes: api":                      `taskwire.dev/routes: "api" is not a clean path`,
		"routes: /api/a/":                  `"/api/a/" is not a clean path`,
		"routes: /api/a, /api/a":           "/api/a is there twice",
		"routes: /internal/x":              "/internal is the platform's own",
		"routes: /api":                     "/api is shared by all functions",
		"routes: /api/todos":               "/api/todos goes to other already",
		"routes: /api/status/all":          "/api/status is the platform's own",
		"consumes: nowhere":                "nowhere is no topic; want one of task-events, ",
		"consumes: task-events, reminders": `"task-events, reminders" is not a name`,
		"event-types: task.completed":      "taskwire.dev/consumes: is missing",
		"batch: 5":                         "taskwire.dev/consumes: is missing",
		"batch-wait: 100ms":                "taskwire.dev/consumes: is missing",
		"batch-wait: 2s":                   `taskwire.dev/batch-wait: "2s" is not a duration from 1ms to 1s`,
		"batch: none":                      `taskwire.dev/batch: "none" is not a number above zero`,
		"event-path: keep":                 `taskwire.dev/event-path: "keep" is not a clean path`,
		"publishes: task-events, nowhere":  "taskwire.dev/publishes: nowhere is no topic",
		"schedule: * * * * *":              "and taskwire.dev/schedule-local must be set together",
		"schedule: @hourly":                `"@hourly" is not a cron schedule`,
		"schedule-local: sometimes":        `"sometimes" is not a schedule`,
		"invokes: nobody":                  "taskwire.dev/invokes: nobody is no function with a sidecar",
		"components: pubsub":               "dapr/base has no component pubsub with generated scopes",
		"max-unavailable: all":             `"all" is not a number of replicas`,
		"consumes: reminders|dapr: x":      "taskwire.dev/dapr: is not known",
		"consumes: task-events|event-types: reminder.overdue": "taskwire.dev/event-types: \"reminder.overdue\" is not published to task-events; " +
			"want one of account.deleted, task.completed, task.created, task.deleted, task.updated",
	} {
		write(t, to, "wrong", strings.Split(annotation, "|")...)
		if _, err := Load(to); err == nil || !strings.Contains(err.Error(), "functions/wrong/func.yaml: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", annotation, err, want)
		}
	}
}

func TestGenerate_NamesTheFunctionInEveryFile(t *testing.T) {
	t.Parallel()
	to := repository(t)
	write(t, to, "gateway", "invokes: fresh", "components: pubsub-stream")
	write(t, to, "fresh", "routes: /api/fresh", "consumes: task-events", "event-types: task.deleted", "publishes: reminders",
		"schedule: 0 * * * *", "schedule-local: @every 1m", "components: statestore", "max-unavailable: 50%")
	if _, err := Generate(to); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"docs/operations.md":                              "| fresh | 0 to 2 |",
		"go.work":                                         "\t./functions/fresh\n\t./functions/gateway\n",
		"functions/gateway/registry.go":                   `{"/api/fresh", "fresh"},`,
		"dapr/base/pubsub.yaml":                           "scopes:\n  - fresh\n",
		"dapr/base/statestore.yaml":                       "scopes:\n  - fresh\n",
		"dapr/base/resiliency.yaml":                       "    apps:\n      fresh:\n        retry: invocation\n",
		"dapr/base/subscriptions.yaml":                    "# Consumes task.deleted.\n",
		"dapr/base/clocks.yaml":                           "value: \"@every 1m\"\n",
		"dapr/cluster/endpoints.yaml":                     "baseUrl: http://fresh.taskwire.svc.cluster.local\nscopes:\n  - gateway\n",
		"eventing/base/functions/addresses.yaml":          "  CONSUMER_TOPICS: >-\n    fresh=task-events\n  FUNCTION_URLS: >-\n    fresh=http://fresh.taskwire.svc.cluster.local\n",
		"eventing/base/functions/sources.yaml":            "consumerGroup: fresh\n",
		"shared/cloudevent/published.go":                  `"account.notice":`,
		"eventing/base/functions/clocks.yaml":             "schedule: \"0 * * * *\"\n",
		"eventing/base/functions/policies.yaml":           "name: may-reach-broker\n  annotations:\n    taskwire.dev/servers: redpanda.taskwire.svc.cluster.local:9092\nspec:\n  podSelector:\n    matchExpressions:\n      - key: function.knative.dev/name\n        operator: In\n        values: [fresh, gateway]\n",
		"eventing/base/functions/disruption-budgets.yaml": "maxUnavailable: 50%\n",
		"eventing/overlays/production/consumers.yaml":     "consumers: 3\n",
	} {
		content, err := os.ReadFile(filepath.Join(to, path))
		if err != nil || !strings.Contains(string(content), want) {
			t.Errorf("%s does not contain %q: %v\n%s", path, want, err, content)
		}
		if path != "go.work" && !strings.Contains(string(content), "Code generated by "+generated.Command) {
			t.Errorf("%s does not say that it is generated", path)
		}
	}
	if err := Check(to); err != nil {
		t.Errorf("after it was generated: %v", err)
	}
	put(t, filepath.Join(to, "eventing/base/functions/sources.yaml"), "# edited")
	if err := Check(to); err == nil || err.Error() != "eventing/base/functions/sources.yaml is out of date: run make generate" {
		t.Errorf("after an edit: %v", err)
	}
}

// TestPolicies_LetFunctionsWithDigitsCall: without its name in the policy its connections time out.
func TestPolicies_LetFunctionsWithDigitsCall(t *testing.T) {
	t.Parallel()
	to := repository(t)
	put(t, filepath.Join(to, "functions", "caller", "func.yaml"), "name: caller\nrun:\n  envs: [{name: EXPORT_URL, value: '{{ configMap:taskwire-config:V2_EXPORT_URL }}'}]\n")
	r, err := Load(to)
	if err != nil {
		t.Fatal(err)
	}
	content, err := policies(r, nil)
	if err != nil || !strings.Contains(string(content), "values: [caller]") {
		t.Errorf("the policy does not name the caller: %v\n%s", err, content)
	}
}

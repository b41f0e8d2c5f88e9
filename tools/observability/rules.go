package observability

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"sigs.k8s.io/yaml"
)

// runbooks is the document that explains each alert under a heading with its name.
const runbooks = "docs/runbooks.md"

// severities are the values of the label severity: critical needs somebody now, warning during the day.
var severities = []string{"critical", "warning"}

// ruleFile is a file of rules in Prometheus' format.
type ruleFile struct {
	Groups []struct {
		Name     string `json:"name"`
		Interval string `json:"interval"`
		Rules    []rule `json:"rules"`
	} `json:"groups"`
}

// rule is a recording or an alerting rule.
type rule struct {
	Record      string            `json:"record"`
	Alert       string            `json:"alert"`
	Expr        string            `json:"expr"`
	For         string            `json:"for"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

// testFile is a file for `promtool test rules`, as far as it is needed here; promtool itself reads it strictly.
type testFile struct {
	Tests []struct {
		Alerts []struct {
			At       string `json:"eval_time"`
			Name     string `json:"alertname"`
			Expected []any  `json:"exp_alerts"`
		} `json:"alert_rule_test"`
	} `json:"tests"`
}

func ruleFiles(root string) ([]string, error) {
	return filepath.Glob(filepath.Join(root, folder, "rules", "*.yaml"))
}

func testFiles(root string) ([]string, error) {
	return filepath.Glob(filepath.Join(root, folder, "rules", "tests", "*.yaml"))
}

// readAll decodes files.
func readAll[T any](paths []string, unmarshal func([]byte, any) error) ([]T, error) {
	found := make([]T, len(paths))
	for i, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if err := unmarshal(content, &found[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return found, nil
}

func readRules(root string) ([]rule, error) {
	paths, err := ruleFiles(root)
	if err != nil {
		return nil, err
	}
	files, err := readAll[ruleFile](paths, func(content []byte, file any) error { return yaml.UnmarshalStrict(content, file) })
	if err != nil {
		return nil, err
	}
	var rules []rule
	for _, file := range files {
		for _, group := range file.Groups {
			rules = append(rules, group.Rules...)
		}
	}
	return rules, nil
}

// tested says for an alert whether a test sees it fire and then clear.
type tested map[string]struct{ fires, clears bool }

func readTests(root string) (tested, error) {
	paths, err := testFiles(root)
	if err != nil {
		return nil, err
	}
	files, err := readAll[testFile](paths, func(content []byte, file any) error { return yaml.Unmarshal(content, file) })
	if err != nil {
		return nil, err
	}
	found := tested{}
	for i, file := range files {
		for _, test := range file.Tests {
			fired := map[string]time.Duration{}
			for _, a := range test.Alerts {
				at, err := time.ParseDuration(a.At)
				if err != nil {
					return nil, fmt.Errorf("%s: eval_time: %w", paths[i], err)
				}
				was := found[a.Name]
				first, hasFired := fired[a.Name]
				switch {
				case len(a.Expected) > 0:
					was.fires = true
					fired[a.Name] = at
				case hasFired && at > first:
					was.clears = true
				}
				found[a.Name] = was
			}
		}
	}
	return found, nil
}

var heading = regexp.MustCompile(`(?m)^#+ +(.+?) *$`)

// headings are the headings of a document.
func headings(path string) ([]string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, m := range heading.FindAllSubmatch(content, -1) {
		found = append(found, string(m[1]))
	}
	return found, nil
}

func checkAlerts(rules []rule, tests tested, runbook []string) (problems []error) {
	seen := map[string]bool{}
	for _, r := range rules {
		if r.Alert == "" {
			continue
		}
		wrong := func(format string, args ...any) {
			problems = append(problems, fmt.Errorf("alert %s: "+format, append([]any{r.Alert}, args...)...))
		}
		if seen[r.Alert] {
			wrong("is there twice")
		}
		seen[r.Alert] = true
		if !slices.Contains(severities, r.Labels["severity"]) {
			wrong("severity is %q; want one of %s", r.Labels["severity"], strings.Join(severities, ", "))
		}
		for _, key := range []string{"summary", "description"} {
			if r.Annotations[key] == "" {
				wrong("has no %s", key)
			}
		}
		if want := runbooks + "#" + strings.ToLower(r.Alert); r.Annotations["runbook_url"] != want {
			wrong("runbook_url is %q, want %q", r.Annotations["runbook_url"], want)
		}
		if !slices.Contains(runbook, r.Alert) {
			wrong("%s has no heading with its name", runbooks)
		}
		if t := tests[r.Alert]; !t.fires || !t.clears {
			wrong("no test in %s/rules/tests sees it fire and then clear", folder)
		}
	}
	return problems
}

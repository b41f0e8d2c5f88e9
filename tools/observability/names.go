package observability

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/VictoriaMetrics/metricsql"
)

// Metric is one of eventing/observability/metrics.txt.
type Metric struct {
	Name string
	// Type is counter, gauge or histogram.
	Type string
	// By is who emits it: functions, sidecars, engine, cluster or optional.
	By string
}

var (
	metricTypes = []string{"counter", "gauge", "histogram"}
	emitters    = []string{"functions", "sidecars", "engine", "cluster", "optional"}
)

// Catalogue reads the metrics that rules and boards may name.
func Catalogue(root string) ([]Metric, error) {
	path := filepath.Join(root, folder, "metrics.txt")
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var found []Metric
	for line := range strings.Lines(string(content)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) != 3 || !slices.Contains(metricTypes, fields[1]) || !slices.Contains(emitters, fields[2]) {
			return nil, fmt.Errorf("%s: %q: want a name, a type (%s) and who emits it (%s)",
				path, line, strings.Join(metricTypes, ", "), strings.Join(emitters, ", "))
		}
		found = append(found, Metric{fields[0], fields[1], fields[2]})
	}
	return found, nil
}

// series are the names under which a metric is stored.
func (m Metric) series() []string {
	if m.Type == "histogram" {
		return []string{m.Name + "_bucket", m.Name + "_sum", m.Name + "_count"}
	}
	return []string{m.Name}
}

// checkNames finds names in rules and boards that no metric of the catalogue and no recording rule has, and metrics of the
// catalogue that none names.
func checkNames(catalogue []Metric, rules []rule, boards []boardQuery) (problems []error) {
	known := map[string]string{}
	for _, m := range catalogue {
		for _, name := range m.series() {
			known[name] = m.Name
		}
	}
	for _, r := range rules {
		if r.Record != "" {
			known[r.Record] = r.Record
		}
	}
	named := map[string]bool{}
	check := func(where, expr string) {
		selectors, err := selectorsOf(expr)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %s: %w", where, expr, err))
		}
		for _, s := range selectors {
			metric, ok := known[s.metric]
			if !ok {
				problems = append(problems, fmt.Errorf("%s names %s, which is not in %s/metrics.txt", where, s.metric, folder))
			}
			named[metric] = true
		}
	}
	for _, r := range rules {
		check("rule "+r.Alert+r.Record, r.Expr)
	}
	for _, b := range boards {
		check("board "+b.board, b.expr)
	}
	for _, m := range catalogue {
		if !named[m.Name] {
			problems = append(problems, fmt.Errorf("%s/metrics.txt has %s, which no rule and no board names", folder, m.Name))
		}
	}
	return problems
}

// checkSelectors finds boards that select other series of a cluster's metric than the rules do. No test sees such a metric, so nobody
// would notice a panel that is always empty.
func checkSelectors(catalogue []Metric, rules []rule, boards []boardQuery) (problems []error) {
	ruled := map[string][]string{}
	for _, m := range catalogue {
		if m.By == "cluster" {
			ruled[m.Name] = nil
		}
	}
	for _, r := range rules {
		selectors, _ := selectorsOf(r.Expr) // checkNames reports what cannot be parsed
		for _, s := range selectors {
			if texts, ok := ruled[s.metric]; ok {
				ruled[s.metric] = append(texts, s.text)
			}
		}
	}
	for _, b := range boards {
		selectors, _ := selectorsOf(b.expr)
		for _, s := range selectors {
			if texts := ruled[s.metric]; len(texts) > 0 && !slices.Contains(texts, s.text) {
				problems = append(problems, fmt.Errorf("board %s selects %s, and the rules %s", b.board, s.text, strings.Join(texts, ", ")))
			}
		}
	}
	return problems
}

// variable is what Grafana replaces in a query.
var variable = strings.NewReplacer("$__rate_interval", "5m", "$__range", "1h")

// selector is a metric that an expression reads, and the text that selects its series.
type selector struct{ metric, text string }

// selectorsOf are the selectors of an expression.
func selectorsOf(expr string) ([]selector, error) {
	parsed, err := metricsql.Parse(variable.Replace(expr))
	if err != nil {
		return nil, err
	}
	var selectors []selector
	metricsql.VisitAll(parsed, func(e metricsql.Expr) {
		if m, ok := e.(*metricsql.MetricExpr); ok {
			for _, filters := range m.LabelFilterss {
				for _, f := range filters {
					if f.Label == "__name__" {
						selectors = append(selectors, selector{f.Value, string(m.AppendString(nil))})
					}
				}
			}
		}
	})
	return selectors, nil
}

// boardQuery is a query of a board.
type boardQuery struct{ board, expr string }

var labelValues = regexp.MustCompile(`^label_values\((.+), *\w+\)$`)

// boardQueries are all queries of the boards, those of their variables too.
func boardQueries(root string) ([]boardQuery, error) {
	type board struct {
		Panels []struct {
			Targets []struct {
				Expr string `json:"expr"`
			} `json:"targets"`
		} `json:"panels"`
		Templating struct {
			List []struct {
				Type  string `json:"type"`
				Query any    `json:"query"`
			} `json:"list"`
		} `json:"templating"`
	}
	paths, err := filepath.Glob(filepath.Join(root, folder, "boards", "*.json"))
	if err != nil {
		return nil, err
	}
	boards, err := readAll[board](paths, json.Unmarshal)
	if err != nil {
		return nil, err
	}
	var found []boardQuery
	for i, b := range boards {
		path := paths[i]
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		for _, p := range b.Panels {
			for _, t := range p.Targets {
				found = append(found, boardQuery{name, t.Expr})
			}
		}
		for _, v := range b.Templating.List {
			if v.Type != "query" {
				continue
			}
			m := labelValues.FindStringSubmatch(fmt.Sprint(v.Query))
			if m == nil {
				return nil, fmt.Errorf("%s: variable with the query %v; want label_values(METRIC, LABEL)", path, v.Query)
			}
			found = append(found, boardQuery{name, m[1]})
		}
	}
	return found, nil
}

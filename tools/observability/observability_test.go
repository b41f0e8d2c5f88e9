package observability

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

func TestRepository_IsRight(t *testing.T) {
	t.Parallel()
	if err := Check(root); err != nil {
		t.Error(err)
	}
}

func TestSelectorsOf(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string][]selector{
		`sum(rate(a_count{service_name=~"$service"}[$__rate_interval])) / on () b`: {{"a_count", `a_count{service_name=~"$service"}`}, {"b", "b"}},
		`histogram_quantile(0.99, sum by (le) (rate(c_bucket[5m])))`:               {{"c_bucket", "c_bucket"}},
		`{__name__="d"} unless time() > 3`:                                         {{"d", "d"}},
	} {
		got, err := selectorsOf(expr)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s has %q, %v; want %q", expr, got, err, want)
		}
	}
	if _, err := selectorsOf("sum(rate(a["); err == nil {
		t.Error("accepted a query that is cut off")
	}
}

func TestCheckSelectors(t *testing.T) {
	t.Parallel()
	catalogue := []Metric{{"expires", "gauge", "cluster"}, {"created", "gauge", "cluster"}, {"requests", "counter", "functions"}}
	rules := []rule{{Alert: "Expires", Expr: `min(expires{name="front"}) - time() < 60 or expires{name="back", zone="a"} < 60`}, {Alert: "Errors", Expr: `requests{code="500"} > 1`}}
	for expr, want := range map[string]string{
		`min(expires{name="front"}) - time()`: "",
		`expires{name="back",zone="a"}`:       "",
		`requests{code="200"}`:                "", // a test sees whether it is emitted
		`created{name="key"}`:                 "", // no rule names it
		`min(expires{namespace="front"})`:     `board dates selects expires{namespace="front"}, and the rules expires{name="front"}, expires{name="back",zone="a"}`,
		`expires`:                             `board dates selects expires, and the rules`,
	} {
		err := errors.Join(checkSelectors(catalogue, rules, []boardQuery{{"dates", expr}})...)
		if (err != nil) != (want != "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", expr, err, want)
		}
	}
}

func TestCheckAlerts_RefusesMistakes(t *testing.T) {
	t.Parallel()
	good := func() rule {
		return rule{
			Alert: "Late", Labels: map[string]string{"severity": "warning"},
			Annotations: map[string]string{"summary": "s", "description": "d", "runbook_url": "docs/runbooks.md#late"},
		}
	}
	tests := tested{"Late": {fires: true, clears: true}}
	if problems := checkAlerts([]rule{good()}, tests, []string{"Late"}); len(problems) > 0 {
		t.Fatal(problems)
	}
	for want, change := range map[string]func(*rule, tested, *[]string){
		"severity is":    func(r *rule, _ tested, _ *[]string) { r.Labels["severity"] = "page" },
		"no summary":     func(r *rule, _ tested, _ *[]string) { delete(r.Annotations, "summary") },
		"runbook_url is": func(r *rule, _ tested, _ *[]string) { r.Annotations["runbook_url"] = "docs/runbooks.md" },
		"no heading":     func(_ *rule, _ tested, headings *[]string) { *headings = nil },
		"fire and then":  func(_ *rule, tests tested, _ *[]string) { delete(tests, "Late") },
	} {
		r, tests, headings := good(), tested{"Late": {fires: true, clears: true}}, []string{"Late"}
		change(&r, tests, &headings)
		problems := checkAlerts([]rule{r}, tests, headings)
		if err := errors.Join(problems...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if problems := checkAlerts([]rule{good(), good()}, tests, []string{"Late"}); len(problems) != 1 {
		t.Errorf("an alert that is there twice: %v", problems)
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v1/label/__name__/values" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(`{"status":"success","data":["a_total","b_seconds_bucket","b_seconds_count","b_seconds_sum"]}`))
	}))
	t.Cleanup(server.Close)
	got, err := Missing(t.Context(), server.URL+"/", []Metric{
		{"a_total", "counter", "functions"}, {"b_seconds", "histogram", "functions"}, {"c", "gauge", "functions"},
	})
	if err != nil || !slices.Equal(got, []string{"c"}) {
		t.Errorf("missing %q, %v; want c", got, err)
	}
	if _, err := Missing(t.Context(), server.URL+"/other", nil); err == nil {
		t.Error("accepted an answer that is no list")
	}
}

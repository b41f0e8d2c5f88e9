package observability

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	"taskwire.dev/shared/fault"
)

// maxAlerts bounds a response: a broken rule may have an alert for each of thousands of series.
const maxAlerts = 500

// The states of an alert.
const (
	Inactive = "inactive"
	Pending  = "pending" // its condition holds, and not yet for long enough
	Firing   = "firing"
)

// Alert is an alert, or a rule without one.
type Alert struct {
	Name     string `json:"name"`
	Severity string `json:"severity"`
	State    string `json:"state"`
	// Since is when its condition began to hold; nil if it does not.
	Since *time.Time `json:"since"`
	// Summary is empty if it is inactive and names what it found.
	Summary    string            `json:"summary"`
	RunbookURL string            `json:"runbook_url"`
	Labels     map[string]string `json:"labels"` // what tells it from the other alerts of its rule
}

// Alerts evaluates the rules.
type Alerts struct{ store *store }

// NewAlerts returns what evaluates the rules at the URL that c names.
func NewAlerts(c Config) (*Alerts, error) {
	s, err := newStore("what evaluates the alerts", "alerts are not evaluated here: start with OBSERVE=1, or configure RULES_URL", c.RulesURL)
	return &Alerts{s}, err
}

// rules is the response of Prometheus' API, which vmalert has too.
type rules struct {
	Data struct {
		Groups []struct {
			Rules []rule `json:"rules"`
		} `json:"groups"`
	} `json:"data"`
}

type rule struct {
	Type        string            `json:"type"`
	Name        string            `json:"name"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	Alerts      []struct {
		State       string            `json:"state"`
		Labels      map[string]string `json:"labels"`
		Annotations map[string]string `json:"annotations"`
		ActiveAt    *time.Time        `json:"activeAt"`
	} `json:"alerts"`
}

// List returns the alerts of all rules, firing ones first, and the rules that have none.
func (a *Alerts) List(ctx context.Context) ([]Alert, error) {
	var said rules
	err := a.store.get(ctx, "/api/v1/rules?type=alert", func(r io.Reader) error { return json.NewDecoder(r).Decode(&said) })
	if fault.Is(err, fault.NotFound) { // RULES_URL is something else
		err = fault.WrapUnavailable(a.store.name, err)
	}
	if err != nil {
		return nil, err
	}
	items := []Alert{}
	for _, group := range said.Data.Groups {
		for _, rule := range group.Rules {
			if rule.Type == "alerting" {
				items = append(items, rule.items()...)
			}
		}
	}
	slices.SortStableFunc(items, func(a, b Alert) int {
		return cmp.Or(urgency(a.State)-urgency(b.State), gravity(a.Severity)-gravity(b.Severity), strings.Compare(a.Name, b.Name))
	})
	return items[:min(len(items), maxAlerts)], nil
}

func (r rule) items() []Alert {
	var items []Alert
	for _, alert := range r.Alerts {
		if alert.State == Pending || alert.State == Firing {
			items = append(items, r.item(alert.State, alert.ActiveAt, alert.Labels, alert.Annotations))
		}
	}
	if items == nil {
		items = []Alert{r.item(Inactive, nil, r.Labels, r.Annotations)}
	}
	return items
}

func (r rule) item(state string, since *time.Time, labels, annotations map[string]string) Alert {
	a := Alert{
		Name: cut(r.Name), Severity: cut(labels["severity"]), State: state, Summary: cut(annotations["summary"]),
		RunbookURL: cut(annotations["runbook_url"]), Labels: map[string]string{},
	}
	if since != nil {
		a.Since = new(since.UTC())
	}
	if strings.Contains(a.Summary, "{{") { // a template, which is filled in for each alert
		a.Summary = ""
	}
	for name, value := range labels {
		// The rule's own labels are those of all its alerts; vmalert adds alertgroup.
		if _, same := r.Labels[name]; !same && name != "alertname" && name != "alertgroup" && len(a.Labels) < 20 {
			a.Labels[cut(name)] = cut(value)
		}
	}
	return a
}

func urgency(state string) int { return slices.Index([]string{Firing, Pending, Inactive}, state) }

// gravity puts what is critical first, and an unknown severity last.
func gravity(severity string) int {
	known := []string{"critical", "warning", "info"}
	if i := slices.Index(known, severity); i >= 0 {
		return i
	}
	return len(known)
}

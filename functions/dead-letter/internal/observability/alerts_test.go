package observability

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"taskwire.dev/shared/fault"
)

const rulesPath = "/api/v1/rules?type=alert"

func alerts(t *testing.T, answer any) ([]Alert, error) {
	t.Helper()
	source, err := NewAlerts(serve(t, map[string]any{rulesPath: answer}))
	if err != nil {
		t.Fatal(err)
	}
	return source.List(t.Context())
}

// TestTheRecordedRules: testdata/rules.json is an answer of vmalert with some of Taskwire's rules and two dead letters.
func TestTheRecordedRules(t *testing.T) {
	t.Parallel()
	got, err := alerts(t, recorded(t, "rules.json"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, a := range got {
		names = append(names, a.State+" "+a.Severity+" "+a.Name)
	}
	if want := []string{
		"firing critical DeadLetters", "firing critical DeadLetters", "inactive critical BackupOld", "inactive warning ConsumerLag",
		"inactive warning SigningKeyOld", "inactive warning SyncSlow",
	}; !slices.Equal(names, want) {
		t.Errorf("got %q\nwant %q", names, want)
	}
	letters := got[0]
	if letters.Summary == "" || letters.RunbookURL != "docs/runbooks.md#deadletters" || letters.Since == nil || letters.Since.Location().String() != "UTC" {
		t.Errorf("%+v", letters)
	}
	if want := map[string]string{"consumer": "mcp"}; !maps.Equal(letters.Labels, want) {
		t.Errorf("labels %v, want %v", letters.Labels, want)
	}
	if lag := got[3]; lag.Summary != "" || lag.Since != nil || lag.Labels == nil || len(lag.Labels) != 0 {
		t.Errorf("an inactive rule: %+v", lag)
	}
}

func TestAlerts_OrderAndBound(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for i := range maxAlerts {
		fmt.Fprintf(&many, `,{"state":"pending","labels":{"severity":"info","n":"%d"}}`, i)
	}
	got, err := alerts(t, `{"data":{"groups":[{"rules":[
		{"type":"recording","name":"r"},
		{"type":"alerting","name":"Odd","labels":{},"alerts":[{"state":"firing","labels":{}},{"state":"inactive"}`+many.String()+`]},
		{"type":"alerting","name":"Worse","labels":{"severity":"critical"},"alerts":[{"state":"firing","labels":{"severity":"critical"},"annotations":{"summary":"{{ $x }}"}}]}
	]}]}}`)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != maxAlerts || got[0].Name != "Worse" || got[0].Summary != "" || got[1].Name != "Odd" || got[1].State != Firing || got[2].State != Pending {
		t.Errorf("%d alerts: %+v", len(got), got[:3])
	}
}

func TestAlerts_Refused(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]any{"an error": 500, "no such path": 404, "no JSON": "<html>", "half": `{"data":{"groups":[`} {
		if _, err := alerts(t, answer); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	none, err := NewAlerts(Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := none.List(t.Context()); !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "OBSERVE=1, or configure RULES_URL") {
		t.Error(err)
	}
	if got, err := alerts(t, `{"status":"success","data":{"groups":[]}}`); err != nil || got == nil || len(got) != 0 {
		t.Errorf("no rules: %v, %v", got, err)
	}
}

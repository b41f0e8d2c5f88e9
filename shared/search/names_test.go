package search_test

import (
	_ "embed"
	"encoding/json"
	"testing"

	"taskwire.dev/shared/search"
)

//go:embed names.json
var names []byte

// TestNamesThatAreOne: the dashboard's query language compares by the same rules, and is tested by the same pairs.
func TestNamesThatAreOne(t *testing.T) {
	t.Parallel()
	var pairs []struct {
		A, B string
		Same bool
	}
	if err := json.Unmarshal(names, &pairs); err != nil || len(pairs) < 20 {
		t.Fatalf("%d pairs, %v", len(pairs), err)
	}
	for _, p := range pairs {
		for kind, got := range map[string]bool{
			"projects": search.ProjectName(p.A) == search.ProjectName(p.B),
			"sections": search.SectionName("Home", p.A) == search.SectionName("HOME", p.B),
			"tags":     search.TagName(p.A) == search.TagName(p.B),
		} {
			if got != p.Same {
				t.Errorf("%s %q and %q are one: %t", kind, p.A, p.B, got)
			}
		}
		if search.SectionName("Home", p.A) == search.SectionName("Work", p.A) {
			t.Errorf("%q is one section in two projects", p.A)
		}
	}
}

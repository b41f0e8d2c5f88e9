package command

import (
	"slices"
	"testing"
)

func TestTagChanges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		changes       TagChanges
		current, want []string
	}{
		"added behind the others":      {TagChanges{Add: []string{"b"}}, []string{"a"}, []string{"a", "b"}},
		"added again":                  {TagChanges{Add: []string{"A"}}, []string{"a"}, []string{"a"}},
		"removed in another spelling":  {TagChanges{Remove: []string{"CAFE"}}, []string{"café", "b"}, []string{"b"}},
		"removed what is not there":    {TagChanges{Remove: []string{"x"}}, []string{"a"}, []string{"a"}},
		"both":                         {TagChanges{Add: []string{"new"}, Remove: []string{"old"}}, []string{"old", "kept"}, []string{"kept", "new"}},
		"trimmed, NFC, each only once": {TagChanges{Add: []string{" cafe\u0301 ", "Café"}}, nil, []string{"café"}},
		"nothing":                      {TagChanges{}, []string{"a"}, []string{"a"}},
	} {
		checked, err := c.changes.Check()
		if got := checked.Apply(c.current); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, %v, want %q", name, got, err, c.want)
		}
	}
	for name, c := range map[string]TagChanges{
		"empty":             {Add: []string{" "}},
		"invisible":         {Add: []string{"\u200b"}},
		"added and removed": {Add: []string{"a"}, Remove: []string{"A"}},
	} {
		if _, err := c.Check(); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestNamesAreComposedAndVisible(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	d, err := Input{Title: text("Milk"), Project: text(" Cafe\u0301 "), Tags: []string{"a", "A", "cafe\u0301"}}.Draft()
	if err != nil || *d.Project != "Café" || !slices.Equal(d.Tags, []string{"a", "café"}) {
		t.Errorf("%q, %q, %v", *d.Project, d.Tags, err)
	}
	for _, title := range []string{"\u200b", "\u2060\u00ad", "\ufe0f", "\u3164"} {
		if _, err := (Input{Title: &title}).Draft(); err == nil {
			t.Errorf("the title %+q is accepted", title)
		}
	}
}

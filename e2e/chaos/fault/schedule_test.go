package fault

import (
	"slices"
	"strings"
	"testing"
)

func everything() Can {
	return Can{Kinds: All(), Parts: []string{"tasks", "gateway", "tasks-dapr", "redis"}, Disks: []string{"broker"}, Links: []string{"all to tasks"}}
}

func TestSchedule_ASeedRepeatsIt(t *testing.T) {
	t.Parallel()
	one, same, other := NewSchedule(1, everything()), NewSchedule(1, everything()), NewSchedule(2, everything())
	differs := false
	for range 300 {
		a, b, c := one.Next(), same.Next(), other.Next()
		if a != b {
			t.Fatalf("%s, then %s", a, b)
		}
		differs = differs || a != c
	}
	if !differs {
		t.Error("two seeds have the same schedule")
	}
}

func TestSchedule_DealsEveryKindAndEveryPart(t *testing.T) {
	t.Parallel()
	s := NewSchedule(1, everything())
	var kinds []Kind
	killed := map[string]int{}
	for range len(s.can.Parts) * 50 {
		f := s.Next()
		kinds = append(kinds, f.Kind)
		if f.Kind == Kill {
			killed[f.Part]++
		}
		if f.Part == "" && f.Kind != Clock && f.Kind != Supervisor && f.Kind != PowerCut {
			t.Fatalf("%s has no target", f)
		}
	}
	for _, k := range All() {
		if !slices.Contains(kinds, k) {
			t.Errorf("%s never occurred", k)
		}
	}
	for _, part := range s.can.Parts {
		if killed[part] == 0 {
			t.Errorf("%s was never killed", part)
		}
	}
}

func TestRestrict_LeavesOutWhatCannotBeDone(t *testing.T) {
	t.Parallel()
	can := Can{Kinds: All(), Parts: []string{"tasks"}}
	if err := can.Restrict(); err != nil {
		t.Fatal(err)
	}
	s := NewSchedule(1, can)
	for range 200 {
		switch f := s.Next(); f.Kind {
		case DiskFull, Cut, Slow, Stall:
			t.Fatalf("%s cannot be injected", f)
		}
	}
}

func TestRestrict_RefusesWhenNothingIsLeft(t *testing.T) {
	t.Parallel()
	can := Can{Kinds: []Kind{DiskFull}, Parts: []string{"tasks"}}
	if err := can.Restrict(); err == nil || !strings.Contains(err.Error(), string(DiskFull)) {
		t.Errorf("%v, want an error with the name of the fault", err)
	}
}

func TestMatching(t *testing.T) {
	t.Parallel()
	for words, want := range map[string][]Kind{"": All(), "disk": {DiskFull}, "network,disk": {DiskFull, Slow, Stall}} {
		if got, err := Matching(words); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v; want %q", words, got, err, want)
		}
	}
	for words, wrong := range map[string]string{"typo": `"typo"`, "disk,typo": `"typo"`, "disk,": `""`} {
		if got, err := Matching(words); err == nil || !strings.Contains(err.Error(), wrong) {
			t.Errorf("%q: %q, %v; want an error with %s", words, got, err, wrong)
		}
	}
}

func TestSibling(t *testing.T) {
	t.Parallel()
	for part, want := range map[string]string{
		"tasks": "tasks-2", "tasks-2": "tasks", "tasks-dapr": "tasks-2-dapr", "tasks-2-dapr": "tasks-dapr",
		"postgres": "", "all to tasks": "", "": "",
	} {
		if got := sibling(part); got != want {
			t.Errorf("of %q: %q, want %q", part, got, want)
		}
	}
}

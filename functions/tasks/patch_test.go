package function

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

func subject() *task.Task {
	project, due := "Home", time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	return &task.Task{
		ID: uuid.New(), Title: "Water the plants", Priority: 2, Project: &project, Tags: []string{"garden"}, DueAt: &due,
		Reminders: []string{"PT1H"}, Position: "a0", Version: 3,
	}
}

func TestMergePatch_ChangesWhatItNames(t *testing.T) {
	t.Parallel()
	current := subject()
	patch := mergePatch(current.ID, []byte(`{"title":"Water them","project":null,"position":null,"tags":["a","b"]}`), nil)
	got, err := patch.Draft(current, "a7")
	if err != nil {
		t.Fatal(err)
	}
	if got.Title != "Water them" || got.Project != nil || len(got.Tags) != 2 || got.Position != task.PositionAfter("a7") {
		t.Errorf("%+v", got)
	}
	if !got.DueAt.Equal(*current.DueAt) || got.Priority != current.Priority || len(got.Reminders) != 1 {
		t.Errorf("what was not named has changed: %+v", got)
	}
	if current.Title != "Water the plants" || current.Tags[0] != "garden" {
		t.Errorf("the task itself has changed: %+v", current)
	}
}

func TestMergePatch_SaysWhatIsToBeRead(t *testing.T) {
	t.Parallel()
	parent := uuid.New()
	for patch, want := range map[string]struct{ moves, completes bool }{
		`{"title":"x"}`:                           {},
		`{"completed":null}`:                      {completes: true},
		`{"completed":true}`:                      {completes: true},
		`{"parent_id":"` + parent.String() + `"}`: {moves: true},
		`{"parent_id":null}`:                      {},
		`{"parent_id":"x"}`:                       {},
		`nonsense`:                                {},
	} {
		got := mergePatch(uuid.New(), []byte(patch), nil)
		if (got.Parent != nil && *got.Parent == parent) != want.moves || got.Completes != want.completes {
			t.Errorf("%s: %+v", patch, got)
		}
	}
}

func TestMergePatch_RefusesWhatItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	for patch, want := range map[string]fault.Code{
		`{"titel":null}`: fault.Invalid, `{"title":null}`: fault.Invalid, `{"title":1}`: fault.Invalid, `null`: fault.Invalid,
		`{`: fault.Malformed, `{"tags":"x"}`: fault.Invalid,
	} {
		if _, err := mergePatch(uuid.New(), []byte(patch), nil).Draft(subject(), ""); !fault.Is(err, want) {
			t.Errorf("%s: %v, want %v", patch, err, want)
		}
	}
}

func TestMergePatch_ReadsTheSpellingsOfItsNames(t *testing.T) {
	t.Parallel()
	for patch, want := range map[string][]string{
		`{"title":"x"}`: nil,
		`{"project":" Work ","tags":["A","cafe\u0301"]}`: {"p:work", "t:a", "t:cafe"},
		`{"tags_add":["new"],"tags_remove":["old"]}`:     {"t:new"},
		`{"project":"a\u0000b"}`:                         nil, // merging reports it
		`{"tags":["` + strings.Repeat("x", 51) + `"]}`:   nil,
	} {
		if got := mergePatch(uuid.New(), []byte(patch), nil).Needs().Names; !slices.Equal(got, want) {
			t.Errorf("%s: %q", patch, got)
		}
	}
}

func TestMergePatch_AddsAndRemovesTags(t *testing.T) {
	t.Parallel()
	current := subject() // whose tags another device may have changed
	got, err := mergePatch(current.ID, []byte(`{"tags_add":["weekly"],"tags_remove":["Garden","gone"]}`), nil).Draft(current, "a7")
	if err != nil || len(got.Tags) != 1 || got.Tags[0] != "weekly" || got.Title != current.Title {
		t.Errorf("%+v, %v", got, err)
	}
	for patch, field := range map[string]string{
		`{"tags":["a"],"tags_add":["b"]}`:                  "/tags",
		`{"tags_add":"b"}`:                                 "/tags_add",
		`{"tags_add":[1]}`:                                 "/tags_add/0",
		`{"tags_remove":[""]}`:                             "/tags_remove",
		`{"tags_add":["a"],"tags_remove":["A"]}`:           "/tags_add",
		`{"tags_added":["a"]}`:                             "/tags_added",
		`{"tags_add":["` + strings.Repeat("x", 51) + `"]}`: "/tags_add",
	} {
		_, err := mergePatch(current.ID, []byte(patch), nil).Draft(current, "a7")
		if f := fault.From(err); f.Code != fault.Invalid || len(f.Fields) == 0 || f.Fields[0].Pointer != field {
			t.Errorf("%s: %+v", patch, err)
		}
	}
}

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
		Reminders: []task.Reminder{"PT1H"}, Position: "a0", Version: 3,
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

// A day replaces a moment and the other way round; both at once are invalid.
func TestMergePatch_ReplacesTheOtherDueDate(t *testing.T) {
	t.Parallel()
	const at, on = "2026-12-03T08:00:00Z", "2026-12-02"
	ofDay := subject()
	day, _ := task.ParseDate("2026-12-01")
	ofDay.DueAt, ofDay.DueDate = nil, &day
	for _, c := range []struct {
		task      *task.Task
		patch     string
		moment    string
		day       string
		isInvalid bool
	}{
		{task: subject(), patch: `{"due_date":"` + on + `"}`, day: on},
		{task: subject(), patch: `{"due_date":"` + on + `","due_at":null}`, day: on},
		{task: subject(), patch: `{"due_date":null}`, moment: "2026-12-01T08:00:00Z"},
		{task: subject(), patch: `{"due_at":null}`},
		{task: ofDay, patch: `{"due_at":"` + at + `"}`, moment: at},
		{task: ofDay, patch: `{"due_at":null}`, day: "2026-12-01"},
		{task: ofDay, patch: `{"due_at":"` + at + `","due_date":"` + on + `"}`, isInvalid: true},
	} {
		got, err := mergePatch(c.task.ID, []byte(c.patch), nil).Draft(c.task, "")
		if fault.Is(err, fault.Invalid) != c.isInvalid || err != nil != c.isInvalid {
			t.Errorf("%s: %v", c.patch, err)
		}
		if c.isInvalid {
			continue
		}
		moment, day := "", ""
		if got.DueAt != nil {
			moment = got.DueAt.Format(time.RFC3339)
		}
		if got.DueDate != nil {
			day = got.DueDate.String()
		}
		if moment != c.moment || day != c.day {
			t.Errorf("%s: due %q, on %q", c.patch, moment, day)
		}
	}
}

func TestMergePatch_SaysWhatIsToBeRead(t *testing.T) {
	t.Parallel()
	parent := uuid.New()
	for patch, moves := range map[string]bool{
		`{"title":"x"}`: false,
		`{"parent_id":"` + parent.String() + `"}`: true,
		`{"parent_id":null}`:                      false,
		`{"parent_id":"x"}`:                       false,
		`nonsense`:                                false,
	} {
		got := mergePatch(uuid.New(), []byte(patch), nil)
		if (got.Parent != nil && *got.Parent == parent) != moves {
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

package function

import (
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

package store

import (
	"slices"
	"testing"

	"taskwire.dev/shared/task"
	"taskwire.dev/shared/userlog/userlogtest"
)

// TestFirstSpellingOfANameStays: a project or tag in another case or form is the one that the user has.
func TestFirstSpellingOfANameStays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who, other := userlogtest.Principal(), userlogtest.Principal()
	named := func(project string, tags ...string) task.Draft {
		d := userlogtest.Draft("named")
		d.Project, d.Tags = &project, tags
		return d
	}
	first := b.Do(t, who, task.Create{Draft: named("Work", "Café")}).Task
	second := b.Do(t, who, task.Create{Draft: named("WORK", "cafe", "new")}).Task
	if *second.Project != "Work" || !slices.Equal(second.Tags, []string{"Café", "new"}) {
		t.Errorf("%q %q", *second.Project, second.Tags)
	}
	if same := b.Do(t, who, task.Replace{ID: first.ID, Draft: named("work", "CAFÉ")}); same.Event != nil {
		t.Errorf("another spelling is a change: %+v", same.Event.ChangedFields)
	}
	if theirs := b.Do(t, other, task.Create{Draft: named("work", "CAFÉ")}).Task; *theirs.Project != "work" || theirs.Tags[0] != "CAFÉ" {
		t.Errorf("another user's: %q %q", *theirs.Project, theirs.Tags)
	}
	// A tag and a project of one name are two things.
	if both := b.Do(t, who, task.Create{Draft: named("new", "work")}).Task; *both.Project != "new" || both.Tags[0] != "work" {
		t.Errorf("%q %q", *both.Project, both.Tags)
	}
}

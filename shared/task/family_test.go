package task_test

import (
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/task/tasktest"
)

// Reading relatives as stubs saves memory and changes nothing else.
func TestAChangeInStagesIsTheSameChange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		whole, staged := tasktest.NewBook(), tasktest.NewBook()
		staged.Stubs = true
		ids := []uuid.UUID{uuid.New()} // one that belongs to no task
		for range rapid.IntRange(1, 40).Draw(t, "commands") {
			c := tasktest.DrawCommand(t, ids)
			if rapid.IntRange(0, 9).Draw(t, "purge") == 0 {
				c = task.Purge{IDs: []uuid.UUID{rapid.SampledFrom(ids).Draw(t, "purged")}}
			}
			o, err := whole.Do(c)
			again, errAgain := staged.Do(c)
			if (err == nil) != (errAgain == nil) || o.TaskID != again.TaskID {
				t.Fatalf("%+v: %+v %v, and in stages %+v %v", c, o, err, again, errAgain)
			}
			if _, created := c.(task.Create); created && err == nil {
				ids = append(ids, o.TaskID)
			}
		}
		for id, want := range whole.Tasks {
			got := staged.Tasks[id]
			if got == nil || len(task.Diff(got, want)) > 0 || got.Version != want.Version || (got.DeletedAt == nil) != (want.DeletedAt == nil) ||
				got.Purged() != want.Purged() {
				t.Fatalf("in stages %+v, else %+v", got, want)
			}
		}
		if len(whole.Log) != len(staged.Log) {
			t.Fatalf("%d events in stages, else %d", len(staged.Log), len(whole.Log))
		}
		for i, e := range whole.Log {
			got := staged.Log[i]
			if got.TaskID != e.TaskID || got.EventType != e.EventType || got.Seq != e.Seq || string(got.Snapshot()) != string(e.Snapshot()) || string(got.Changes()) != string(e.Changes()) {
				t.Fatalf("event %d is %+v in stages, else %+v", i, got, e)
			}
		}
	})
}

func TestAFamilyHasABound(t *testing.T) {
	t.Parallel()
	b := tasktest.NewBook()
	top := b.Create(t, "top", nil)
	middle := b.Create(t, "middle", &top.ID)
	var last uuid.UUID
	for range task.MaxSubtasks - 1 {
		last = b.Create(t, "subtask", &middle.ID).ID
	}
	other := b.Create(t, "other", nil)
	child := b.Create(t, "with a child", &other.ID)
	create := func(parent uuid.UUID) task.Create {
		d := tasktest.Draft("one more")
		d.ParentID = &parent
		return task.Create{Draft: d}
	}
	move := func(id uuid.UUID, parent *uuid.UUID) task.Replace {
		d := tasktest.Draft("moved")
		d.ParentID = parent
		return task.Replace{ID: id, Draft: d}
	}
	refused := func(name string, c task.Command) {
		t.Helper()
		_, err := b.Do(c)
		if f := fault.From(err); err == nil || f.Code != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Pointer != "/parent_id" {
			t.Errorf("%s: %v", name, err)
		}
	}
	allowed := func(name string, c task.Command) {
		t.Helper()
		if _, err := b.Do(c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	refused("one more", create(last))
	refused("one more by a move", move(child.ID, &middle.ID))
	allowed("a move within the family", move(last, &top.ID))
	allowed("a move out of it", move(last, nil))
	refused("two more by a move", move(other.ID, &middle.ID))
	allowed("one more, in its place", move(child.ID, &middle.ID))
	refused("one more than that", create(middle.ID))
	allowed("a deletion", task.Delete{ID: child.ID})
	allowed("one more, since the trash does not count", create(middle.ID))
}

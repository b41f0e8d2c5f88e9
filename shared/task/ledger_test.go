package task_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/task/tasktest"
)

func TestReplayingTheLogGivesTheSameTasks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := tasktest.NewBook()
		ids := []uuid.UUID{uuid.New()} // one that belongs to no task
		for range rapid.IntRange(1, 40).Draw(t, "commands") {
			c := tasktest.DrawCommand(t, ids)
			o, err := b.Do(c)
			if err != nil {
				continue // a rejected command leaves no trace: the checks below would find one
			}
			if _, created := c.(task.Create); created {
				ids = append(ids, o.TaskID)
			}
		}
		replayed := map[uuid.UUID]*task.Task{}
		for i, e := range b.Log {
			if e.Seq != int64(i+1) {
				t.Fatalf("event %d has seq %d", i+1, e.Seq)
			}
			if len(e.ChangedFields) == 0 {
				t.Fatalf("event %d changed nothing", e.Seq)
			}
			if e.Task == nil {
				delete(replayed, e.TaskID)
			} else {
				replayed[e.TaskID] = e.Task
			}
		}
		for id, want := range b.Tasks {
			got := replayed[id]
			if (got == nil) != (want.DeletedAt != nil) {
				t.Fatalf("task %s: replayed %v, deleted at %v", id, got, want.DeletedAt)
			}
			if got != nil && (len(task.Diff(got, want)) > 0 || got.Version != want.Version) {
				t.Fatalf("task %s: replayed %+v, is %+v", id, got, want)
			}
			if got != nil && got.ParentID != nil && replayed[*got.ParentID] == nil {
				t.Fatalf("task %s is below a deleted one", id)
			}
		}
	})
}

func TestUnchangedTaskMakesNoEvent(t *testing.T) {
	t.Parallel()
	b := tasktest.NewBook()
	made := b.Create(t, "Water the plants", nil)
	for name, c := range map[string]task.Command{
		"replaced by itself":   task.Replace{ID: made.ID, Draft: task.Draft{Title: made.Title, Tags: []string{}}},
		"opened while open":    task.SetCompleted{ID: made.ID},
		"restored while there": task.Restore{ID: made.ID},
	} {
		o, err := b.Do(c)
		if err != nil || o.Event != nil || o.Task.Version != 1 {
			t.Errorf("%s: %+v, %v", name, o, err)
		}
	}
	if len(b.Log) != 1 {
		t.Errorf("%d events, want that of the creation alone", len(b.Log))
	}
}

func TestATaskIsNeverBelowItself(t *testing.T) {
	t.Parallel()
	b := tasktest.NewBook()
	root := b.Create(t, "root", nil)
	child := b.Create(t, "child", &root.ID)
	_, err := b.Do(task.Replace{ID: root.ID, Draft: task.Draft{Title: "root", ParentID: &child.ID}})
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("a cycle: %v", err)
	}
	parent := &root.ID
	for level := 2; ; level++ {
		o, err := b.Do(task.Create{Draft: task.Draft{Title: fmt.Sprint(level), ParentID: parent}})
		if level <= task.MaxDepth && err != nil || level > task.MaxDepth+1 {
			t.Fatalf("level %d: %v", level, err)
		}
		if err != nil {
			break
		}
		parent = &o.TaskID
	}
}

func TestDeletionTakesSubtasksAndRestorationBringsThemBack(t *testing.T) {
	t.Parallel()
	b := tasktest.NewBook()
	root := b.Create(t, "root", nil)
	child := b.Create(t, "child", &root.ID)
	earlier := b.Create(t, "deleted before", &root.ID)
	for _, c := range []task.Command{task.Delete{ID: earlier.ID}, task.Delete{ID: root.ID}} {
		if _, err := b.Do(c); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Do(task.Restore{ID: child.ID}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a child without its parent: %v", err)
	}
	if _, err := b.Do(task.Restore{ID: root.ID}); err != nil {
		t.Fatal(err)
	}
	for id, there := range map[uuid.UUID]bool{root.ID: true, child.ID: true, earlier.ID: false} {
		if (b.Tasks[id].DeletedAt == nil) != there {
			t.Errorf("%s: there = %t", b.Tasks[id].Title, !there)
		}
	}
}

func TestMovingATreeIsBoundedByItsOwnDepth(t *testing.T) {
	t.Parallel()
	b := tasktest.NewBook()
	chain := func(levels int) []*task.Task {
		out := []*task.Task{b.Create(t, "top", nil)}
		for len(out) < levels {
			out = append(out, b.Create(t, "below", &out[len(out)-1].ID))
		}
		return out
	}
	move := func(what, to *task.Task) error {
		_, err := b.Do(task.Replace{ID: what.ID, Draft: task.Draft{Title: "moved", Tags: []string{}, ParentID: &to.ID}})
		return err
	}
	four, seven := chain(4), chain(7)
	if err := move(seven[0], four[3]); !fault.Is(err, fault.Invalid) {
		t.Errorf("eleven levels: %v", err)
	}
	if err := move(seven[0], four[2]); err != nil {
		t.Errorf("ten levels: %v", err)
	}
}

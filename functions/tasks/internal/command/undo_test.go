package command

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/task/tasktest"
)

// book can also undo.
type book struct{ *tasktest.Book }

func newBook() book { return book{tasktest.NewBook()} }

func (b book) undo(events ...task.Event) (task.Outcome, error) {
	return b.Do(Undo{Events: events})
}

// newest is the last recorded event.
func (b book) newest() task.Event { return b.Log[len(b.Log)-1] }

// drawCommand draws a command, or a batch with one.
func drawCommand(t *rapid.T, ids []uuid.UUID) task.Command {
	if c := tasktest.DrawCommand(t, ids); rapid.IntRange(0, 5).Draw(t, "alone") > 0 {
		return c
	}
	return Batch{task.Delete{ID: rapid.SampledFrom(ids).Draw(t, "deleted")}, task.Create{Draft: tasktest.Draft("a")}}
}

func TestUndoingAChangeAndUndoingThat(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := newBook()
		ids := []uuid.UUID{uuid.New()}
		for range rapid.IntRange(1, 25).Draw(t, "commands") {
			before, from := maps.Clone(b.Tasks), len(b.Log)
			o, err := b.Do(drawCommand(t, ids))
			if err != nil || len(b.Log) == from {
				continue
			}
			ids = append(ids, o.TaskID)
			after, change := maps.Clone(b.Tasks), slices.Clone(b.Log[from:])
			from = len(b.Log)
			if _, err := b.undo(change...); err != nil {
				t.Fatalf("undo %+v: %v", change, err)
			}
			same(t, "undone", before, b.Tasks)
			if _, err := b.undo(slices.Clone(b.Log[from:])...); err != nil {
				t.Fatalf("undo the undo of %+v: %v", change, err)
			}
			same(t, "the undo undone", after, b.Tasks)
		}
	})
}

func TestUndo_AnEditOfOneOccurrence_ThatAlsoCompletesIt(t *testing.T) {
	t.Parallel()
	b := newBook()
	draft := tasktest.Draft("a")
	draft.Recurrence = &task.Recurrence{RRule: "FREQ=WEEKLY;BYDAY=MO", Mode: task.ModeSchedule}
	made, err := b.Do(task.Create{Draft: draft})
	if err != nil {
		t.Fatal(err)
	}
	due := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	draft.Completed, draft.DueAt = true, &due
	if _, err := b.Do(task.Replace{ID: made.TaskID, Draft: draft, Scope: task.ScopeThis}); err != nil {
		t.Fatal(err)
	}
	undone, err := b.undo(b.newest())
	if err != nil {
		t.Fatal(err)
	}
	if got := undone.Task; got.Completed || got.DueAt != nil || got.Timezone != nil || got.SeriesID != nil {
		t.Errorf("undone: %+v, want an open task without a due date, a zone and a series", got)
	}
}

func TestUndo_AnEditOfTheFirstOccurrence_ThatWasCompletedSince(t *testing.T) {
	t.Parallel()
	b := newBook()
	draft, due := tasktest.Draft("a"), time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	draft.DueAt, draft.Recurrence = &due, &task.Recurrence{RRule: "FREQ=DAILY", Mode: task.ModeSchedule}
	made, err := b.Do(task.Create{Draft: draft})
	if err != nil {
		t.Fatal(err)
	}
	draft.Title = "b"
	if _, err := b.Do(task.Replace{ID: made.TaskID, Draft: draft, Scope: task.ScopeThis}); err != nil {
		t.Fatal(err)
	}
	edited := b.newest()
	complete := task.SetCompleted{ID: made.TaskID, Completed: true}
	done, err := b.Do(complete)
	if err != nil {
		t.Fatal(err)
	}
	undone, err := b.undo(edited)
	if err != nil || undone.Task.Title != "a" || undone.Task.SeriesID == nil || undone.Task.Usual().Title != "a" {
		t.Errorf("undone: %+v, %v, want the title before and the series after", undone.Task, err)
	}
	if again, err := b.Do(complete); err != nil || again.Next.At == nil || !again.Next.At.Equal(*done.Next.At) {
		t.Errorf("completed again: %+v, %v, want %+v as before", again.Next, err, done.Next)
	}
}

// same fails the test unless a user sees both as the same.
func same(t *rapid.T, what string, want, got map[uuid.UUID]*task.Task) {
	for id, g := range got {
		w := want[id]
		if gone := w == nil || w.DeletedAt != nil; gone != (g.DeletedAt != nil) {
			t.Fatalf("%s: task %s is deleted: %v, want %v", what, id, g.DeletedAt != nil, gone)
		} else if !gone && len(task.Diff(w, g)) > 0 {
			t.Fatalf("%s: task %s differs: %v", what, id, task.Diff(w, g))
		}
	}
}

func TestUndoNamesWhatHasChangedSince(t *testing.T) {
	t.Parallel()
	title := func(s string) task.Draft {
		return task.Draft{Title: s, Tags: []string{}, Position: "a0"}
	}
	described := title("one")
	described.Description = "in detail"
	for name, c := range map[string]struct {
		done, since task.Command // after the creation of the task, whose id they get
		undone      int          // index of the event
		want        []string
	}{
		"the same field":            {task.Replace{Draft: title("two")}, task.Replace{Draft: title("three")}, 1, []string{"/title"}},
		"another field":             {task.Replace{Draft: title("two")}, nil, 1, nil},
		"deleted since":             {task.Replace{Draft: title("two")}, task.Delete{}, 1, []string{"/deleted"}},
		"restored since":            {task.Delete{}, task.Restore{}, 1, []string{"/deleted"}},
		"completed again":           {task.SetCompleted{Completed: true}, task.SetCompleted{}, 1, []string{"/completed"}},
		"created, and edited since": {task.Replace{Draft: described}, nil, 0, []string{"/description"}},
		"created, and deleted":      {task.Delete{}, nil, 0, []string{"/deleted"}},
	} {
		b := newBook()
		made, err := b.Do(task.Create{Draft: title("one")})
		if err != nil {
			t.Fatal(err)
		}
		for _, command := range []task.Command{c.done, c.since} {
			if command == nil {
				continue
			}
			if _, err := b.Do(with(command, made.TaskID)); err != nil {
				t.Fatal(name, err)
			}
		}
		_, err = b.undo(b.Log[c.undone])
		if len(c.want) == 0 {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		f := fault.From(err)
		var fields []string
		for _, field := range f.Fields {
			fields = append(fields, field.Pointer)
		}
		if f.Code != fault.Conflict || !slices.Equal(fields, c.want) {
			t.Errorf("%s: %v, want a conflict in %v", name, err, c.want)
		}
	}
}

// with returns the command for a task.
func with(c task.Command, id uuid.UUID) task.Command {
	switch c := c.(type) {
	case task.Replace:
		c.ID = id
		return c
	case task.Delete:
		return task.Delete{ID: id}
	case task.Restore:
		return task.Restore{ID: id}
	case task.SetCompleted:
		c.ID = id
		return c
	}
	return c
}

func TestUndoLeavesOtherFieldsAlone(t *testing.T) {
	t.Parallel()
	b := newBook()
	made := b.Create(t, "one", nil)
	if _, err := b.Do(task.Replace{ID: made.ID, Draft: task.Draft{Title: "two", Tags: []string{}}}); err != nil {
		t.Fatal(err)
	}
	renamed := b.newest()
	if _, err := b.Do(task.Replace{ID: made.ID, Draft: task.Draft{Title: "two", Priority: 3, Tags: []string{"x"}}}); err != nil {
		t.Fatal(err)
	}
	o, err := b.undo(renamed)
	if err != nil || o.Task.Title != "one" || o.Task.Priority != 3 || len(o.Task.Tags) != 1 {
		t.Errorf("%+v, %v", o.Task, err)
	}
}

func TestUndoOfADeletionBringsSubtasksBack(t *testing.T) {
	t.Parallel()
	b := newBook()
	root := b.Create(t, "root", nil)
	child := b.Create(t, "child", &root.ID)
	from := len(b.Log)
	if _, err := b.Do(task.Delete{ID: root.ID}); err != nil {
		t.Fatal(err)
	}
	removed := slices.Clone(b.Log[from:])
	if _, err := b.undo(removed[1]); !fault.Is(err, fault.Conflict) {
		t.Errorf("the child alone, below a deleted parent: %v", err)
	}
	if _, err := b.undo(removed[0]); err != nil || b.Tasks[child.ID].DeletedAt != nil {
		t.Errorf("%v; the child is deleted at %v", err, b.Tasks[child.ID].DeletedAt)
	}
}

func TestUndoOfACreationKeepsWhatIsBelow(t *testing.T) {
	t.Parallel()
	b := newBook()
	root := b.Create(t, "root", nil)
	created := b.newest()
	b.Create(t, "child", &root.ID)
	if _, err := b.undo(created); !fault.Is(err, fault.Conflict) {
		t.Errorf("subtasks would go unasked: %v", err)
	}
}

func TestUndoBelowAParentThatIsGoneIsAConflict(t *testing.T) {
	t.Parallel()
	b := newBook()
	parent := b.Create(t, "parent", nil)
	child := b.Create(t, "child", &parent.ID)
	if _, err := b.Do(task.Replace{ID: child.ID, Draft: task.Draft{Title: "child", Tags: []string{}}}); err != nil {
		t.Fatal(err)
	}
	moved := b.newest()
	if _, err := b.Do(task.Delete{ID: parent.ID}); err != nil {
		t.Fatal(err)
	}
	_, err := b.undo(moved)
	if f := fault.From(err); f.Code != fault.Conflict || len(f.Fields) != 1 || f.Fields[0].Pointer != "/parent_id" {
		t.Errorf("%v", err)
	}
}

func TestWhatIsNoChangeOfATaskCannotBeUndone(t *testing.T) {
	t.Parallel()
	b := newBook()
	made := b.Create(t, "one", nil)
	if _, err := b.undo(task.Event{EventType: "notification.created", TaskID: made.ID}); !fault.Is(err, fault.Conflict) {
		t.Error(err)
	}
	if _, err := b.undo(task.Event{EventType: task.Created, TaskID: uuid.New()}); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}

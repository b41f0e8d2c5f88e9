package task

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"taskwire.dev/shared/fault"
)

func (b *book) undo(events ...Event) (Outcome, error) {
	return b.do(Undo{Events: events})
}

// newest is the last recorded event.
func (b *book) newest() Event { return b.log[len(b.log)-1] }

func TestUndoingAChangeAndUndoingThat(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := newBook()
		ids := []uuid.UUID{uuid.New()}
		for range rapid.IntRange(1, 25).Draw(t, "commands") {
			before, from := maps.Clone(b.tasks), len(b.log)
			o, err := b.do(drawCommand(t, ids))
			if err != nil || len(b.log) == from {
				continue
			}
			ids = append(ids, o.TaskID)
			after, change := maps.Clone(b.tasks), slices.Clone(b.log[from:])
			from = len(b.log)
			if _, err := b.undo(change...); err != nil {
				t.Fatalf("undo %+v: %v", change, err)
			}
			same(t, "undone", before, b.tasks)
			if _, err := b.undo(slices.Clone(b.log[from:])...); err != nil {
				t.Fatalf("undo the undo of %+v: %v", change, err)
			}
			same(t, "the undo undone", after, b.tasks)
		}
	})
}

// same fails the test unless a user sees both as the same.
func same(t *rapid.T, what string, want, got map[uuid.UUID]*Task) {
	for id, g := range got {
		w := want[id]
		if gone := w == nil || w.DeletedAt != nil; gone != (g.DeletedAt != nil) {
			t.Fatalf("%s: task %s is deleted: %v, want %v", what, id, g.DeletedAt != nil, gone)
		} else if !gone && len(Diff(w, g)) > 0 {
			t.Fatalf("%s: task %s differs: %v", what, id, Diff(w, g))
		}
	}
}

func TestUndoNamesWhatHasChangedSince(t *testing.T) {
	t.Parallel()
	title := func(s string) Draft {
		return Draft{Title: s, Tags: []string{}, Reminders: []string{}, Position: "a0"}
	}
	described := title("one")
	described.Description = "in detail"
	for name, c := range map[string]struct {
		done, since Command // after the creation of the task, whose id they get
		undone      int     // index of the event
		want        []string
	}{
		"the same field":            {Replace{Draft: title("two")}, Replace{Draft: title("three")}, 1, []string{"/title"}},
		"another field":             {Replace{Draft: title("two")}, nil, 1, nil},
		"deleted since":             {Replace{Draft: title("two")}, Delete{}, 1, []string{"/deleted"}},
		"restored since":            {Delete{}, Restore{}, 1, []string{"/deleted"}},
		"completed again":           {SetCompleted{Completed: true}, SetCompleted{}, 1, []string{"/completed"}},
		"created, and edited since": {Replace{Draft: described}, nil, 0, []string{"/description"}},
		"created, and deleted":      {Delete{}, nil, 0, []string{"/deleted"}},
	} {
		b := newBook()
		made, err := b.do(Create{Draft: title("one")})
		if err != nil {
			t.Fatal(err)
		}
		for _, command := range []Command{c.done, c.since} {
			if command == nil {
				continue
			}
			if _, err := b.do(with(command, made.TaskID)); err != nil {
				t.Fatal(name, err)
			}
		}
		_, err = b.undo(b.log[c.undone])
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
func with(c Command, id uuid.UUID) Command {
	switch c := c.(type) {
	case Replace:
		c.ID = id
		return c
	case Delete:
		return Delete{ID: id}
	case Restore:
		return Restore{ID: id}
	case SetCompleted:
		c.ID = id
		return c
	}
	return c
}

func TestUndoLeavesOtherFieldsAlone(t *testing.T) {
	t.Parallel()
	b := newBook()
	made := b.create(t, "one", nil)
	if _, err := b.do(Replace{ID: made.ID, Draft: Draft{Title: "two", Tags: []string{}, Reminders: []string{}}}); err != nil {
		t.Fatal(err)
	}
	renamed := b.newest()
	if _, err := b.do(Replace{ID: made.ID, Draft: Draft{Title: "two", Priority: 3, Tags: []string{"x"}, Reminders: []string{}}}); err != nil {
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
	root := b.create(t, "root", nil)
	child := b.create(t, "child", &root.ID)
	from := len(b.log)
	if _, err := b.do(Delete{ID: root.ID}); err != nil {
		t.Fatal(err)
	}
	removed := slices.Clone(b.log[from:])
	if _, err := b.undo(removed[1]); !fault.Is(err, fault.Conflict) {
		t.Errorf("the child alone, below a deleted parent: %v", err)
	}
	if _, err := b.undo(removed[0]); err != nil || b.tasks[child.ID].DeletedAt != nil {
		t.Errorf("%v; the child is deleted at %v", err, b.tasks[child.ID].DeletedAt)
	}
}

func TestUndoOfACreationKeepsWhatIsBelow(t *testing.T) {
	t.Parallel()
	b := newBook()
	root := b.create(t, "root", nil)
	created := b.newest()
	b.create(t, "child", &root.ID)
	if _, err := b.undo(created); !fault.Is(err, fault.Conflict) {
		t.Errorf("subtasks would go unasked: %v", err)
	}
}

func TestUndoBelowAParentThatIsGoneIsAConflict(t *testing.T) {
	t.Parallel()
	b := newBook()
	parent := b.create(t, "parent", nil)
	child := b.create(t, "child", &parent.ID)
	if _, err := b.do(Replace{ID: child.ID, Draft: Draft{Title: "child", Tags: []string{}, Reminders: []string{}}}); err != nil {
		t.Fatal(err)
	}
	moved := b.newest()
	if _, err := b.do(Delete{ID: parent.ID}); err != nil {
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
	made := b.create(t, "one", nil)
	if _, err := b.undo(Event{EventType: "notification.created", TaskID: made.ID}); !fault.Is(err, fault.Conflict) {
		t.Error(err)
	}
	if _, err := b.undo(Event{EventType: Created, TaskID: uuid.New()}); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}

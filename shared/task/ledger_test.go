package task

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"taskwire.dev/shared/fault"
)

// book is a user's tasks in memory: it does what the store does around a command.
type book struct {
	tasks map[uuid.UUID]*Task
	log   []Event
	last  string
	now   time.Time
}

func newBook() *book {
	return &book{tasks: map[uuid.UUID]*Task{}, now: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
}

func (b *book) do(c Command) (Outcome, error) {
	b.now = b.now.Add(time.Second)
	l := &Ledger{Actor: "user:test", Now: b.now, Seq: int64(len(b.log)), LastPosition: b.last, NewID: uuid.New}
	for _, t := range b.tasks {
		l.Load(t)
	}
	for i, e := range b.log {
		if e.EventType == Created {
			l.LoadCreated(&b.log[i])
		}
	}
	o, err := c.Apply(l)
	if err != nil {
		return o, err
	}
	for _, e := range l.Events() {
		b.tasks[e.TaskID] = e.Row()
	}
	b.log = append(b.log, l.Events()...)
	b.last = l.LastPosition
	return o, nil
}

func (b *book) create(t *testing.T, title string, parent *uuid.UUID) *Task {
	t.Helper()
	o, err := b.do(Create{Draft: Draft{Title: title, Tags: []string{}, Reminders: []string{}, ParentID: parent}})
	if err != nil {
		t.Fatal(err)
	}
	return o.Task
}

func TestReplayingTheLogGivesTheSameTasks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := newBook()
		ids := []uuid.UUID{uuid.New()} // one that belongs to no task
		for range rapid.IntRange(1, 40).Draw(t, "commands") {
			c := drawCommand(t, ids)
			o, err := b.do(c)
			if err != nil {
				continue // a rejected command leaves no trace: the checks below would find one
			}
			if _, created := c.(Create); created {
				ids = append(ids, o.TaskID)
			}
		}
		replayed := map[uuid.UUID]*Task{}
		for i, e := range b.log {
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
		for id, want := range b.tasks {
			got := replayed[id]
			if (got == nil) != (want.DeletedAt != nil) {
				t.Fatalf("task %s: replayed %v, deleted at %v", id, got, want.DeletedAt)
			}
			if got != nil && (len(Diff(got, want)) > 0 || got.Version != want.Version) {
				t.Fatalf("task %s: replayed %+v, is %+v", id, got, want)
			}
			if got != nil && got.ParentID != nil && replayed[*got.ParentID] == nil {
				t.Fatalf("task %s is below a deleted one", id)
			}
		}
	})
}

func drawCommand(t *rapid.T, ids []uuid.UUID) Command {
	id := rapid.SampledFrom(ids).Draw(t, "id")
	draft := Draft{
		Title: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "title"), Tags: []string{}, Reminders: []string{},
		Priority: Priority(rapid.IntRange(0, 4).Draw(t, "priority")), Completed: rapid.Bool().Draw(t, "completed"),
	}
	if rapid.Bool().Draw(t, "below") {
		parent := rapid.SampledFrom(ids).Draw(t, "parent")
		draft.ParentID = &parent
	}
	return rapid.SampledFrom([]Command{
		Create{Draft: draft},
		Replace{ID: id, Draft: draft},
		SetCompleted{ID: id, Completed: draft.Completed},
		Delete{ID: id},
		Restore{id},
		Batch{Delete{ID: id}, Create{Draft: draft}},
	}).Draw(t, "command")
}

func TestUnchangedTaskMakesNoEvent(t *testing.T) {
	t.Parallel()
	b := newBook()
	made := b.create(t, "Water the plants", nil)
	for name, c := range map[string]Command{
		"replaced by itself":   Replace{ID: made.ID, Draft: Draft{Title: made.Title, Tags: []string{}, Reminders: []string{}}},
		"opened while open":    SetCompleted{ID: made.ID},
		"restored while there": Restore{made.ID},
	} {
		o, err := b.do(c)
		if err != nil || o.Event != nil || o.Task.Version != 1 {
			t.Errorf("%s: %+v, %v", name, o, err)
		}
	}
	if len(b.log) != 1 {
		t.Errorf("%d events, want that of the creation alone", len(b.log))
	}
}

func TestATaskIsNeverBelowItself(t *testing.T) {
	t.Parallel()
	b := newBook()
	root := b.create(t, "root", nil)
	child := b.create(t, "child", &root.ID)
	_, err := b.do(Replace{ID: root.ID, Draft: Draft{Title: "root", ParentID: &child.ID}})
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("a cycle: %v", err)
	}
	parent := &root.ID
	for level := 2; ; level++ {
		o, err := b.do(Create{Draft: Draft{Title: fmt.Sprint(level), ParentID: parent}})
		if level <= MaxDepth && err != nil || level > MaxDepth+1 {
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
	b := newBook()
	root := b.create(t, "root", nil)
	child := b.create(t, "child", &root.ID)
	earlier := b.create(t, "deleted before", &root.ID)
	for _, c := range []Command{Delete{ID: earlier.ID}, Delete{ID: root.ID}} {
		if _, err := b.do(c); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.do(Restore{child.ID}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a child without its parent: %v", err)
	}
	if _, err := b.do(Restore{root.ID}); err != nil {
		t.Fatal(err)
	}
	for id, there := range map[uuid.UUID]bool{root.ID: true, child.ID: true, earlier.ID: false} {
		if (b.tasks[id].DeletedAt == nil) != there {
			t.Errorf("%s: there = %t", b.tasks[id].Title, !there)
		}
	}
}

func TestBatchNamesTheOperationThatFails(t *testing.T) {
	t.Parallel()
	_, err := newBook().do(Batch{Create{Draft: Draft{Title: "kept?"}}, Delete{ID: uuid.New()}})
	if f := fault.From(err); f.Code != fault.NotFound || len(f.Fields) != 1 || f.Fields[0].Pointer != "/operations/1" {
		t.Errorf("%+v", f)
	}
}

func TestMovingATreeIsBoundedByItsOwnDepth(t *testing.T) {
	t.Parallel()
	b := newBook()
	chain := func(levels int) []*Task {
		out := []*Task{b.create(t, "top", nil)}
		for len(out) < levels {
			out = append(out, b.create(t, "below", &out[len(out)-1].ID))
		}
		return out
	}
	move := func(what, to *Task) error {
		_, err := b.do(Replace{ID: what.ID, Draft: Draft{Title: "moved", Tags: []string{}, Reminders: []string{}, ParentID: &to.ID}})
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

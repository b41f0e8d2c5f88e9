// Package tasktest is for tests of commands on tasks, without a database.
package tasktest

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/task"
)

// Book is a user's tasks in memory: it does what the store does around a command.
type Book struct {
	Tasks map[uuid.UUID]*task.Task // deleted ones too
	Log   []task.Event

	Timezone string // the user's
	Stubs    bool   // relatives of the tasks that a command names are read as stubs

	last string
	now  time.Time
	ids  int
}

// NewBook returns an empty Book.
func NewBook() *Book {
	return &Book{Tasks: map[uuid.UUID]*task.Task{}, now: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
}

// Do executes a command, one second after the last.
func (b *Book) Do(c task.Command) (task.Outcome, error) {
	b.now = b.now.Add(time.Second)
	l := &task.Ledger{Actor: "user:test", Now: b.now, Seq: int64(len(b.Log)), LastPosition: b.last, NewID: b.newID, Preferences: preference.Preferences{Timezone: b.Timezone}}
	for _, t := range b.Tasks {
		if b.Stubs && !slices.Contains(c.Needs().Tasks, t.ID) {
			l.LoadStub(t.Stub(), 1<<19)
		} else {
			l.Load(t)
		}
	}
	for top, n := range b.families() {
		l.LoadFamily(top, n)
	}
	for i, e := range b.Log {
		if e.EventType == task.Created {
			l.LoadCreated(&b.Log[i])
		}
	}
	o, err := c.Apply(l)
	if err != nil {
		return o, err
	}
	b.write(l)
	for l.PutOff() {
		for _, id := range l.NextStage() {
			if t := b.Tasks[id]; t != nil {
				l.Load(t)
			}
		}
		l.RunStage()
		b.write(l)
	}
	b.last = l.LastPosition
	return o, nil
}

func (b *Book) write(l *task.Ledger) {
	for _, e := range l.Events() {
		b.Tasks[e.TaskID] = e.Row()
	}
	b.Log = append(b.Log, l.Events()...)
	l.Written()
}

// newID returns the same ids for the same commands.
func (b *Book) newID() uuid.UUID {
	b.ids++
	return uuid.NewSHA1(uuid.Nil, []byte{byte(b.ids >> 16), byte(b.ids >> 8), byte(b.ids)})
}

// families counts the subtasks of all levels below each task that has no parent.
func (b *Book) families() map[uuid.UUID]int {
	sizes := map[uuid.UUID]int{}
	for _, t := range b.Tasks {
		if t.ParentID == nil || !t.OfFamily() {
			continue
		}
		top := t
		for top.ParentID != nil && b.Tasks[*top.ParentID] != nil {
			top = b.Tasks[*top.ParentID]
		}
		sizes[top.ID]++
	}
	return sizes
}

// Create creates a task with only a title, at the top level if parent is nil.
func (b *Book) Create(t testing.TB, title string, parent *uuid.UUID) *task.Task {
	t.Helper()
	d := Draft(title)
	d.ParentID = parent
	o, err := b.Do(task.Create{Draft: d})
	if err != nil {
		t.Fatal(err)
	}
	return o.Task
}

// Draft returns a valid task with only a title.
func Draft(title string) task.Draft {
	return task.Draft{Title: title, Tags: []string{}}
}

// DrawCommand draws a command on one of the tasks, or one that creates a task.
func DrawCommand(t *rapid.T, ids []uuid.UUID) task.Command {
	id := rapid.SampledFrom(ids).Draw(t, "id")
	draft := Draft(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "title"))
	draft.Priority = task.Priority(rapid.IntRange(0, 4).Draw(t, "priority"))
	draft.Completed = rapid.Bool().Draw(t, "completed")
	if rapid.Bool().Draw(t, "below") {
		parent := rapid.SampledFrom(ids).Draw(t, "parent")
		draft.ParentID = &parent
	}
	if rapid.Bool().Draw(t, "due") {
		due := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 20).Draw(t, "day"))
		draft.DueAt = &due
	}
	if rapid.Bool().Draw(t, "recurs") {
		rule := rapid.SampledFrom([]string{"FREQ=DAILY;COUNT=3", "FREQ=WEEKLY;BYDAY=MO"}).Draw(t, "rule")
		draft.Recurrence = &task.Recurrence{RRule: rule, Mode: rapid.SampledFrom([]string{task.ModeSchedule, task.ModeCompletion}).Draw(t, "mode")}
	}
	scope := rapid.SampledFrom([]task.Scope{"", task.ScopeThis}).Draw(t, "scope")
	return rapid.SampledFrom([]task.Command{
		task.Create{Draft: draft},
		task.Replace{ID: id, Draft: draft, Scope: scope, MovesRule: rapid.Bool().Draw(t, "moves rule")},
		task.SetCompleted{ID: id, Completed: draft.Completed},
		task.Delete{ID: id, Scope: scope},
		task.Skip{ID: id},
		task.Restore{ID: id},
	}).Draw(t, "command")
}

package function

import (
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/shared/task"
	"taskwire.dev/shared/userlog/userlogtest"
)

// below creates a task and moves the occurrence below it, with all later ones.
func (s *series) below(t *testing.T, title string) uuid.UUID {
	t.Helper()
	parent := s.Do(t, s.who, task.Create{Draft: userlogtest.Draft(title)}).TaskID
	s.edit(t, task.ScopeFollowing, func(d *task.Draft) { d.ParentID = &parent })
	return parent
}

// moveAlone moves the occurrence below another task, or to the top level, and no later one.
func (s *series) moveAlone(t *testing.T, parent *uuid.UUID) {
	t.Helper()
	s.edit(t, task.ScopeThis, func(d *task.Draft) { d.ParentID = parent })
}

func TestTheNextOccurrenceIsBelowTheUsualParent(t *testing.T) {
	t.Parallel()
	s := newSeries(t, "FREQ=DAILY", task.ModeSchedule)
	usual := s.below(t, "usual")
	other := s.Do(t, s.who, task.Create{Draft: userlogtest.Draft("other")}).TaskID
	s.moveAlone(t, &other)
	done := s.Do(t, s.who, task.SetCompleted{ID: s.open.ID, Completed: true}).Event
	s.Do(t, s.who, task.Delete{ID: other}) // and the completed occurrence with it
	if err := deliver(t.Context(), s.log, *done); err != nil {
		t.Fatal(err)
	}
	if next := s.Task(t, s.who, task.SuccessorID(s.open.ID)); next == nil || next.ParentID == nil || *next.ParentID != usual {
		t.Errorf("%+v, want it below %s", next, usual)
	}
}

func TestTheNextOccurrenceIsNotBelowADeletedParent(t *testing.T) {
	t.Parallel()
	s := newSeries(t, "FREQ=DAILY", task.ModeSchedule)
	usual := s.below(t, "usual")
	s.moveAlone(t, nil)
	s.Do(t, s.who, task.Delete{ID: usual})
	if next := s.complete(t); next.ParentID != nil {
		t.Errorf("it is below %s, which is deleted", *next.ParentID)
	}
}

// A completion and the deletion of the parent may both come before the event of the completion is handled.
func TestASeriesGoesOnWhenItsParentIsRestored(t *testing.T) {
	t.Parallel()
	s := newSeries(t, "FREQ=DAILY", task.ModeSchedule)
	parent := s.below(t, "parent")
	next := task.SuccessorID(s.open.ID)
	done := s.Do(t, s.who, task.SetCompleted{ID: s.open.ID, Completed: true})
	s.Do(t, s.who, task.Delete{ID: parent})
	if err := deliver(t.Context(), s.log, *done.Event); err != nil {
		t.Fatal(err)
	}
	if x := s.Task(t, s.who, next); x != nil {
		t.Fatalf("%+v below a deleted parent", x)
	}
	for range 2 { // what comes back with its successor gets no other one
		s.Do(t, s.who, task.Restore{ID: parent})
		if err := deliver(t.Context(), s.log, s.Events(t, s.who)...); err != nil {
			t.Fatal(err)
		}
		x := s.Task(t, s.who, next)
		if x == nil || !x.DueAt.Equal(*done.Next.At) || *x.ParentID != parent || len(children(t, s.Bundle, s.who, parent)) != 2 {
			t.Fatalf("%+v, want it due at %v below %s", x, done.Next.At, parent)
		}
		s.Do(t, s.who, task.Delete{ID: parent})
	}
}

// A task that was completed when it was imported has not been completed here, so nothing follows it.
func TestWhatWasImportedAsCompletedHasNoSuccessor(t *testing.T) {
	t.Parallel()
	s := newSeries(t, "FREQ=DAILY", task.ModeSchedule)
	d := recurring("done", "FREQ=DAILY", task.ModeSchedule, monday)
	d.Completed = true
	id := s.Do(t, s.who, task.Create{Draft: d}).TaskID
	s.Do(t, s.who, task.Delete{ID: id})
	s.Do(t, s.who, task.Restore{ID: id})
	if err := deliver(t.Context(), s.log, s.Events(t, s.who)...); err != nil {
		t.Fatal(err)
	}
	if all := s.Tasks(t, s.who); len(all) != 2 {
		t.Errorf("%d tasks, want 2", len(all))
	}
}

func TestWhatTheSeriesHasPassedDoesNotComeBack(t *testing.T) {
	t.Parallel()
	for name, pass := range map[string]func(*series, *testing.T){
		"skipped": (*series).skip,
		"completed and deleted": func(s *series, t *testing.T) {
			id := s.open.ID
			s.complete(t)
			s.Do(t, s.who, task.Delete{ID: id})
		},
	} {
		s := newSeries(t, "FREQ=DAILY", task.ModeSchedule)
		first := s.open.ID
		s.complete(t)
		pass(s, t)
		s.Do(t, s.who, task.SetCompleted{ID: first})
		done := s.Do(t, s.who, task.SetCompleted{ID: first, Completed: true}).Event
		if err := deliver(t.Context(), s.log, *done); err != nil {
			t.Fatal(err)
		}
		for _, x := range s.Tasks(t, s.who) {
			if !x.Completed && x.ID != s.open.ID {
				t.Errorf("%s: number %d of the series is open again beside number %d", name, x.Series.Number, s.open.Series.Number)
			}
		}
	}
}

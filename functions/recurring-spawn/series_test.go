package function

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/migrations"
	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/userlog/userlogtest"
)

// series is a recurring task of a user in Berlin, and its current occurrence.
type series struct {
	*userlogtest.Bundle
	db   pgtest.Database
	log  *userlog.Log
	who  token.Principal
	open *task.Task
}

func newSeries(t *testing.T, rule, mode string) *series {
	t.Helper()
	db := pgtest.New(t)
	b := userlogtest.Setup(t, db)
	s := &series{Bundle: b, db: db, log: b.NewLog(t, "taskwire_worker"), who: userlogtest.Principal()}
	setZone(t, b, s.who, "Europe/Berlin")
	s.open = s.Do(t, s.who, task.Create{Draft: recurring("Water the plants", rule, mode, monday)}).Task
	return s
}

// complete completes the occurrence and moves on to the next one.
func (s *series) complete(t *testing.T) *task.Task {
	t.Helper()
	s.open = successor(t, s.Bundle, s.log, s.who, s.open.ID)
	return s.open
}

// edit changes the occurrence.
func (s *series) edit(t *testing.T, scope task.Scope, change func(*task.Draft)) {
	t.Helper()
	x := s.open
	d := task.Draft{
		Title: x.Title, Description: x.Description, Priority: x.Priority, Project: x.Project, Tags: x.Tags, DueAt: x.DueAt, Timezone: x.Timezone,
		DueDate: x.DueDate, Reminders: x.Reminders, OverdueReminders: x.OverdueReminders, Recurrence: x.Recurrence, ParentID: x.ParentID, Position: x.Position,
	}
	change(&d)
	s.open = s.Do(t, s.who, task.Replace{ID: x.ID, Draft: d, Scope: scope, MovesRule: true}).Task
}

func (s *series) move(t *testing.T, scope task.Scope, days int) {
	t.Helper()
	due := s.open.DueAt.AddDate(0, 0, days)
	s.edit(t, scope, func(d *task.Draft) { d.DueAt = &due })
}

// due fails the test unless the occurrence is due that many days after the first Monday, at 09:00 in Berlin.
func (s *series) due(t *testing.T, days int) {
	t.Helper()
	want := monday.AddDate(0, 0, days)
	if want.After(time.Date(2098, 3, 30, 1, 0, 0, 0, time.UTC)) {
		want = want.Add(-time.Hour) // summer time
	}
	if !s.open.DueAt.Equal(want) {
		t.Fatalf("due at %v, want %v", s.open.DueAt, want)
	}
}

// Nothing can be due after the last year: a subtask at the end of it stays where it is, and does not keep the series from going on.
func TestASubtaskThatCannotBeDueLater(t *testing.T) {
	t.Parallel()
	s := newSeries(t, "FREQ=WEEKLY;BYDAY=MO", task.ModeSchedule)
	at := time.Date(9999, 12, 31, 12, 0, 0, 0, time.UTC)
	on, _ := task.ParseDate("9999-12-31")
	for _, d := range []task.Draft{{Title: "at", DueAt: &at}, {Title: "on", DueDate: &on}} {
		d.Tags, d.ParentID = []string{}, &s.open.ID
		s.Do(t, s.who, task.Create{Draft: d})
	}
	s.complete(t)
	below := children(t, s.Bundle, s.who, s.open.ID)
	if len(below) != 2 {
		t.Fatalf("%+v", below)
	}
	for _, x := range below {
		if x.DueAt != nil && !x.DueAt.Equal(at) || x.DueDate != nil && *x.DueDate != on {
			t.Errorf("%+v", x)
		}
	}
}

// A reminder at a moment belongs to the occurrence. The next one has its own, as many days later at the same time of day, and so have
// its subtasks; a moment that would be after the last year stays.
func TestRemindersAtAMomentMoveWithTheOccurrence(t *testing.T) {
	t.Parallel()
	s := newSeries(t, "FREQ=WEEKLY;BYDAY=MO", task.ModeSchedule)
	last := time.Date(9999, 12, 31, 12, 0, 0, 0, time.UTC)
	before := []task.Reminder{task.ReminderAt(monday.AddDate(0, 0, -1)), "PT1H", task.ReminderAt(monday.Add(time.Hour)), task.ReminderAt(last)}
	s.edit(t, task.ScopeFollowing, func(d *task.Draft) { d.Reminders = before })
	part := userlogtest.Draft("part")
	part.ParentID, part.Reminders = &s.open.ID, before[:1]
	s.Do(t, s.who, task.Create{Draft: part})
	s.complete(t)
	// Summer time begins on the Sunday.
	moved := task.ReminderAt(monday.AddDate(0, 0, 6).Add(-time.Hour))
	want := []task.Reminder{moved, "PT1H", task.ReminderAt(monday.AddDate(0, 0, 7)), task.ReminderAt(last)}
	if !slices.Equal(s.open.Reminders, want) {
		t.Errorf("%v, want %v", s.open.Reminders, want)
	}
	if below := children(t, s.Bundle, s.who, s.open.ID); len(below) != 1 || !slices.Equal(below[0].Reminders, want[:1]) {
		t.Errorf("subtasks: %+v, want %v", below, want[:1])
	}
	// What was changed for one occurrence alone is not passed on, and the moments of the series move on.
	s.edit(t, task.ScopeThis, func(d *task.Draft) { d.Reminders = []task.Reminder{"P1D"} })
	s.complete(t)
	if got := s.open.Reminders; len(got) != 4 || got[0] != task.ReminderAt(monday.AddDate(0, 0, 13).Add(-time.Hour)) {
		t.Errorf("after an edit of one occurrence: %v", got)
	}
}

func TestAMovedOccurrenceMovesTheSeriesFromThere(t *testing.T) {
	t.Parallel()
	s := newSeries(t, "FREQ=WEEKLY;BYDAY=MO", task.ModeSchedule)
	first := s.open.ID
	s.complete(t)
	s.due(t, 7)
	s.move(t, "", 2)
	if s.open.Recurrence.RRule != "FREQ=WEEKLY;BYDAY=WE" || *s.open.SeriesID != first || !s.open.Occurrence.Equal(*s.open.DueAt) {
		t.Errorf("%+v", s.open)
	}
	s.complete(t)
	s.due(t, 16)
	evening := s.open.DueAt.Add(10 * time.Hour)
	s.edit(t, task.ScopeFollowing, func(d *task.Draft) { d.DueAt = &evening })
	s.complete(t)
	if want := evening.AddDate(0, 0, 7); !s.open.DueAt.Equal(want) {
		t.Errorf("due at %v, want %v", s.open.DueAt, want)
	}
}

func TestAnOccurrenceThatIsEditedAloneLeavesTheSeriesAsItIs(t *testing.T) {
	t.Parallel()
	for _, first := range []bool{true, false} {
		s := newSeries(t, "FREQ=WEEKLY;BYDAY=MO", task.ModeSchedule)
		days := 0
		if !first {
			s.complete(t)
			days = 7
		}
		s.edit(t, task.ScopeThis, func(d *task.Draft) {
			d.Title, d.Reminders, d.Tags = "Water the palm", []task.Reminder{"P1D"}, []string{"palm"}
		})
		s.move(t, task.ScopeThis, 2)
		s.due(t, days+2)
		if want := monday.AddDate(0, 0, days); s.open.Occurrence.Sub(want).Abs() > time.Hour || s.open.Series.Differs["title"] != "Water the plants" {
			t.Errorf("%+v", s.open)
		}
		// What is edited for all later ones too is no longer different.
		s.edit(t, task.ScopeFollowing, func(d *task.Draft) { d.Tags = []string{"green"} })
		s.complete(t)
		s.due(t, days+7)
		if s.open.Title != "Water the plants" || len(s.open.Reminders) != 0 || s.open.Tags[0] != "green" || len(s.open.Series.Differs) != 0 {
			t.Errorf("the next: %+v", s.open)
		}
	}
}

func TestTheRuleCannotBeChangedForOneOccurrenceAlone(t *testing.T) {
	t.Parallel()
	s := newSeries(t, "FREQ=WEEKLY", task.ModeSchedule)
	for _, rule := range []*task.Recurrence{nil, {RRule: "FREQ=DAILY", Mode: task.ModeSchedule}} {
		d := recurring("x", "", "", monday)
		d.Recurrence, d.Timezone = rule, s.open.Timezone
		_, err := s.Log.Do(t.Context(), userlog.Command(s.who, task.Replace{ID: s.open.ID, Draft: d, Scope: task.ScopeThis}, nil))
		if err == nil {
			t.Errorf("%v", rule)
		}
	}
}

// COUNT counts occurrences, whatever is edited on the way, and those that are skipped.
func TestCountCountsAcrossAllEdits(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{task.ModeSchedule, task.ModeCompletion} {
		s := newSeries(t, "FREQ=WEEKLY;COUNT=6", mode)
		s.complete(t)                     // number 2
		s.move(t, task.ScopeFollowing, 1) // on Tuesdays
		s.complete(t)                     // number 3
		s.edit(t, task.ScopeThis, func(d *task.Draft) { d.Title = "once" })
		s.complete(t) // number 4
		s.edit(t, task.ScopeFollowing, func(d *task.Draft) { d.Recurrence = &task.Recurrence{RRule: "FREQ=DAILY;COUNT=6", Mode: mode} })
		s.skip(t)     // number 5
		s.complete(t) // number 6
		if s.open.Series.Number != 6 {
			t.Errorf("%s: %+v", mode, s.open.Series)
		}
		if done := s.Do(t, s.who, task.SetCompleted{ID: s.open.ID, Completed: true}); done.Next.At != nil {
			t.Errorf("%s: after six comes %v", mode, done.Next.At)
		}
	}
}

// TestTheLogOfASeriesReplays: edits of all kinds, of one occurrence and of all later ones, skips and what undoes them.
func TestTheLogOfASeriesReplays(t *testing.T) {
	t.Parallel()
	s := newSeries(t, "FREQ=WEEKLY;BYDAY=MO;COUNT=20", task.ModeSchedule)
	s.edit(t, task.ScopeThis, func(d *task.Draft) { d.Title = "alone" })
	s.complete(t)
	s.move(t, task.ScopeThis, 1)
	s.move(t, task.ScopeFollowing, 2)
	skipped := s.open.ID
	s.skip(t)
	s.Do(t, s.who, task.Restore{ID: skipped})
	first := newSeries(t, "FREQ=DAILY", task.ModeCompletion)
	for _, x := range []*series{s, first} {
		x.Do(t, x.who, task.Skip{ID: firstOpen(t, x)})
		_, err := migrations.CheckRebuild(t.Context(), x.db.Owner, func(d migrations.Difference) { t.Error(d) }, func(migrations.Progress) {})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func firstOpen(t *testing.T, s *series) uuid.UUID {
	t.Helper()
	for _, x := range s.Tasks(t, s.who) {
		if !x.Completed {
			return x.ID
		}
	}
	t.Fatal("no task is open")
	return uuid.Nil
}

// Occurrences from before tasks had places go on as they were, and the next ones have a place.
func TestAnOccurrenceWithoutAPlaceGoesOn(t *testing.T) {
	t.Parallel()
	for i, mode := range []string{task.ModeSchedule, task.ModeCompletion, task.ModeSchedule, task.ModeCompletion} {
		s := newSeries(t, "FREQ=WEEKLY;BYDAY=MO;COUNT=4", mode)
		s.complete(t)
		s.complete(t)
		conn := s.Connect(t, "taskwire_owner", uuid.Nil)
		if _, err := conn.Exec(t.Context(), `UPDATE task SET series = NULL WHERE user_id = $1`, s.who.UserID); err != nil {
			t.Fatal(err)
		}
		if i < 2 {
			s.move(t, task.ScopeFollowing, 1)
			if s.open.Series.Number != 3 {
				t.Errorf("%s: %+v", mode, s.open.Series)
			}
		}
		s.complete(t)
		if s.open.Series == nil || s.open.Series.Number != 4 {
			t.Errorf("%s: the last: %+v", mode, s.open.Series)
		}
		if done := s.Do(t, s.who, task.SetCompleted{ID: s.open.ID, Completed: true}); done.Next.At != nil {
			t.Errorf("%s: after four comes %v", mode, done.Next.At)
		}
	}
}

// skip skips the occurrence, delivers the event twice to two replicas, and moves on to the next one.
func (s *series) skip(t *testing.T) {
	t.Helper()
	o := s.Do(t, s.who, task.Skip{ID: s.open.ID})
	for _, log := range []*userlog.Log{s.log, s.NewLog(t, "taskwire_worker"), s.log} {
		if err := deliver(t.Context(), log, *o.Event); err != nil {
			t.Fatal(err)
		}
	}
	if s.Task(t, s.who, s.open.ID) != nil {
		t.Fatal("the skipped occurrence is still there")
	}
	next := s.Task(t, s.who, task.SuccessorID(s.open.ID))
	if o.Next.At == nil || next == nil || !next.DueAt.Equal(*o.Next.At) {
		t.Fatalf("after the skip: %+v, answered %+v", next, o.Next)
	}
	s.open = next
}

func TestASkippedOccurrenceIsFollowedByTheNextOnce(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{task.ModeSchedule, task.ModeCompletion} {
		s := newSeries(t, "FREQ=WEEKLY;BYDAY=MO", mode)
		part := userlogtest.Draft("the palm")
		part.ParentID = &s.open.ID
		s.Do(t, s.who, task.Create{Draft: part})
		skipped := s.open.ID
		s.skip(t)
		s.due(t, 7)
		if all := s.Tasks(t, s.who); len(all) != 2 || len(children(t, s.Bundle, s.who, s.open.ID)) != 1 {
			t.Errorf("%s: %d tasks, want the next and its subtask", mode, len(all))
		}
		said := false
		for _, e := range s.Events(t, s.who) {
			said = said || e.TaskID == skipped && fmt.Sprint(e.ChangedFields[task.FieldSeries].To) != "<nil>"
		}
		if !said {
			t.Errorf("%s: the history does not say that it was skipped", mode)
		}
		// Restored, it takes its successor back; the late event changes nothing.
		s.Do(t, s.who, task.Restore{ID: skipped})
		if s.Task(t, s.who, s.open.ID) != nil || s.Task(t, s.who, skipped) == nil {
			t.Errorf("%s: the successor is still there, or the task is not", mode)
		}
		for _, e := range s.Events(t, s.who) {
			e.ID = uuid.Must(uuid.NewV7())
			if err := deliver(t.Context(), s.log, e); err != nil {
				t.Fatal(err)
			}
		}
		if all := s.Tasks(t, s.who); len(all) != 2 {
			t.Errorf("%s: %d tasks after a redelivery", mode, len(all))
		}
	}
}

func TestADeletedOccurrenceEndsItsSeriesUnlessItIsThisOneOnly(t *testing.T) {
	t.Parallel()
	for scope, goesOn := range map[task.Scope]bool{"": false, task.ScopeSeries: false, task.ScopeThis: true} {
		s := newSeries(t, "FREQ=DAILY", task.ModeSchedule)
		s.complete(t)
		o := s.Do(t, s.who, task.Delete{ID: s.open.ID, Scope: scope})
		if err := deliver(t.Context(), s.log, *o.Event); err != nil {
			t.Fatal(err)
		}
		if next := s.Task(t, s.who, task.SuccessorID(s.open.ID)); (next != nil) != goesOn {
			t.Errorf("%q: %+v", scope, next)
		}
	}
}

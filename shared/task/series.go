package task

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/recurrence"
	"taskwire.dev/shared/wallclock"
)

// A series begins when its first task is completed, skipped, or edited alone: that task's id names the series, and its due date at
// that moment is the start that the rule is evaluated from. Moving a later occurrence and all after it (ScopeFollowing) moves the
// start; moving only that one does not, and Occurrence still says which one it is (RFC 5545's RECURRENCE-ID).

// Standing is the place of an occurrence from before tasks had places (Task.Series).
type Standing struct {
	Start time.Time // the occurrence of the series' first task
	Nth   int       // its number among the tasks of the series, from 1
}

// Next is the next occurrence of a series: At is nil when the series is over.
type Next struct {
	At *time.Time `json:"next_occurrence_at"`             // of a series of days, when the day begins for the user
	On *Date      `json:"next_occurrence_date,omitempty"` // only of a series of days

	place Place
}

// Occurrence returns what identifies the next occurrence in its series (Task.Occurrence).
func (n Next) Occurrence() *time.Time {
	if n.On == nil {
		return n.At
	}
	midnight := n.On.Midnight()
	return &midnight
}

// Place returns the place of the next occurrence.
func (n Next) Place() *Place { return &n.place }

// SuccessorID returns the id of the occurrence that follows a task. It is a UUIDv5 of the task's id only, not of the
// next due date: that date may differ from one evaluation to the next (a task that is completed, reopened and completed
// again), but there may be only one successor.
func SuccessorID(id uuid.UUID) uuid.UUID { return uuid.NewSHA1(id, []byte("next occurrence")) }

// CopyID returns the id of a successor's copy of a subtask.
func CopyID(subtask, successor uuid.UUID) uuid.UUID { return uuid.NewSHA1(subtask, successor[:]) }

// Followers is what else Needs.Occurrences asks for.
type Followers struct {
	Recurring []uuid.UUID // tasks, for their standing
	Next      []uuid.UUID // the tasks that follow them, with their families
	Copies    []uuid.UUID // what these have as copies of subtasks, with their families
	Parents   []uuid.UUID // as Needs.Parents: those of later occurrences, where a task was moved alone
}

// Followers lists what else Needs.Occurrences asks for, once the tasks of a command are loaded.
func (l *Ledger) Followers(named []uuid.UUID) (f Followers) {
	for _, id := range named {
		t := l.tasks[id]
		if t == nil || t.Recurrence == nil && t.SeriesID == nil {
			continue
		}
		successor := SuccessorID(id)
		f.Recurring, f.Next = append(f.Recurring, id), append(f.Next, successor)
		for _, below := range l.Subtree(t, func(*Task) bool { return true })[1:] {
			f.Copies = append(f.Copies, CopyID(below.ID, successor))
		}
		if parent := t.Usual().ParentID; parent != nil && !sameID(parent, t.ParentID) {
			f.Parents = append(f.Parents, *parent)
		}
	}
	return f
}

// Stand sets a task's standing in its series.
func (l *Ledger) Stand(id uuid.UUID, s Standing) {
	if l.standings == nil {
		l.standings = map[uuid.UUID]Standing{}
	}
	l.standings[id] = s
}

// EnterSeries makes a task the first of a series, unless it already belongs to one. A series without due dates begins on the day on
// which a task of it is completed or skipped, each time, also if its earlier tasks had due dates.
func (l *Ledger) EnterSeries(t *Task) {
	start := t.Usual().due()
	if t.SeriesID != nil && start != nil {
		return
	}
	if start == nil {
		day := wallclock.StartOfDay(t.over(), l.Zone(t))
		start = &day
	}
	place := l.placeOf(t)
	place.Start = start
	if t.SeriesID == nil {
		id := t.ID
		t.SeriesID = &id
	}
	t.Occurrence, t.Series = start, &place
}

// over returns when a task was completed or skipped.
func (t *Task) over() time.Time {
	if t.CompletedAt != nil {
		return *t.CompletedAt
	}
	return *t.DeletedAt
}

// Zone returns the time zone of a task, by default the user's.
func (l *Ledger) Zone(t *Task) *time.Location {
	if t.Timezone != nil {
		return wallclock.Zone(*t.Timezone)
	}
	return wallclock.Zone(l.Preferences.Timezone)
}

// fixZone gives a recurring task that is due at a moment the user's zone, if it has none: its series stays where it is
// when the user moves to another zone. Otherwise the Monday of the one zone could be followed by that of the other.
func (l *Ledger) fixZone(t *Task) {
	if t.Recurrence == nil || t.DueAt == nil || t.Timezone != nil {
		return
	}
	zone := l.Preferences.Timezone
	if zone == "" {
		zone = preference.Default().Timezone
	}
	t.Timezone = &zone
}

// Next returns when the series of a completed or skipped task continues. It depends on that moment, not on when it is called. A
// task without a due date counts from its completion in either mode.
func (l *Ledger) Next(t *Task) *Next {
	rule, err := recurrence.Parse(t.Recurrence.RRule)
	if err != nil || t.Occurrence == nil {
		return &Next{} // from before such rules were rejected
	}
	usual, place := t.Usual(), l.placeOf(t)
	calendar := l.calendarOf(usual)
	if calendar.days != nil {
		rule = rule.EndsIn(calendar.days)
	}
	s := recurrence.Series{Rule: rule, Start: *place.Start, Zone: calendar.zone}
	after, over := *t.Occurrence, calendar.of(t.over())
	if due, ok := calendar.due(t); ok {
		after = later(after, due)
	}
	if t.Recurrence.Mode == ModeCompletion || usual.due() == nil {
		if place.Skipped {
			over = later(over, after) // what is skipped before it is due is left out, not done early
		}
		if at, ok := s.AfterCompletion(over, after, place.Number); ok {
			return calendar.next(at, newPlace(place.Start, place.Number+1))
		}
		return &Next{}
	}
	if calendar.days != nil {
		over = over.AddDate(0, 0, -1) // a day that has begun is not over: the task of yesterday can be due again today
	}
	if at, number, ok := s.Following(*t.Occurrence, later(after, over), place.Number); ok {
		return calendar.next(at, newPlace(place.Start, number))
	}
	return &Next{}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// withdraw deletes an occurrence that the completion of the previous one created, unless it was changed or commented on since:
// then it is the user's task, and stays. A rename of its project or of a tag counts as a change: the row does not say what has changed it.
func (l *Ledger) withdraw(id uuid.UUID) {
	successor := l.tasks[id]
	if successor == nil || successor.DeletedAt != nil {
		return
	}
	family := l.Subtree(successor, func(*Task) bool { return true })
	for _, t := range family {
		// Tasks that were created together have the same time. Those deleted before that time are from an earlier
		// creation.
		earlier := t.DeletedAt != nil && t.DeletedAt.Before(successor.CreatedAt)
		if !earlier && (t.Comments > 0 || !t.UpdatedAt.Equal(successor.CreatedAt)) {
			return
		}
	}
	l.removeAll(slices.DeleteFunc(family, func(t *Task) bool { return t.DeletedAt != nil }))
}

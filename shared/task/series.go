package task

import (
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/recurrence"
	"taskwire.dev/shared/wallclock"
)

// A series begins when its first task is completed: that task's id names the series, and its due date at that moment is
// the start that the rule is evaluated from. Moving the due date of a later occurrence moves only that one (RFC 5545's
// RECURRENCE-ID); another rule or time zone begins a new series.

// Standing is a task's place in its series.
type Standing struct {
	Start time.Time // the occurrence of the series' first task
	Nth   int       // its number, from 1; read only for a rule with COUNT
}

// Next is the next occurrence of a series: At is nil when the series is over.
type Next struct {
	At *time.Time `json:"next_occurrence_at"`             // of a series of days, when the day begins for the user
	On *Date      `json:"next_occurrence_date,omitempty"` // only of a series of days
}

// Occurrence returns what identifies the next occurrence in its series (Task.Occurrence).
func (n Next) Occurrence() *time.Time {
	if n.On == nil {
		return n.At
	}
	midnight := n.On.Midnight()
	return &midnight
}

// SuccessorID returns the id of the occurrence that follows a task. It is a UUIDv5 of the task's id only, not of the
// next due date: that date may differ from one evaluation to the next (a task that is completed, reopened and completed
// again), but there may be only one successor.
func SuccessorID(id uuid.UUID) uuid.UUID { return uuid.NewSHA1(id, []byte("next occurrence")) }

// CopyID returns the id of a successor's copy of a subtask.
func CopyID(subtask, successor uuid.UUID) uuid.UUID { return uuid.NewSHA1(subtask, successor[:]) }

// Followers lists what else Needs.Occurrences asks for, once the tasks of a command are loaded: the standing of the
// recurring ones, and the tasks that follow them, with their families.
func (l *Ledger) Followers(named []uuid.UUID) (recurring, followers []uuid.UUID) {
	for _, id := range named {
		t := l.tasks[id]
		if t == nil || t.Recurrence == nil && t.SeriesID == nil {
			continue
		}
		successor := SuccessorID(id)
		recurring, followers = append(recurring, id), append(followers, successor)
		for _, below := range l.Subtree(t, func(*Task) bool { return true })[1:] {
			followers = append(followers, CopyID(below.ID, successor))
		}
	}
	return recurring, followers
}

// Stand sets a task's standing in its series.
func (l *Ledger) Stand(id uuid.UUID, s Standing) {
	if l.standings == nil {
		l.standings = map[uuid.UUID]Standing{}
	}
	l.standings[id] = s
}

// EnterSeries makes a completed task the first of a series, unless it already belongs to one.
func (l *Ledger) EnterSeries(t *Task) {
	if t.SeriesID != nil && *t.SeriesID != t.ID {
		return
	}
	id, start := t.ID, t.DueAt
	switch {
	case t.DueDate != nil:
		day := t.DueDate.Midnight()
		start = &day
	case start == nil:
		day := wallclock.StartOfDay(*t.CompletedAt, l.Zone(t))
		start = &day
	}
	t.SeriesID, t.Occurrence = &id, start
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

// leaveSeries removes an open task from its series when its changed rule or zone makes it another series, or when days
// become moments or the other way round.
func (t *Task) leaveSeries(changes map[string]Change) {
	_, rule := changes["recurrence"]
	_, zone := changes["timezone"]
	_, at := changes["due_at"]
	_, on := changes["due_date"]
	if rule || zone || at && on {
		t.SeriesID, t.Occurrence = nil, nil
	}
}

// Next returns when the series of a completed task continues. It depends on the completion, not on when it is called. A
// task without a due date counts from its completion in either mode.
func (l *Ledger) Next(t *Task) *Next {
	rule, err := recurrence.Parse(t.Recurrence.RRule)
	if err != nil || t.Occurrence == nil {
		return &Next{} // from before such rules were rejected
	}
	standing, known := l.standings[t.ID]
	if !known || *t.SeriesID == t.ID {
		standing = Standing{Start: *t.Occurrence, Nth: 1}
	}
	if t.DueDate != nil {
		return l.nextDay(t, rule, standing)
	}
	s := recurrence.Series{Rule: rule, Start: standing.Start, Zone: l.Zone(t)}
	after := *t.Occurrence
	if t.DueAt != nil && t.DueAt.After(after) {
		after = *t.DueAt
	}
	if t.Recurrence.Mode == ModeCompletion || t.DueAt == nil {
		if at, ok := s.AfterCompletion(*t.CompletedAt, after, standing.Nth); ok {
			return &Next{At: &at}
		}
		return &Next{}
	}
	if t.CompletedAt.After(after) {
		after = *t.CompletedAt
	}
	for at := range s.After(after) {
		return &Next{At: &at}
	}
	return &Next{}
}

// nextDay is Next for a series of days. Their rule is evaluated in UTC, where every day begins at midnight. A day that has
// begun is not over, so the task of yesterday that is completed today can be due again today.
func (l *Ledger) nextDay(t *Task, rule recurrence.Rule, standing Standing) *Next {
	zone := wallclock.Zone(l.Preferences.Timezone)
	s := recurrence.Series{Rule: rule, Start: standing.Start, Zone: time.UTC}
	after, completed := *t.Occurrence, DateOf(wallclock.Of(*t.CompletedAt, zone))
	if due := t.DueDate.Midnight(); due.After(after) {
		after = due
	}
	next := func(at time.Time) *Next {
		on := DateOf(at)
		start := on.Start(zone).UTC()
		return &Next{At: &start, On: &on}
	}
	if t.Recurrence.Mode == ModeCompletion {
		if at, ok := s.AfterCompletion(completed.Midnight(), after, standing.Nth); ok {
			return next(at)
		}
		return &Next{}
	}
	if yesterday := completed.AddDays(-1).Midnight(); yesterday.After(after) {
		after = yesterday
	}
	for at := range s.After(after) {
		return next(at)
	}
	return &Next{}
}

// withdraw deletes an occurrence that the completion of the previous one created, unless it was changed since: then it
// is the user's task, and stays.
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
		if !earlier && !t.UpdatedAt.Equal(successor.CreatedAt) {
			return
		}
	}
	for _, t := range family {
		if t.DeletedAt == nil {
			l.remove(t)
		}
	}
}

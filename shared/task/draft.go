package task

import (
	"time"

	"github.com/google/uuid"
)

// Draft is the part of a task that a client decides, after validation.
type Draft struct {
	Title       string
	Description string
	Completed   bool
	Priority    Priority
	Project     *string
	Section     *string // only with a project
	Tags        []string
	DueAt       *time.Time
	DueDate     *Date // at most one of both
	Timezone    *string
	Reminders   []Reminder // nil is the user's reminder_lead

	OverdueReminders *bool // nil is the user's preference

	Recurrence *Recurrence
	ParentID   *uuid.UUID
	Position   string // empty: unchanged, or at the end
}

func draftNeeds(d Draft, also ...uuid.UUID) Needs {
	needs := Needs{Tasks: also, Names: d.Names(), Preferences: d.canRemind() || d.Recurrence != nil}
	if d.ParentID != nil {
		needs.Parents, needs.Moved = []uuid.UUID{*d.ParentID}, also
	}
	return needs
}

// Names returns the folded names of the draft's project, tags and section.
func (d Draft) Names() []string {
	names, _ := (&Task{Project: d.Project, Section: d.Section, Tags: d.Tags}).names()
	return names
}

// zoneless reports whether the task gets the user's zone when it is written (Ledger.fixZone).
func (d Draft) zoneless() bool { return d.Recurrence != nil && d.DueAt != nil && d.Timezone == nil }

// canRemind is Task.CanRemind of the task that the draft makes.
func (d Draft) canRemind() bool {
	return (&Task{DueAt: d.DueAt, DueDate: d.DueDate, Reminders: d.Reminders}).CanRemind()
}

// write copies the draft into t.
func (d Draft) write(t *Task, l *Ledger) {
	t.Title, t.Description, t.Priority, t.Project = d.Title, d.Description, d.Priority, l.spellProject(d.Project)
	t.Section = l.spellSection(t.Project, d.Section)
	t.Tags, t.DueAt, t.DueDate, t.Timezone = l.spellTags(d.Tags), d.DueAt, d.DueDate, d.Timezone
	t.Reminders, t.OverdueReminders = d.Reminders, d.OverdueReminders
	t.Recurrence, t.ParentID = d.Recurrence, d.ParentID
	if d.Position != "" {
		t.Position = d.Position
	}
	t.setCompleted(d.Completed, l)
}

func (t *Task) setCompleted(completed bool, l *Ledger) {
	if t.Completed == completed {
		return
	}
	t.Completed, t.CompletedAt = completed, nil
	if completed {
		t.CompletedAt = &l.Now
	}
}

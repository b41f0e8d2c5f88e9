package command

import (
	"github.com/google/uuid"

	"taskwire.dev/shared/task"
)

// Edit changes a task to what Draft returns for its current state, under the user's lock.
type Edit struct {
	ID       uuid.UUID
	Parent   *uuid.UUID // the parent that it may move the task to
	Names    []string   // projects, sections and tags that it may give the task, as task.Draft.Names returns them
	Sections []string   // and sections of its project
	Match    task.Match
	Draft    func(current *task.Task, lastPosition string) (task.Draft, error)

	// As in task.Replace.
	Scope     task.Scope
	MovesRule bool
	Restores  *task.Membership
}

// Needs reads the task, its series, its zone if it begins to recur, and its new parent if it may be moved.
func (c Edit) Needs() task.Needs {
	needs := task.Replace{ID: c.ID, Draft: task.Draft{ParentID: c.Parent}}.Needs()
	needs.Preferences, needs.Names = true, c.Names
	for _, name := range c.Sections {
		needs.Sections = append(needs.Sections, task.SectionOf{Task: c.ID, Name: name})
	}
	return needs
}

// Apply applies the draft as task.Replace does: an edited task follows the same rules.
func (c Edit) Apply(l *task.Ledger) (task.Outcome, error) {
	before, err := l.Task(c.ID)
	if err != nil {
		return task.Outcome{}, err
	}
	if err := c.Match.Check(before); err != nil {
		return task.Outcome{}, err
	}
	draft, err := c.Draft(before, l.LastPosition)
	if err != nil {
		return task.Outcome{}, err
	}
	return task.Replace{ID: c.ID, Draft: draft, Scope: c.Scope, MovesRule: c.MovesRule, Restores: c.Restores}.Apply(l)
}

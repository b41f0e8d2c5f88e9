package command

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

// Undo reverses an earlier change by a new change. It does not go back in time: later changes to other fields stay.
// Later changes to the same fields are a conflict.
type Undo struct {
	Events []task.Event // what is undone, in order; several belong to one request
}

// Needs reads the tasks with their families, their former parents and names, and their series.
func (u Undo) Needs() task.Needs {
	needs := task.Needs{Family: true, Occurrences: true, Spellings: true, Preferences: true}
	for _, e := range u.Events {
		needs.Tasks = append(needs.Tasks, e.TaskID)
		if parent, ok := e.ChangedFields["parent_id"].From.(string); ok {
			if id, ok := task.ParseID(parent); ok {
				needs.Parents, needs.Moved = append(needs.Parents, id), append(needs.Moved, e.TaskID)
			}
		}
		names, sections := formerNames(e)
		needs.Names, needs.Sections = append(needs.Names, names...), append(needs.Sections, sections...)
	}
	return needs
}

// formerNames returns the names that an event took from its task.
func formerNames(e task.Event) (names []string, sections []task.SectionOf) {
	text := func(field string) *string {
		if text, ok := e.ChangedFields[field].From.(string); ok {
			return &text
		}
		return nil
	}
	d := task.Draft{Project: text("project"), Section: text("section")}
	if tags, ok := e.ChangedFields["tags"].From.([]any); ok {
		for _, tag := range tags {
			if tag, ok := tag.(string); ok {
				d.Tags = append(d.Tags, tag)
			}
		}
	}
	if d.Project == nil && d.Section != nil {
		sections = []task.SectionOf{{Task: e.TaskID, Name: *d.Section}}
	}
	return d.Names(), sections
}

// Apply undoes the newest event first, all or none.
func (u Undo) Apply(l *task.Ledger) (task.Outcome, error) {
	removed := map[uuid.UUID]bool{}
	for _, e := range u.Events {
		if !strings.HasPrefix(string(e.EventType), "task.") {
			return task.Outcome{}, fault.New(fault.Conflict, "this was no change of a task")
		}
		if _, purged := e.ChangedFields[task.FieldPurged]; purged {
			return task.Outcome{}, fault.New(fault.Conflict, "the task was deleted for good, which cannot be undone")
		}
		removed[e.TaskID] = removed[e.TaskID] || e.EventType == task.Deleted
	}
	for _, e := range slices.Backward(u.Events) {
		t := l.Find(e.TaskID)
		if t == nil {
			return task.Outcome{}, task.NotFound()
		}
		if e.EventType == task.Deleted && t.ParentID != nil && removed[*t.ParentID] {
			continue // it is restored with its parent
		}
		if err := u.undo(l, e, t); err != nil {
			return task.Outcome{}, err
		}
	}
	var out task.Outcome
	for _, e := range u.Events {
		if slices.ContainsFunc(out.Batch, func(o task.Outcome) bool { return o.TaskID == e.TaskID }) {
			continue
		}
		one := task.Outcome{TaskID: e.TaskID}
		if t := l.Find(e.TaskID); t.DeletedAt == nil {
			one.Task = t
		}
		out.Batch = append(out.Batch, one)
	}
	out.TaskID, out.Task = out.Batch[0].TaskID, out.Batch[0].Task
	return out, nil
}

// undo reverses one event with the command for it.
func (u Undo) undo(l *task.Ledger, e task.Event, current *task.Task) error {
	if err := changedSince(l, e, current); err != nil {
		return err
	}
	series, err := changedSeries(e)
	if err != nil {
		return err
	}
	var opposite task.Command
	deleted, moved := e.ChangedFields[task.FieldDeleted]
	switch {
	case moved && deleted.To == false && series.skipped():
		opposite = task.Skip{ID: e.TaskID}
	case e.EventType == task.Created, moved && deleted.To == false:
		opposite = task.Delete{ID: e.TaskID}
	case moved:
		opposite = task.Restore{ID: e.TaskID}
	default:
		before := make(map[string]any, len(e.ChangedFields))
		for name, change := range e.ChangedFields {
			before[name] = change.From
		}
		delete(before, task.FieldSeries)
		opposite = Edit{
			ID: e.TaskID, Scope: series.To.Scope, Restores: series.restored(e, current),
			Draft: func(t *task.Task, _ string) (task.Draft, error) { return earlier(t, before) },
		}
	}
	_, err = opposite.Apply(l)
	if fault.Is(err, fault.Invalid) {
		// The former state is no longer allowed, such as under a parent that has been deleted.
		f := *fault.From(err)
		f.Code, f.Detail = fault.Conflict, "the task cannot be what it was before"
		return &f
	}
	return err
}

// seriesChange is how an event changed the task's place in its series; the zero value is that it did not.
type seriesChange struct {
	From, To task.Membership
	changed  bool
}

func changedSeries(e task.Event) (c seriesChange, err error) {
	change, changed := e.ChangedFields[task.FieldSeries]
	if !changed {
		return c, nil
	}
	raw, err := json.Marshal(change)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	c.changed = true
	return c, err
}

// skipped reports whether the task was skipped before.
func (c seriesChange) skipped() bool { return c.From.Series != nil && c.From.Series.Skipped }

// restored returns the place that the task had before the event e, or nil if it has changed since: then the fields are changed back
// like by any edit with the scope of the event. What e left is in its task, and not always in To: an edit that also completed the
// task made it enter its series after that. An occurrence that was completed later stays in its series, which goes on from it.
func (c seriesChange) restored(e task.Event, current *task.Task) *task.Membership {
	if !c.changed || e.Task == nil || !reflect.DeepEqual(task.Plain(e.Task.Membership()), task.Plain(current.Membership())) {
		return nil
	}
	if c.From.SeriesID == nil && current.Completed && !e.Task.Completed {
		return nil
	}
	return &c.From
}

// earlier returns the draft of t with earlier values of some fields, as in the audit log.
func earlier(t *task.Task, values map[string]any) (task.Draft, error) {
	members, _ := task.Plain(t).(map[string]any)
	if project, changed := values["project"]; changed && !reflect.DeepEqual(project, members["project"]) {
		members["section"] = nil // it is one of the project that the task leaves
	}
	maps.Copy(members, values)
	raw, err := json.Marshal(members)
	if err != nil {
		return task.Draft{}, err
	}
	var in Input
	if err := json.Unmarshal(raw, &in); err != nil {
		return task.Draft{}, err
	}
	return in.Draft()
}

// changedSince returns a conflict that names the fields that have changed since e.
func changedSince(l *task.Ledger, e task.Event, current *task.Task) error {
	var fs fault.Fields
	note := func(name string) { fs.Add("/"+name, "has changed since") }
	if gone := current.DeletedAt != nil; gone != (e.EventType == task.Deleted) {
		note(task.FieldDeleted)
	} else if !gone {
		for _, f := range task.Fields {
			if left, relevant := left(e, f.Name); relevant && !reflect.DeepEqual(left, task.Plain(f.Get(current))) {
				note(f.Name)
			}
		}
		if e.EventType == task.Created && len(l.Subtree(current, func(t *task.Task) bool { return t.DeletedAt == nil })) > 1 {
			fs.Add("/subtasks", "were added since")
		}
	}
	if len(fs) == 0 {
		return nil
	}
	return &fault.Error{Code: fault.Conflict, Detail: "the task has changed since in the same fields", Fields: fs}
}

// left is the value that e gave to a field. A creation sets every field: undoing it would also delete what was written
// since.
func left(e task.Event, name string) (value any, relevant bool) {
	if change, ok := e.ChangedFields[name]; ok {
		return task.Plain(change.To), true
	}
	if e.EventType != task.Created || e.Task == nil {
		return nil, false
	}
	i := slices.IndexFunc(task.Fields, func(f task.Field) bool { return f.Name == name })
	return task.Plain(task.Fields[i].Get(e.Task)), true
}

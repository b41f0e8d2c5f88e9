package task

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
)

// Undo reverses an earlier change by a new change. It does not go back in time: later changes to other fields stay.
// Later changes to the same fields are a conflict.
type Undo struct {
	Events []Event // what is undone, in order; several belong to one request
}

// Needs reads the tasks with their families, their former parents, and their series.
func (u Undo) Needs() Needs {
	needs := Needs{Family: true}
	for _, e := range u.Events {
		needs.Tasks = append(needs.Tasks, e.TaskID)
		if parent, ok := e.ChangedFields["parent_id"].From.(string); ok {
			if id, ok := ParseID(parent); ok {
				needs.Tasks = append(needs.Tasks, id)
			}
		}
		_, completed := e.ChangedFields["completed"]
		needs.Occurrences = needs.Occurrences || completed
	}
	return needs
}

// Apply undoes the newest event first, all or none.
func (u Undo) Apply(l *Ledger) (Outcome, error) {
	removed := map[uuid.UUID]bool{}
	for _, e := range u.Events {
		if !strings.HasPrefix(string(e.EventType), "task.") {
			return Outcome{}, fault.New(fault.Conflict, "this was no change of a task")
		}
		removed[e.TaskID] = removed[e.TaskID] || e.EventType == Deleted
	}
	for _, e := range slices.Backward(u.Events) {
		t := l.tasks[e.TaskID]
		if t == nil {
			return Outcome{}, notFound()
		}
		if e.EventType == Deleted && t.ParentID != nil && removed[*t.ParentID] {
			continue // it is restored with its parent
		}
		if err := u.undo(l, e, t); err != nil {
			return Outcome{}, err
		}
	}
	var out Outcome
	for _, e := range u.Events {
		if slices.ContainsFunc(out.Batch, func(o Outcome) bool { return o.TaskID == e.TaskID }) {
			continue
		}
		one := Outcome{TaskID: e.TaskID}
		if t := l.tasks[e.TaskID]; t.DeletedAt == nil {
			one.Task = t
		}
		out.Batch = append(out.Batch, one)
	}
	out.TaskID, out.Task = out.Batch[0].TaskID, out.Batch[0].Task
	return out, nil
}

// undo reverses one event with the command for it.
func (u Undo) undo(l *Ledger, e Event, current *Task) error {
	if err := l.changedSince(e, current); err != nil {
		return err
	}
	var opposite Command
	deleted, moved := e.ChangedFields[fieldDeleted]
	switch {
	case e.EventType == Created, moved && deleted.To == false:
		opposite = Delete{ID: e.TaskID}
	case moved:
		opposite = Restore{ID: e.TaskID}
	default:
		before := make(map[string]any, len(e.ChangedFields))
		for name, change := range e.ChangedFields {
			before[name] = change.From
		}
		opposite = Edit{ID: e.TaskID, Draft: func(t *Task, _ string) (Draft, error) { return t.with(before) }}
	}
	_, err := opposite.Apply(l)
	if fault.Is(err, fault.Invalid) {
		// The former state is no longer allowed, such as under a parent that has been deleted.
		f := *fault.From(err)
		f.Code, f.Detail = fault.Conflict, "the task cannot be what it was before"
		return &f
	}
	return err
}

// with returns the draft of t with earlier values of some fields, as in the audit log.
func (t *Task) with(values map[string]any) (Draft, error) {
	members, _ := plain(t).(map[string]any)
	maps.Copy(members, values)
	raw, err := json.Marshal(members)
	if err != nil {
		return Draft{}, err
	}
	var in Input
	if err := json.Unmarshal(raw, &in); err != nil {
		return Draft{}, err
	}
	return in.Draft()
}

// changedSince returns a conflict that names the fields that have changed since e.
func (l *Ledger) changedSince(e Event, current *Task) error {
	var fs fault.Fields
	note := func(name string) { fs.Add("/"+name, "has changed since") }
	if gone := current.DeletedAt != nil; gone != (e.EventType == Deleted) {
		note(fieldDeleted)
	} else if !gone {
		for _, f := range fields {
			if left, relevant := e.left(f.name); relevant && !reflect.DeepEqual(left, plain(f.get(current))) {
				note(f.name)
			}
		}
		if e.EventType == Created && len(l.subtree(current, func(t *Task) bool { return t.DeletedAt == nil })) > 1 {
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
func (e Event) left(name string) (value any, relevant bool) {
	if change, ok := e.ChangedFields[name]; ok {
		return plain(change.To), true
	}
	if e.EventType != Created || e.Task == nil {
		return nil, false
	}
	i := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
	return plain(fields[i].get(e.Task)), true
}

// plain returns a value as decoded from JSON, so that values of the audit log and of a task can be compared.
func plain(value any) any {
	raw, err := json.Marshal(value)
	if err != nil {
		panic(err) // values of fields always marshal
	}
	var out any
	_ = json.Unmarshal(raw, &out) // it was just encoded
	return out
}

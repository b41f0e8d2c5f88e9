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

// Undo does the opposite of what was done, as a change like any other. It does not go back in time: what was changed
// since in other fields stays. What was changed since in the same fields is a conflict.
type Undo struct {
	Events []Event // what is undone, in their order; several are of one request
}

// Needs reads the tasks with their families, where they were before, and their series.
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

// Apply undoes the newest first, all or none.
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
			continue // it comes back with its parent
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

// undo does the opposite of one event by the command that does it.
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
		// What it was is no longer allowed, such as below a parent that has gone since.
		f := *fault.From(err)
		f.Code, f.Detail = fault.Conflict, "the task cannot be what it was before"
		return &f
	}
	return err
}

// with returns the draft of t with the values that some fields had, as the audit log has them.
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

// changedSince reports a conflict that names the fields which are not as e left them.
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

// left is the value that e gave to a field. A creation gives one to every field: taking the task away would take
// away whatever was written into it since.
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

// plain is a value as JSON has it, so that one from the audit log and one from a task can be compared.
func plain(value any) any {
	raw, err := json.Marshal(value)
	if err != nil {
		panic(err) // values of fields always marshal
	}
	var out any
	_ = json.Unmarshal(raw, &out) // it was just made
	return out
}

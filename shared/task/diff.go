package task

import (
	"reflect"
	"time"
)

// FieldDeleted is in changed_fields when a task is deleted or restored. It is a field of the audit log only, since
// clients never see a deleted task.
const FieldDeleted = "deleted"

// FieldSeries is in changed_fields when a task's Membership in its series changes otherwise than by completing it. Clients do
// not choose it.
const FieldSeries = "series"

// FieldPurged is in changed_fields when a deleted task is deleted for good (Purge).
const FieldPurged = "purged"

// Field is a field of a task that a client can change.
type Field struct {
	Name string
	Get  func(*Task) any // the value as in JSON
}

// Fields lists all of them.
var Fields = []Field{
	{"title", func(t *Task) any { return t.Title }},
	{"description", func(t *Task) any { return t.Description }},
	{"completed", func(t *Task) any { return t.Completed }},
	{"priority", func(t *Task) any { return t.Priority.String() }},
	{"project", func(t *Task) any { return deref(t.Project) }},
	{"section", func(t *Task) any { return deref(t.Section) }},
	{"tags", func(t *Task) any { return t.Tags }},
	{"due_at", func(t *Task) any { return derefTime(t.DueAt) }},
	{"due_date", func(t *Task) any { return deref(t.DueDate) }},
	{"timezone", func(t *Task) any { return deref(t.Timezone) }},
	{"reminders", func(t *Task) any { return t.Reminders }},
	{"overdue_reminders", func(t *Task) any { return deref(t.OverdueReminders) }},
	{"recurrence", func(t *Task) any { return deref(t.Recurrence) }},
	{"parent_id", func(t *Task) any { return deref(t.ParentID) }},
	{"position", func(t *Task) any { return t.Position }},
}

// Diff returns the fields that differ. A nil from means that the task did not exist.
func Diff(from, to *Task) map[string]Change {
	changes := map[string]Change{}
	empty := &Task{Tags: []string{}}
	for _, f := range Fields {
		after := f.Get(to)
		if from == nil {
			if !reflect.DeepEqual(f.Get(empty), after) {
				changes[f.Name] = Change{To: after}
			}
		} else if before := f.Get(from); !reflect.DeepEqual(before, after) {
			changes[f.Name] = Change{From: before, To: after}
		}
	}
	return changes
}

func deref[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// derefTime returns UTC without a monotonic reading, so that equal instants are equal values.
func derefTime(p *time.Time) any {
	if p == nil {
		return nil
	}
	return p.UTC().Round(0)
}

package task

import (
	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
)

const (
	// MaxDepth is the maximal number of levels of subtasks.
	MaxDepth = 10

	// MaxSubtasks is how many subtasks of all levels a task can have: they are deleted and restored with it, in one
	// transaction. Those in the trash do not count, nor do the done occurrences of a series, which the platform makes.
	MaxSubtasks = 1000
)

// OfFamily reports whether t counts for MaxSubtasks.
func (t *Task) OfFamily() bool { return t.DeletedAt == nil && (!t.Completed || t.SeriesID == nil) }

// LoadFamily adds how many tasks count for MaxSubtasks below a task that has no parent.
func (l *Ledger) LoadFamily(top uuid.UUID, subtasks int) {
	if l.families == nil {
		l.families = map[uuid.UUID]int{}
	}
	l.families[top] = subtasks
}

// checkParent returns a fault unless parent may be the parent of id: a task of the same user that is not a descendant
// of id, and whose family has room. The error points at "/parent_id".
func (l *Ledger) checkParent(id uuid.UUID, parent *uuid.UUID) error {
	if parent == nil {
		return nil
	}
	var fs fault.Fields
	if p := l.tasks[*parent]; p == nil || p.DeletedAt != nil {
		fs.Add("/parent_id", "is not a task of yours")
		return fs.Err()
	}
	top := *parent
	levels, moved := l.below(id)
	for up := parent; up != nil; {
		if levels++; *up == id || levels > MaxDepth {
			fs.Add("/parent_id", "would put the task below itself, or more than %d levels deep", MaxDepth)
			return fs.Err()
		}
		next := l.tasks[*up]
		if next == nil {
			break
		}
		top, up = *up, next.ParentID
	}
	if l.top(id) == top {
		return nil // it stays in its family
	}
	l.LoadFamily(top, l.families[top]+moved)
	if l.families[top] > MaxSubtasks {
		fs.Add("/parent_id", "would put more than %d subtasks below one task", MaxSubtasks)
	}
	return fs.Err()
}

// top returns the topmost ancestor of a task that is known.
func (l *Ledger) top(id uuid.UUID) uuid.UUID {
	for range MaxDepth {
		t := l.tasks[id]
		if t == nil || t.ParentID == nil {
			break
		}
		id = *t.ParentID
	}
	return id
}

// below returns the number of levels from id downwards, including id's, and how many of their tasks count for MaxSubtasks.
// Deleted tasks count as levels: they may be restored in place. There can be no cycle, but a bound costs nothing.
func (l *Ledger) below(id uuid.UUID) (levels, counted int) {
	children := map[uuid.UUID][]*Task{}
	for _, t := range l.tasks {
		if t.ParentID != nil {
			children[*t.ParentID] = append(children[*t.ParentID], t)
		}
	}
	counted = 1
	for level := []uuid.UUID{id}; len(level) > 0 && levels <= MaxDepth; levels++ {
		var next []uuid.UUID
		for _, above := range level {
			for _, t := range children[above] {
				next = append(next, t.ID)
				if t.OfFamily() {
					counted++
				}
			}
		}
		level = next
	}
	return levels, counted
}

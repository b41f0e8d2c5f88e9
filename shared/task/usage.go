package task

import "taskwire.dev/shared/fault"

// Usage is how much a user keeps: the tasks that are not in the trash, and the bytes of their titles, descriptions and comments.
type Usage struct {
	Tasks int64
	Bytes int64
}

// usageOf returns what a task counts for; nil is no task.
func usageOf(t *Task) Usage {
	if t == nil || t.DeletedAt != nil {
		return Usage{}
	}
	return Usage{1, int64(len(t.Title)+len(t.Description)) + t.CommentBytes}
}

func (u Usage) plus(more Usage) Usage  { return Usage{u.Tasks + more.Tasks, u.Bytes + more.Bytes} }
func (u Usage) minus(less Usage) Usage { return Usage{u.Tasks - less.Tasks, u.Bytes - less.Bytes} }

// count adds a change of a task to the usage. What continues a series is made by the platform, so it does not count as growth: a
// series never loses an occurrence to a bound.
func (l *Ledger) count(before, after *Task) {
	d := usageOf(after).minus(usageOf(before))
	l.Usage = l.Usage.plus(d)
	if !l.continues {
		l.grown = l.grown.plus(d)
	}
}

// SetComments records how many comments a task has and the length of their texts. The task's version stays as it is.
func (l *Ledger) SetComments(t *Task, comments int, bytes int64) {
	after := *t
	after.Comments, after.CommentBytes = comments, bytes
	l.count(t, &after)
	l.Load(&after)
}

// CheckBounds returns a QuotaExceeded fault if the changes so far have grown the usage beyond a bound. A user who is beyond one
// already can still complete, shorten and delete.
func (l *Ledger) CheckBounds() error {
	switch {
	case l.Bounds.Tasks > 0 && l.grown.Tasks > 0 && l.Usage.Tasks > l.Bounds.Tasks:
		return fault.New(fault.QuotaExceeded, "this would make %d tasks, and you can have %d: delete some (tasks in the trash do not count), or ask the operator of this server for more",
			l.Usage.Tasks, l.Bounds.Tasks)
	case l.Bounds.Bytes > 0 && l.grown.Bytes > 0 && l.Usage.Bytes > l.Bounds.Bytes:
		return fault.New(fault.QuotaExceeded, "this would make %d bytes of titles, descriptions and comments, and you can have %d: delete or shorten some (tasks in the trash do not count), or ask the operator of this server for more",
			l.Usage.Bytes, l.Bounds.Bytes)
	}
	return nil
}

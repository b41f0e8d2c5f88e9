package history

import (
	"slices"
	"sync"
	"time"

	"taskwire.dev/e2e/client"
)

// User is an account that changes are made as.
type User struct {
	ID   string
	Call *client.Client

	project Project
	mu      sync.Mutex
	idle    []*thing  // those without a request in progress
	changes []*Change // in the order of the requests; those of one task in the order of the responses
}

// thing is what the user knows about a task, a comment or a section.
type thing struct {
	kind kind
	id   string
	// states are all states that it had, the newest last.
	states []State
	// final: it is not changed any more, since its effects are counted.
	final bool
	// parts are its subtasks, which are deleted and restored with it and never changed alone.
	parts  []*thing
	parent *thing // also of a comment
	// comments are changed while no request changes the task.
	comments []*thing
	// in is the section that the user put it into last; nil is none.
	in *thing
	// moved: the newest change put it into a section, or took it out of one.
	moved bool
}

func (t *thing) now() State { return t.states[len(t.states)-1] }

// NewUser returns a user of an account.
func NewUser(id string, call *client.Client, project Project) *User {
	return &User{ID: id, Call: call, project: project}
}

// Changes returns copies of all changes requested so far.
func (u *User) Changes() []Change {
	u.mu.Lock()
	defer u.mu.Unlock()
	all := make([]Change, len(u.changes))
	for i, c := range u.changes {
		all[i] = *c
	}
	return all
}

// takeOne returns a matching task or section without a request, or nil.
func (u *User) takeOne(wanted func(*thing) bool) *thing {
	if taken := u.take(1, wanted); len(taken) > 0 {
		return taken[0]
	}
	return nil
}

// take returns up to n matching tasks or sections without a request: each has only one at a time, so that the order of its
// changes is known.
func (u *User) take(n int, wanted func(*thing) bool) []*thing {
	u.mu.Lock()
	defer u.mu.Unlock()
	var taken []*thing
	u.idle = slices.DeleteFunc(u.idle, func(t *thing) bool {
		if len(taken) < n && wanted(t) {
			taken = append(taken, t)
			return true
		}
		return false
	})
	return taken
}

// begin records the changes of a request, before it is sent.
func (u *User) begin(number int, steps []*step) {
	now := time.Now()
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, s := range steps {
		s.change.Request, s.change.Sent = number, now
		u.changes = append(u.changes, s.change)
	}
}

// maxIdle bounds the tasks that a user returns to; the others are not changed again.
const maxIdle = 30

// end records that a request was acknowledged, and releases its tasks and sections.
func (u *User) end(r *request) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if r.to != nil {
		u.idle = append(u.idle, r.to)
	}
	for _, s := range r.steps {
		t := s.thing
		t.id, t.moved = s.change.Task, false
		if s.change.Section != nil {
			t.moved, t.in = t.in != nil || r.to != nil, r.to
		}
		t.states = append(t.states, s.change.Want)
		first, parent := len(t.states) == 1, t.parent
		switch {
		case t.kind == ofComment:
			if first {
				parent.comments = append(parent.comments, t)
			}
			u.idle = append(u.idle, parent)
		case t.kind == ofSection && t.now().Deleted:
		case parent != nil && first:
			parent.parts = append(parent.parts, t)
			u.idle = append(u.idle, parent)
		case parent == nil && !t.final:
			u.idle = append(u.idle, t)
		}
	}
	if extra := len(u.idle) - maxIdle; extra > 0 {
		u.idle = u.idle[extra:]
	}
}

// giveBack releases tasks that were not changed.
func (u *User) giveBack(tasks []*thing) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.idle = append(u.idle, tasks...)
}

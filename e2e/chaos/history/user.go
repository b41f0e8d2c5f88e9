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

	mu      sync.Mutex
	idle    []*task   // those without a request in progress
	changes []*Change // in the order of the requests; those of one task in the order of the responses
}

// task is what the user knows about a task.
type task struct {
	id string
	// states are all states that it had, the newest last.
	states []State
	// final: it is not changed any more, since its effects are counted.
	final bool
	// parts are its subtasks, which are deleted and restored with it and never changed alone.
	parts  []*task
	parent *task
}

func (t *task) now() State { return t.states[len(t.states)-1] }

// NewUser returns a user of an account.
func NewUser(id string, call *client.Client) *User { return &User{ID: id, Call: call} }

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

// take returns up to n matching tasks without a request: each task has only one at a time, so that the order of its
// changes is known.
func (u *User) take(n int, wanted func(*task) bool) []*task {
	u.mu.Lock()
	defer u.mu.Unlock()
	var taken []*task
	u.idle = slices.DeleteFunc(u.idle, func(t *task) bool {
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

// end records that a request was acknowledged, and releases its tasks.
func (u *User) end(steps []*step) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, s := range steps {
		s.task.id = s.change.Task
		s.task.states = append(s.task.states, s.change.Want)
		switch parent := s.task.parent; {
		case parent != nil && len(s.task.states) == 1:
			parent.parts = append(parent.parts, s.task)
			u.idle = append(u.idle, parent)
		case parent == nil && !s.task.final:
			u.idle = append(u.idle, s.task)
		}
	}
	if extra := len(u.idle) - maxIdle; extra > 0 {
		u.idle = u.idle[extra:]
	}
}

// giveBack releases tasks that were not changed.
func (u *User) giveBack(tasks []*task) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.idle = append(u.idle, tasks...)
}

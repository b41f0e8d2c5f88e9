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
	idle    []*task   // those that no request is on
	changes []*Change // in the order in which they were asked for; those of one task in the order of their answers
}

// task is what the user knows of a task.
type task struct {
	id string
	// states are all that it was, the newest last.
	states []State
	// final: it is left as it is, since what comes of it is to be counted.
	final bool
	// parts are its subtasks, which go and come back with it and are never touched alone.
	parts  []*task
	parent *task
}

func (t *task) now() State { return t.states[len(t.states)-1] }

// NewUser makes a user of an account.
func NewUser(id string, call *client.Client) *User { return &User{ID: id, Call: call} }

// Changes gives copies of all that was asked for so far.
func (u *User) Changes() []Change {
	u.mu.Lock()
	defer u.mu.Unlock()
	all := make([]Change, len(u.changes))
	for i, c := range u.changes {
		all[i] = *c
	}
	return all
}

// take gives up to n tasks that nobody works on and that are as wanted: one request at a time is on a task, so that
// the order of its changes is known.
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

// begin notes what a request asks for, before it is sent.
func (u *User) begin(number int, steps []*step) {
	now := time.Now()
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, s := range steps {
		s.change.Request, s.change.Sent = number, now
		u.changes = append(u.changes, s.change)
	}
}

// maxIdle bounds the tasks that a user comes back to; the others stay as they are.
const maxIdle = 30

// end notes that a request was acknowledged, and gives its tasks back.
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

// giveBack returns tasks that nothing was done to.
func (u *User) giveBack(tasks []*task) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.idle = append(u.idle, tasks...)
}

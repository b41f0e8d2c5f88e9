package history

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// far is a due date that no clock of a run reaches.
const far = "2098-06-02T08:00:00Z"

// dice generate everything random in the histories; the same seed gives the same ones.
type dice struct {
	*rand.Rand
	run  string // distinguishes the titles of two runs on one stack
	next int
}

// title returns a title that no other change has.
func (d *dice) title() string {
	d.next++
	return fmt.Sprintf("Chaos %s %d", d.run, d.next)
}

func (d *dice) state() State {
	s := State{Title: d.title(), Priority: []string{"none", "low", "medium", "high", "urgent"}[d.IntN(5)]}
	if d.IntN(3) == 0 {
		s.Description = "Written in a storm"
	}
	if d.IntN(3) == 0 {
		s.Tags = "chaos"
	}
	if d.IntN(4) == 0 {
		s.Due = far
	}
	return s
}

func alive(t *thing) bool    { return t.kind == ofTask && !t.now().Deleted }
func ordinary(t *thing) bool { return alive(t) && t.now().Rule == "" }
func gone(t *thing) bool     { return t.kind == ofTask && t.now().Deleted }
func section(t *thing) bool  { return t.kind == ofSection }
func whole(t *thing) bool    { return ordinary(t) && len(t.parts) < 2 }

// undoable: after a subtask or a comment was added the creation is not undone, and a move to a section has left the state as it was.
func undoable(t *thing) bool {
	return t.kind == ofTask && t.now().Rule == "" && !t.moved && (len(t.states) > 1 || len(t.parts)+len(t.comments) == 0)
}

func recurring(t *thing) bool { return alive(t) && t.now().Rule != "" && !t.now().Completed }

// choose picks the user's next step: a request, or a task whose newest change is to be undone. A user without a task
// for it creates one.
func (d *dice) choose(u *User) (r *request, undone *thing) {
	if d.IntN(6) == 0 {
		if r := d.chooseOther(u); r != nil {
			return r, nil
		}
	}
	byEvent := d.IntN(3) == 0
	switch throw := d.IntN(100); {
	case throw < 22:
		if t := u.takeOne(ordinary); t != nil {
			s := t.now()
			s.Title, s.Priority = d.title(), "low"
			return edit(u, t, s, d.IntN(3)), nil
		}
	case throw < 34:
		if t := u.takeOne(ordinary); t != nil {
			return complete(u, t, byEvent), nil
		}
	case throw < 42:
		if t := u.takeOne(ordinary); t != nil {
			return remove(u, t, byEvent), nil
		}
	case throw < 48:
		if t := u.takeOne(gone); t != nil {
			return restore(u, t), nil
		}
	case throw < 58:
		if t := u.takeOne(undoable); t != nil {
			return nil, t
		}
	case throw < 66:
		if t := u.takeOne(recurring); t != nil {
			t.final = true // its successor is counted
			return complete(u, t, byEvent), nil
		}
		return create(u, d.recurring(), byEvent), nil
	case throw < 70:
		return d.reminded(u, byEvent), nil
	case throw < 82:
		return d.batch(u), nil
	case throw < 87:
		if t := u.takeOne(whole); t != nil {
			return createPart(u, t, d.state()), nil
		}
	case throw < 89:
		return readAll(u), nil
	}
	return create(u, d.state(), byEvent), nil
}

func (d *dice) recurring() State {
	s := d.state()
	s.Due, s.Rule = far, []string{"FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO", "FREQ=MONTHLY"}[d.IntN(3)]
	return s
}

// reminded creates a task that is due within the hour, so that its reminder is sent at once. It is not changed later.
func (d *dice) reminded(u *User, byEvent bool) *request {
	s := d.state()
	s.Due = time.Now().Add(time.Duration(20+d.IntN(35)) * time.Minute).UTC().Format(time.RFC3339)
	r := create(u, s, byEvent)
	r.steps[0].change.Reminded, r.steps[0].thing.final = true, true
	return r
}

func (d *dice) batch(u *User) *request {
	made := make([]State, 1+d.IntN(4))
	for i := range made {
		made[i] = d.state()
	}
	return batch(u, made, u.take(d.IntN(5), ordinary), d.title)
}

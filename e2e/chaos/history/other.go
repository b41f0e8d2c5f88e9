package history

import (
	"encoding/json"
	"net/http"

	"taskwire.dev/e2e/client"
)

// Project is the project of a user in which the sections are.
type Project struct{ ID, Name string }

const pathSections = "/api/sections"

// chooseOther picks a step with comments or sections; nil if there is no task for it.
func (d *dice) chooseOther(u *User) *request {
	switch throw := d.IntN(100); {
	case throw < 45:
		if t := u.takeOne(ordinary); t != nil {
			return d.comment(u, t)
		}
		return nil
	case throw < 75:
		s := u.takeOne(section)
		if s == nil {
			return d.createSection(u)
		}
		t := u.takeOne(ordinary)
		if t == nil {
			u.giveBack([]*thing{s})
			return nil
		}
		if t.in == s { // that would change nothing
			u.giveBack([]*thing{s})
			return d.comment(u, t)
		}
		return move(u, t, s)
	case throw < 90:
		if s := u.takeOne(section); s != nil {
			return d.changeSection(u, s)
		}
	}
	return d.createSection(u)
}

// comment adds a comment to a task, edits one or deletes one.
func (d *dice) comment(u *User, t *thing) *request {
	var there []*thing
	for _, c := range t.comments {
		if !c.now().Deleted {
			there = append(there, c)
		}
	}
	r := &request{user: u, want: http.StatusOK, read: oneComment}
	if len(there) == 0 || d.IntN(2) == 0 {
		c := &thing{kind: ofComment, parent: t}
		r.plan(c, State{Title: d.title()})
		r.want = http.StatusCreated
		r.call = keyed(client.Request{Method: http.MethodPost, Path: path(t) + "/comments", JSON: client.Fields{"text": r.steps[0].change.Want.Title}})
		return r
	}
	c := there[d.IntN(len(there))]
	s := c.now()
	r.call = client.Request{Path: path(t) + "/comments/" + c.id}
	if s.Deleted = d.IntN(3) == 0; s.Deleted {
		return r.deletion(c, s)
	}
	s.Title = d.title()
	r.plan(c, s)
	r.call.JSON = client.Fields{"text": s.Title}
	return r.patch()
}

// move puts a task into a section, which keeps its name meanwhile.
func move(u *User, t, to *thing) *request {
	r := newRequest(u, t, t.now())
	r.to = to
	name := to.now().Title
	r.steps[0].change.Section = &name
	r.call = client.Request{Path: path(t), JSON: client.Fields{"project": u.project.Name, "section": name}}
	return r.patch()
}

func (d *dice) createSection(u *User) *request {
	r := &request{user: u, want: http.StatusCreated, read: oneSection}
	s := State{Title: d.title(), Position: d.position()}
	r.plan(&thing{kind: ofSection}, s)
	r.call = keyed(client.Request{Method: http.MethodPost, Path: pathSections, JSON: client.Fields{"name": s.Title, "position": s.Position, "project_id": u.project.ID}})
	return r
}

// changeSection renames a section, moves it to another place or deletes it: its tasks stay in the project.
func (d *dice) changeSection(u *User, t *thing) *request {
	r := &request{user: u, want: http.StatusOK, read: oneSection, call: client.Request{Path: pathSections + "/" + t.id}}
	s := t.now()
	switch d.IntN(4) {
	case 0:
		s.Deleted = true
		return r.deletion(t, s)
	case 1:
		s.Position = d.position()
		r.call.JSON = client.Fields{"position": s.Position}
	default:
		s.Title = d.title()
		r.call.JSON = client.Fields{"name": s.Title}
	}
	r.plan(t, s)
	return r.patch()
}

// position returns a place in the order of sections that no other one has.
func (d *dice) position() string {
	const digits = "abcdefghijklmnopqrstuvwxyz"
	key := make([]byte, 11)
	for i := range key {
		key[i] = digits[d.IntN(len(digits))]
	}
	return "a" + string(key) // the first letter says how long the integer is that the key begins with
}

func (r *request) patch() *request {
	r.call.Method, r.call.Header = http.MethodPatch, map[string]string{"Content-Type": "application/merge-patch+json"}
	r.call = keyed(r.call)
	return r
}

func (r *request) deletion(t *thing, s State) *request {
	r.plan(t, s)
	r.want, r.read = http.StatusNoContent, nothing
	r.call.Method = http.MethodDelete
	r.call = keyed(r.call)
	return r
}

func oneComment(body []byte) ([]answer, error) {
	var c client.Comment
	err := json.Unmarshal(body, &c)
	return []answer{{id: c.ID, state: CommentState(c.Text)}}, err
}

func oneSection(body []byte) ([]answer, error) {
	var s client.Section
	err := json.Unmarshal(body, &s)
	return []answer{{id: s.ID, state: SectionState(&s)}}, err
}

// CommentState is the state of a comment.
func CommentState(text string) State { return State{Title: text} }

// SectionState is the state of a section; nil is a deleted one.
func SectionState(s *client.Section) State {
	if s == nil {
		return State{Deleted: true}
	}
	return State{Title: s.Name, Position: s.Position}
}

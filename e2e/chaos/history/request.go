package history

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"taskwire.dev/e2e/client"
)

// step is one change of a request, with its task, comment or section.
type step struct {
	thing  *thing
	change *Change
}

// answer is what a response says about a task, a comment or a section: without an id that it is gone.
type answer struct {
	id      string
	state   State
	section string // of a task
}

func answerOf(t *client.Task) answer {
	if t == nil {
		return answer{state: StateOf(nil)}
	}
	return answer{t.ID, StateOf(t), SectionOf(t)}
}

// request is sent until it is acknowledged. Each has a key that makes repeating it safe.
type request struct {
	user  *User
	call  client.Request
	want  int
	steps []*step
	// told are the steps that the response includes; it leaves out changes of subtasks.
	told []*step
	// to is the section that a task is moved to. It has no other request meanwhile.
	to *thing
	// read finds the result of each step in the response.
	read func(body []byte) ([]answer, error)
}

// newRequest plans a change of one task, and of its subtasks if they change with it.
func newRequest(u *User, t *thing, want State) *request {
	r := &request{user: u, want: http.StatusOK, read: one}
	r.plan(t, want)
	return r
}

func (r *request) plan(t *thing, want State) {
	first := stepTo(r.user, t, want)
	r.steps, r.told = append(r.steps, first), append(r.told, first)
	if t == nil || len(t.states) == 0 || t.now().Deleted == want.Deleted {
		return
	}
	for _, part := range t.parts {
		s := part.now()
		s.Deleted = want.Deleted
		r.steps = append(r.steps, stepTo(r.user, part, s))
	}
}

// stepTo plans a change of a task, of a new one when t is nil.
func stepTo(u *User, t *thing, want State) *step {
	var before *State
	if t == nil {
		t = &thing{kind: ofTask}
	}
	if len(t.states) > 0 {
		now := t.now()
		before = &now
	}
	return &step{t, &Change{User: u.ID, Task: t.id, Type: typeOf(t.kind, before, want), Want: want}}
}

func keyed(r client.Request) client.Request {
	header := map[string]string{"Idempotency-Key": rand.Text()}
	for name, value := range r.Header {
		header[name] = value
	}
	r.Header = header
	return r
}

func path(t *thing) string { return "/api/todos/" + t.id }

// fields returns a state as request fields.
func (s State) fields() client.Fields {
	f := client.Fields{"title": s.Title, "description": s.Description, "priority": s.Priority, "tags": []string{}}
	if s.Tags != "" {
		f["tags"] = []string{s.Tags}
	}
	if s.Due != "" {
		f["due_at"] = s.Due
	}
	if s.Rule != "" {
		f["recurrence"] = client.Fields{"rrule": s.Rule}
	}
	return f
}

func one(body []byte) ([]answer, error) {
	var t *client.Task
	if err := json.Unmarshal(body, &t); err != nil {
		return nil, err
	}
	return []answer{answerOf(t)}, nil
}

func nothing([]byte) ([]answer, error) { return []answer{answerOf(nil)}, nil }

// caused reads the CloudEvent in the response to a command.
func caused(body []byte) ([]answer, error) {
	var e client.Event
	if err := json.Unmarshal(body, &e); err != nil {
		return nil, err
	}
	var d client.TaskData
	if err := json.Unmarshal(e.Data, &d); err != nil {
		return nil, err
	}
	return []answer{answerOf(d.Task)}, nil
}

func create(u *User, s State, byEvent bool) *request {
	r := newRequest(u, nil, s)
	if byEvent {
		return r.command("task.create", "", s.fields())
	}
	r.call, r.want = keyed(client.Request{Method: http.MethodPost, Path: "/api/todos", JSON: s.fields()}), http.StatusCreated
	return r
}

// createPart creates a subtask.
func createPart(u *User, parent *thing, s State) *request {
	r := newRequest(u, nil, s)
	r.steps[0].thing.parent = parent
	fields := s.fields()
	fields["parent_id"] = parent.id
	r.call, r.want = keyed(client.Request{Method: http.MethodPost, Path: "/api/todos", JSON: fields}), http.StatusCreated
	return r
}

// readAll marks all notifications as read: it changes no task, and takes another code path.
func readAll(u *User) *request {
	return &request{
		user: u, want: http.StatusOK, read: func([]byte) ([]answer, error) { return nil, nil },
		call: keyed(client.Request{Method: http.MethodPost, Path: client.NotificationPath + "/read-all"}),
	}
}

// command sends it as a CloudEvent, whose id is its key.
func (r *request) command(kind, subject string, data client.Fields) *request {
	e := client.Event{ID: rand.Text(), Source: "/e2e/chaos", Type: kind, Subject: subject}
	if data != nil {
		e.Data, _ = json.Marshal(data) // strings and lists of them: it cannot fail
	}
	r.call, r.want, r.read = e.Binary(), http.StatusOK, caused
	return r
}

func edit(u *User, t *thing, s State, way int) *request {
	r := newRequest(u, t, s)
	some := client.Fields{"title": s.Title, "priority": s.Priority}
	switch way {
	case 0:
		return r.command("task.update", t.id, some)
	case 1:
		whole := s.fields()
		whole["completed"] = s.Completed
		r.steps[0].change.Section = new("") // what a PUT does not have is not there
		r.call = keyed(client.Request{Method: http.MethodPut, Path: path(t), JSON: whole})
	default:
		r.call = keyed(client.Request{Method: http.MethodPatch, Path: path(t), JSON: some, Header: map[string]string{"Content-Type": "application/merge-patch+json"}})
	}
	return r
}

func complete(u *User, t *thing, byEvent bool) *request {
	s := t.now()
	s.Completed = !s.Completed
	r := newRequest(u, t, s)
	if byEvent {
		return r.command(map[bool]string{true: "task.complete", false: "task.reopen"}[s.Completed], t.id, nil)
	}
	r.call = keyed(client.Request{Method: http.MethodPatch, Path: path(t) + "/complete", JSON: client.Fields{"completed": s.Completed}})
	return r
}

func remove(u *User, t *thing, byEvent bool) *request {
	s := t.now()
	s.Deleted = true
	r := newRequest(u, t, s)
	r.want, r.read = http.StatusNoContent, nothing
	if byEvent {
		return r.command("task.delete", t.id, nil)
	}
	r.call = keyed(client.Request{Method: http.MethodDelete, Path: path(t)})
	return r
}

func restore(u *User, t *thing) *request {
	s := t.now()
	s.Deleted = false
	r := newRequest(u, t, s)
	r.call = keyed(client.Request{Method: http.MethodPost, Path: path(t) + "/restore"})
	return r
}

// undo undoes the newest change of a task, which is that event.
func undo(u *User, t *thing, event string) *request {
	s := t.now()
	if len(t.states) > 1 {
		s = t.states[len(t.states)-2]
	} else {
		s.Deleted = true // it was created
	}
	r := newRequest(u, t, s)
	r.call = keyed(client.Request{Method: http.MethodPost, Path: "/api/history/" + event + "/undo"})
	return r
}

// batch creates new tasks, and changes existing ones, in one request.
func batch(u *User, made []State, changed []*thing, title func() string) *request {
	r := &request{user: u, want: http.StatusOK}
	var operations []client.Operation
	for _, s := range made {
		r.plan(nil, s)
		operations = append(operations, client.Operation{Op: "create", Task: s.fields()})
	}
	for i, t := range changed {
		s := t.now()
		switch {
		case i%3 == 0 && !s.Completed:
			s.Completed = true
			operations = append(operations, client.Operation{Op: "complete", ID: t.id})
		case i%3 == 1:
			s.Deleted = true
			operations = append(operations, client.Operation{Op: "delete", ID: t.id})
		default:
			s.Title = title()
			operations = append(operations, client.Operation{Op: "update", ID: t.id, Task: client.Fields{"title": s.Title}})
		}
		r.plan(t, s)
	}
	r.call = keyed(client.Request{Method: http.MethodPost, Path: "/api/todos/batch", JSON: client.Fields{"operations": operations}})
	r.read = func(body []byte) ([]answer, error) {
		var out struct{ Results []client.Result }
		if err := json.Unmarshal(body, &out); err != nil {
			return nil, err
		}
		answers := make([]answer, len(out.Results))
		for i, result := range out.Results {
			answers[i] = answerOf(result.Task)
		}
		return answers, nil
	}
	return r
}

// acknowledge reads a response with the expected status: it must confirm what was requested.
func (r *request) acknowledge(body []byte) error {
	answers, err := r.read(body)
	if err != nil {
		return err
	}
	if len(answers) != len(r.told) {
		return fmt.Errorf("%d changes were asked for, and %d are answered", len(r.told), len(answers))
	}
	for i, s := range r.told {
		got, want := answers[i], s.change
		if got.state != want.Want.Shown() {
			return fmt.Errorf("asked for %+v, acknowledged as %+v", want.Want.Shown(), got.state)
		}
		if got.id != "" && want.Task != "" && want.Task != got.id {
			return fmt.Errorf("asked of %s, answered with %s", want.Task, got.id)
		}
		if want.Section != nil && *want.Section != got.section {
			return fmt.Errorf("asked for the section %q, acknowledged as %q", *want.Section, got.section)
		}
	}
	now := time.Now()
	r.user.mu.Lock()
	defer r.user.mu.Unlock()
	for i, s := range r.told {
		if answers[i].id != "" {
			s.change.Task = answers[i].id
		}
	}
	for _, s := range r.steps {
		s.change.Answered = now
	}
	return nil
}

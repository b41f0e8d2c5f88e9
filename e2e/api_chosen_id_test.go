package e2e

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func creation(in client.Fields) client.Request {
	return client.Request{Method: http.MethodPost, Path: "/api/todos", JSON: in}
}

// TestChosenID_LostAnswer_RetryIsTheFirstAnswer repeats a create, like a client that lost the response: with and
// without a key, after the task was changed, and after it was deleted.
func TestChosenID_LostAnswer_RetryIsTheFirstAnswer(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	in := full()
	in["id"] = newID()
	in["parent_id"] = u.create(t, client.Fields{"title": "Parent"}).ID
	delete(in, "position") // chosen by the server, unknown to a retry
	path := "/api/todos/" + in["id"].(string)

	first := do(t, u.Client, keyed(creation(in), rand.Text()))
	expectStatus(t, first, http.StatusCreated)
	if first.Header.Get("Location") != path || first.Header.Get("ETag") != `"1"` {
		t.Fatalf("headers: %v", first.Header)
	}
	same(t, "the task", json.RawMessage(do(t, u.Client, client.Request{Method: http.MethodGet, Path: path}).Body), json.RawMessage(first.Body))
	u.create(t, client.Fields{"title": "Created meanwhile"})
	sameAnswer(t, first, do(t, u.Client, creation(in)))
	sameAnswer(t, first, do(t, u.Client, keyed(creation(in), rand.Text())))

	expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodPatch, Path: path, JSON: client.Fields{"title": "Changed on another device"}}), http.StatusOK)
	sameAnswer(t, first, do(t, u.Client, creation(in)))
	check.NoError(t, u.DeleteTask(t.Context(), in["id"].(string)))
	seq, tasks := u.state(t)
	sameAnswer(t, first, do(t, u.Client, creation(in)))
	if s, n := u.state(t); s != seq || n != tasks {
		t.Fatalf("a retry changed something: seq %d and %d, %d and %d tasks", seq, s, tasks, n)
	}
	expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: path}), http.StatusNotFound)
}

func TestChosenID_OtherContentIsAConflict(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"id": newID(), "title": "First", "tags": []string{"a"}})
	for _, other := range []client.Fields{
		{"title": "Second", "tags": []string{"a"}},
		{"title": "First", "tags": []string{"b"}},
		{"title": "First", "tags": []string{"a"}, "completed": true},
		{"title": "First", "tags": []string{"a"}, "position": "Zz"},
		{"title": "First"},
	} {
		other["id"] = task.ID
		expectProblem(t, do(t, u.Client, creation(other)), http.StatusConflict)
	}
	same(t, "the task", check.Must(u.Task(t.Context(), task.ID))(t), task)

	// The id of a deleted task cannot be used again either, even if the server chose it.
	chosen := u.create(t, client.Fields{"title": "By the server"})
	check.NoError(t, u.DeleteTask(t.Context(), chosen.ID))
	expectProblem(t, do(t, u.Client, creation(client.Fields{"id": chosen.ID, "title": "Other"})), http.StatusConflict)
}

func TestChosenID_InvalidIsRefused(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	good := newID()
	for _, bad := range []any{
		"", "milk", strings.ToUpper(good), strings.ReplaceAll(good, "-", ""), "{" + good + "}", "urn:uuid:" + good, " " + good,
		uuid.NewString(), uuid.NewSHA1(uuid.NameSpaceURL, []byte("x")).String(), uuid.Nil.String(), uuid.Max.String(),
		7, true,
		[]string{good},
		client.Fields{"id": good},
	} {
		expectProblem(t, do(t, u.Client, creation(client.Fields{"id": bad, "title": "x"})), 422, "/id")
	}
	expectProblem(t, do(t, u.Client, creation(client.Fields{"id": "milk", "priority": "x"})), 422, "/id", "/title", "/priority")
	expectStatus(t, do(t, u.Client, creation(client.Fields{"id": nil, "title": "Chosen by the server"})), http.StatusCreated)
	if seq, _ := u.state(t); seq != 1 {
		t.Fatalf("seq %d", seq)
	}
}

// TestChosenID_OfAnotherUser_TellsNothingElse compares the response with that for an id of the user's own.
func TestChosenID_OfAnotherUser_TellsNothingElse(t *testing.T) {
	t.Parallel()
	u, other := newUser(t), newUser(t)
	own := u.create(t, client.Fields{"id": newID(), "title": "Mine"})
	for name, foreign := range map[string]client.Task{
		"chosen":        *other.create(t, client.Fields{"id": newID(), "title": "Theirs"}),
		"by the server": *other.create(t, client.Fields{"title": "Theirs"}),
	} {
		// Even with the same content it is not a retry.
		answer := do(t, u.Client, creation(client.Fields{"id": foreign.ID, "title": "Theirs"}))
		expectProblem(t, answer, http.StatusConflict)
		mine := do(t, u.Client, creation(client.Fields{"id": own.ID, "title": "Not mine"}))
		if string(mine.Body) != string(answer.Body) {
			t.Errorf("%s: the responses differ:\n%s\n%s", name, mine.Body, answer.Body)
		}
		same(t, "their task", check.Must(other.Task(t.Context(), foreign.ID))(t), foreign)
		expectStatus(t, u.get(t, foreign.ID), http.StatusNotFound)
	}
}

// TestChosenID_AtTheSameTime: two devices of one user get the same response; of several users, one gets the task.
func TestChosenID_AtTheSameTime(t *testing.T) {
	t.Parallel()
	u, others := newUser(t), []*user{newUser(t), newUser(t), newUser(t)}
	at := func(clients []*client.Client, in client.Fields) []*client.Response {
		answers := make([]*client.Response, len(clients))
		var wg sync.WaitGroup
		for i, c := range clients {
			wg.Go(func() { answers[i] = do(t, c, creation(in)) })
		}
		wg.Wait()
		return answers
	}
	for range 10 {
		answers := at([]*client.Client{u.Client, u.Client, u.Client}, client.Fields{"id": newID(), "title": "Two devices"})
		for _, a := range answers {
			expectStatus(t, a, http.StatusCreated)
			sameAnswer(t, answers[0], a)
		}
		created := 0
		for _, a := range at([]*client.Client{u.Client, others[0].Client, others[1].Client, others[2].Client}, client.Fields{"id": newID(), "title": "Four users"}) {
			if a.Status == http.StatusCreated {
				created++
				continue
			}
			expectProblem(t, a, http.StatusConflict)
		}
		if created != 1 {
			t.Fatalf("%d users created the same task", created)
		}
	}
}

// TestChosenID_Batch creates a tree in one request: operations refer to tasks created by earlier ones.
func TestChosenID_Batch(t *testing.T) {
	t.Parallel()
	u, other := newUser(t), newUser(t)
	root, child := newID(), newID()
	tree := batch(
		client.Fields{"op": "create", "id": root, "task": client.Fields{"title": "Root"}},
		client.Fields{"op": "create", "task": client.Fields{"id": child, "title": "Child", "parent_id": root}},
		client.Fields{"op": "complete", "id": child},
	)
	first := do(t, u.Client, tree)
	expectStatus(t, first, http.StatusOK)
	if got := check.Must(u.Task(t.Context(), child))(t); !got.Completed || got.ParentID == nil || *got.ParentID != root {
		t.Fatalf("%+v", got)
	}
	seq, _ := u.state(t)
	again := do(t, u.Client, batch(
		client.Fields{"op": "create", "id": child, "task": client.Fields{"id": child, "title": "Child", "parent_id": root}},
		client.Fields{"op": "create", "id": root, "task": client.Fields{"title": "Root"}},
	))
	expectStatus(t, again, http.StatusOK)
	if s, _ := u.state(t); s != seq {
		t.Fatalf("a retry caused events: seq %d, then %d", seq, s)
	}

	foreign := other.create(t, client.Fields{"id": newID(), "title": "Theirs"})
	good := client.Fields{"op": "create", "task": client.Fields{"title": "Good"}}
	for name, c := range map[string]struct {
		bad    client.Fields
		status int
		field  string
	}{
		"version 4":      {client.Fields{"op": "create", "id": uuid.NewString(), "task": client.Fields{"title": "x"}}, 422, "/operations/1/id"},
		"in the task":    {client.Fields{"op": "create", "task": client.Fields{"id": "x", "title": "x"}}, 422, "/operations/1/task/id"},
		"two ids":        {client.Fields{"op": "create", "id": newID(), "task": client.Fields{"id": newID(), "title": "x"}}, 422, "/operations/1/id"},
		"other content":  {client.Fields{"op": "create", "id": root, "task": client.Fields{"title": "Trunk"}}, 409, "/operations/1"},
		"another user's": {client.Fields{"op": "create", "id": foreign.ID, "task": client.Fields{"title": "Theirs"}}, 409, "/operations/1"},
	} {
		t.Run(name, func(t *testing.T) {
			expectProblem(t, do(t, u.Client, batch(good, c.bad)), c.status, c.field)
		})
	}
	if s, _ := u.state(t); s != seq {
		t.Fatalf("a rejected batch caused events: seq %d, then %d", seq, s)
	}
}

// TestChosenID_CloudEvent sends task.create twice, as two events: both responses are the one event that it caused.
func TestChosenID_CloudEvent(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	id := newID()
	create := func(id, title string) client.Request {
		return command("task.create", "", `{"id":"`+id+`","title":"`+title+`"}`).Binary()
	}
	first, data := send(t, u, create(id, "By event"))
	again, _ := send(t, u, create(id, "By event"))
	same(t, "the event again", again, first)
	if first.Subject != id || data.TaskID != id {
		t.Fatalf("%+v", first)
	}
	expectProblem(t, do(t, u.Client, create(id, "Another")), http.StatusConflict)
	expectProblem(t, do(t, u.Client, create("x", "By event")), 422, "/id")
	if seq, _ := u.state(t); seq != 1 {
		t.Fatalf("seq %d", seq)
	}
}

package e2e

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// stateOf is user.state after the test's own context has ended.
func stateOf(u *user) (seq int64, tasks int, err error) {
	history, err := u.History(context.Background(), 0)
	if err != nil {
		return 0, 0, err
	}
	if len(history) > 0 {
		seq = history[len(history)-1].Seq
	}
	all, err := u.AllTasks(context.Background(), nil, nil)
	return seq, len(all), err
}

// TestStranger_OnEveryRoute: what is another's is as if it were not there, word for word.
func TestStranger_OnEveryRoute(t *testing.T) {
	t.Parallel()
	owner, stranger := newUser(t), newUser(t)
	task := owner.create(t, client.Fields{"title": "Top secret", "project": "Classified", "tags": []string{"hush"}})
	token := check.Must(owner.CreateToken(t.Context(), "owner's", scopeRead))(t)
	told := owner.notified(t)
	before, _ := owner.state(t)
	watching := open(t, stranger)

	const absent = "019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f"
	nowhere := routes(absent, absent, absent)
	for i, r := range routes(task.ID, token.ID, told.ID) {
		if r.endless() {
			continue
		}
		answer := do(t, stranger.Client, r.request)
		if strings.Contains(string(answer.Body), "secret") || strings.Contains(string(answer.Body), "Classified") {
			t.Errorf("%v tells a stranger: %s", r, answer.Body)
		}
		if r.foreign == 0 {
			continue
		}
		if answer.Status != r.foreign {
			t.Errorf("%v: %d, not %d: %s", r, answer.Status, r.foreign, answer.Body)
			continue
		}
		// The same answer as to an id that never was: nobody can probe which ids there are.
		other := do(t, stranger.Client, nowhere[i].request)
		hidden := strings.NewReplacer(task.ID, absent, token.ID, absent, told.ID, absent).Replace(string(answer.Body))
		if hidden != string(other.Body) {
			t.Errorf("%v tells that it is there:\n%s\n%s", r, hidden, other.Body)
		}
	}
	for _, query := range []string{"", "q=secret", "project=Classified", "tag=hush", "parent_id=" + task.ID} {
		page := check.Must(stranger.ListTasks(t.Context(), check.Must(url.ParseQuery(query))(t)))(t)
		for _, found := range page.Items {
			if found.ID == task.ID || found.Title == "Top secret" {
				t.Errorf("a stranger's list %q has it", query)
			}
		}
	}
	// The owner's task, log and token are untouched.
	same(t, "the task", check.Must(owner.Task(t.Context(), task.ID))(t), task)
	if seq, _ := owner.state(t); seq != before {
		t.Fatalf("seq of the owner: %d, not %d", seq, before)
	}
	expectStatus(t, do(t, owner.As(token.Secret), client.Request{Method: http.MethodGet, Path: "/api/todos"}), http.StatusOK)

	// The stranger's stream and log hold the stranger's own alone.
	seq, _ := stranger.state(t)
	for _, c := range watching.changes(t, int(seq)) {
		if c.UserID != stranger.ID {
			t.Fatalf("a stranger sees %+v", c)
		}
	}
	for _, e := range check.Must(stranger.History(t.Context(), 0))(t) {
		if e.UserID != stranger.ID || e.TaskID == task.ID {
			t.Fatalf("a stranger's history has %+v", e)
		}
	}
}

// TestStranger_CannotResumeAnothersStream: an id of another's stream gives a reset of one's own.
func TestStranger_CannotResumeAnothersStream(t *testing.T) {
	t.Parallel()
	owner, stranger := newUser(t), newUser(t)
	s := open(t, owner)
	owner.many(t, 3)
	s.changes(t, 1)
	stranger.many(t, 5)
	expectReset(t, stranger, s.lastID, "epoch")
}

// TestStranger_CannotUseAnothersCursor, since a cursor is of a list, and the list is one's own.
func TestStranger_CannotUseAnothersCursor(t *testing.T) {
	t.Parallel()
	owner, stranger := newUser(t), newUser(t)
	owner.many(t, 5)
	stranger.many(t, 5)
	page := check.Must(owner.ListTasks(t.Context(), url.Values{"limit": {"1"}}))(t)
	theirs := check.Must(stranger.ListTasks(t.Context(), url.Values{"cursor": {*page.NextCursor}}))(t)
	own := map[string]bool{}
	for _, task := range check.Must(stranger.AllTasks(t.Context(), nil, nil))(t) {
		own[task.ID] = true
	}
	for _, task := range theirs.Items {
		if !own[task.ID] {
			t.Fatalf("%+v is another's", task)
		}
	}
}

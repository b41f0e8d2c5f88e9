package e2e

import (
	"context"
	"net/url"
	"testing"

	"taskwire.dev/e2e/check"
)

// stateOf is user.state, usable after the test's own context has ended.
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

// TestStranger_CannotResumeAnothersStream: an id of another user's stream causes a reset of the stranger's own.
func TestStranger_CannotResumeAnothersStream(t *testing.T) {
	t.Parallel()
	owner, stranger := newUser(t), newUser(t)
	s := open(t, owner)
	owner.many(t, 3)
	s.changes(t, 1)
	stranger.many(t, 5)
	expectReset(t, stranger, s.lastID, "epoch")
}

// TestStranger_CannotUseAnothersCursor: a cursor continues the caller's own list.
func TestStranger_CannotUseAnothersCursor(t *testing.T) {
	t.Parallel()
	owner, stranger := newUser(t), newUser(t)
	owner.many(t, 5)
	stranger.many(t, 5)
	page := check.Must(owner.ListTasks(t.Context(), url.Values{"sort": {"created_at"}, "limit": {"1"}}))(t)
	theirs := check.Must(stranger.ListTasks(t.Context(), url.Values{"sort": {"created_at"}, "cursor": {*page.NextCursor}}))(t)
	own := map[string]bool{}
	for _, task := range check.Must(stranger.AllTasks(t.Context(), nil, nil))(t) {
		own[task.ID] = true
	}
	if len(theirs.Items) != len(own) { // all are younger than where the owner's page ends
		t.Fatalf("%d of the stranger's %d tasks", len(theirs.Items), len(own))
	}
	for _, task := range theirs.Items {
		if !own[task.ID] {
			t.Fatalf("%+v belongs to another user", task)
		}
	}
}

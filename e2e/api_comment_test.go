package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// comment is a comment on a task.
type comment struct {
	ID        string     `json:"id"`
	TaskID    string     `json:"task_id"`
	Text      string     `json:"text"`
	Actor     string     `json:"actor"`
	CreatedAt time.Time  `json:"created_at"`
	EditedAt  *time.Time `json:"edited_at"`
}

func (u *user) comment(t *testing.T, task, text string) (c comment) {
	t.Helper()
	r := client.Request{Method: http.MethodPost, Path: "/api/todos/" + task + "/comments", JSON: client.Fields{"text": text}}
	check.NoError(t, do(t, u.Client, r).Decode("a comment", http.StatusCreated, &c))
	return c
}

// commentFrame is a frame about a comment, as far as it is compared.
type commentFrame struct {
	ChangeType string   `json:"change_type"`
	Seq        int64    `json:"seq"`
	TaskID     string   `json:"task_id"`
	Comment    *comment `json:"comment"`
	Comments   *int     `json:"comments"`
}

// TestComment_IsOnEveryDevice: each change is an event, live and replayed, in one sequence with those of tasks; undone by its own undo,
// and with the author that it had.
func TestComment_IsOnEveryDevice(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	s := check.Must(u.OpenStream(t.Context(), "", nil))(t)
	t.Cleanup(s.Close)
	hello := check.Must(s.NextEvent(check.Within(t, timeout)))(t)
	read := func(s *client.Stream) (f commentFrame) {
		t.Helper()
		for {
			frame := check.Must(s.NextEvent(check.Within(t, timeout)))(t)
			check.NoError(t, documents(t).CheckFrame(frame.Event, frame.Data))
			if frame.Event == "sync.comment-changed" {
				check.NoError(t, json.Unmarshal(frame.Data, &f))
				return f
			}
		}
	}
	task := u.create(t, client.Fields{"title": "Buy milk"})
	said := u.comment(t, task.ID, "They are out of it")
	path := "/api/todos/" + task.ID + "/comments"
	live := read(s)
	if live.ChangeType != "created" || live.Comment == nil || *live.Comment != said || *live.Comments != 1 || live.TaskID != task.ID {
		t.Fatalf("%+v, and the answer was %+v", live, said)
	}
	script := u.As(check.Must(u.CreateToken(t.Context(), "script", scopeRead, scopeWrite))(t).Secret)
	expectStatus(t, do(t, script, client.Request{Method: http.MethodPatch, Path: path + "/" + said.ID, JSON: client.Fields{"text": "Oat milk"}}), http.StatusOK)
	if edited := read(s); edited.Comment.Text != "Oat milk" || edited.Comment.Actor != said.Actor || edited.Comment.EditedAt == nil || edited.Comments != nil {
		t.Errorf("%+v", edited)
	}
	expectStatus(t, do(t, script, client.Request{Method: http.MethodDelete, Path: path + "/" + said.ID}), http.StatusNoContent)
	deleted := read(s)
	if deleted.Comment != nil || *deleted.Comments != 0 {
		t.Errorf("%+v", deleted)
	}
	replayed := check.Must(u.OpenStream(t.Context(), hello.ID, nil))(t)
	t.Cleanup(replayed.Close)
	same(t, "the replayed frame", read(replayed), live)

	var page struct {
		Items []struct {
			ID    string
			Actor string
			Type  string `json:"event_type"`
		}
	}
	history := client.Request{Method: http.MethodGet, Path: "/api/todos/" + task.ID + "/history", Query: url.Values{"sort": {"-seq"}, "limit": {"1"}}}
	check.NoError(t, do(t, u.Client, history).Decode("history", http.StatusOK, &page))
	if last := page.Items[0]; last.Type != "comment.deleted" || !strings.HasPrefix(last.Actor, "token:") {
		t.Errorf("%+v", last)
	}
	undo := client.Request{Method: http.MethodPost, Path: "/api/history/" + page.Items[0].ID + "/undo"}
	expectStatus(t, do(t, u.Client, undo), http.StatusOK)
	if back := read(s); back.Comment == nil || back.Comment.Text != "Oat milk" || back.Comment.Actor != said.Actor || !back.Comment.CreatedAt.Equal(said.CreatedAt) {
		t.Errorf("%+v", back)
	}
	expectProblem(t, do(t, u.Client, undo), http.StatusConflict, "/deleted")
	if now := check.Must(u.Task(t.Context(), task.ID))(t); now.Version != 1 {
		t.Errorf("the task has version %d", now.Version)
	}
}

// TestComment_IsAddedOnce however often a client repeats it, by its key and by its id.
func TestComment_IsAddedOnce(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Buy milk"})
	path := "/api/todos/" + task.ID + "/comments"
	body := client.Fields{"id": "019ad89a-1190-7a01-8899-aabbccddee20", "text": "Hello"}
	first := do(t, u.Client, client.Request{Method: http.MethodPost, Path: path, JSON: body, Header: map[string]string{"Idempotency-Key": "k"}})
	expectStatus(t, first, http.StatusCreated)
	for _, header := range []map[string]string{{"Idempotency-Key": "k"}, {"Idempotency-Key": "another"}, nil} {
		again := do(t, u.Client, client.Request{Method: http.MethodPost, Path: path, JSON: body, Header: header})
		expectStatus(t, again, http.StatusCreated)
		same(t, "the answer", string(again.Body), string(first.Body))
	}
	expectProblem(t, do(t, u.Client, client.Request{
		Method: http.MethodPost, Path: path, JSON: client.Fields{"text": "Another"}, Header: map[string]string{"Idempotency-Key": "k"},
	}), http.StatusUnprocessableEntity, "/Idempotency-Key")
	expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodPost, Path: path, JSON: client.Fields{"id": body["id"], "text": "Another"}}), http.StatusConflict)
	for name, text := range map[string]string{"huge": strings.Repeat("x", 10_001), "control": "a\x00b", "escape": "\x1b[2J", "invisible": "\u200b", "empty": ""} {
		if r := do(t, u.Client, client.Request{Method: http.MethodPost, Path: path, JSON: client.Fields{"text": text}}); r.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
	if seq, _ := u.state(t); seq != 2+u.minted.Load() {
		t.Errorf("the log is at %d", seq)
	}
}

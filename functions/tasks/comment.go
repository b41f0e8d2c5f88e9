package function

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/tasks/internal/command"
	"taskwire.dev/functions/tasks/internal/store"
	"taskwire.dev/shared/comment"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// comments lists the comments on a task, oldest first or, with sort=-created_at, newest first.
func (f *Function) comments(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := taskID(r)
	if err != nil {
		return err
	}
	values, err := httpapi.Query(r)
	if err != nil {
		return err
	}
	after, newestFirst, limit, err := parseThread(values)
	if err != nil {
		return err
	}
	found, more, err := f.tasks.Comments(r.Context(), who, id, after, newestFirst, limit)
	if err != nil {
		return err
	}
	answer := page[comment.Comment]{Items: append([]comment.Comment{}, found...)}
	if more {
		last := found[len(found)-1]
		next := commentCursor(store.CommentKey{CreatedAt: last.CreatedAt, ID: last.ID}, newestFirst)
		answer.NextCursor = &next
	}
	httpapi.WriteJSON(w, http.StatusOK, answer)
	return nil
}

// parseThread parses the parameters of a list of comments.
func parseThread(v url.Values) (after store.CommentKey, newestFirst bool, limit int, err error) {
	var fs fault.Fields
	httpapi.Parameters(&fs, v, "limit", "cursor", "sort")
	switch v.Get("sort") {
	case "", "created_at":
	case "-created_at":
		newestFirst = true
	default:
		fs.Add("/sort", "must be created_at, or -created_at for the newest first")
	}
	limit = httpapi.Limit(&fs, v)
	after = parseCommentCursor(&fs, v.Get("cursor"), newestFirst)
	return after, newestFirst, limit, fs.Err()
}

func commentCursor(key store.CommentKey, newestFirst bool) string {
	way := ""
	if newestFirst {
		way = "-"
	}
	return base64.RawURLEncoding.EncodeToString([]byte(way + key.CreatedAt.UTC().Format(time.RFC3339Nano) + " " + key.ID.String()))
}

func parseCommentCursor(fs *fault.Fields, s string, newestFirst bool) (key store.CommentKey) {
	if s == "" {
		return key
	}
	text, err := base64.RawURLEncoding.DecodeString(s)
	place, descending := strings.CutPrefix(string(text), "-")
	at, id, _ := strings.Cut(place, " ")
	if err == nil {
		key.CreatedAt, err = time.Parse(time.RFC3339Nano, at)
	}
	if err == nil {
		key.ID, err = uuid.Parse(id)
	}
	switch {
	case err != nil || key.CreatedAt.Year() < 1:
		fs.Add("/cursor", "is not one that this list gave out")
	case descending != newestFirst:
		fs.Add("/cursor", "belongs to a list with another sort")
	}
	return key
}

// commentCounts lists the tasks that have comments.
func (f *Function) commentCounts(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	after, limit, err := pageOf(r, parseTaskCursor)
	if err != nil {
		return err
	}
	found, more, err := f.tasks.CommentCounts(r.Context(), who, after, limit)
	if err != nil {
		return err
	}
	answer := page[store.CommentCount]{Items: append([]store.CommentCount{}, found...)}
	if more {
		next := found[len(found)-1].TaskID.String()
		answer.NextCursor = &next
	}
	httpapi.WriteJSON(w, http.StatusOK, answer)
	return nil
}

func parseTaskCursor(fs *fault.Fields, s string) uuid.UUID {
	id, ok := task.ParseID(s)
	if s != "" && !ok {
		fs.Add("/cursor", "is not one that this list gave out")
	}
	return id
}

// commentInput is a comment as a client sends it. What the server decides may be included, so that one can be read, changed and sent
// back; it is ignored.
type commentInput struct {
	ID   json.RawMessage `json:"id"` // only a new comment's is read
	Text *string         `json:"text"`

	TaskID    json.RawMessage `json:"task_id"`
	Actor     json.RawMessage `json:"actor"`
	CreatedAt json.RawMessage `json:"created_at"`
	EditedAt  json.RawMessage `json:"edited_at"`
}

func (f *Function) addComment(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := taskID(r)
	if err != nil {
		return err
	}
	in, how, err := readComment(w, r, jsonType)
	if err != nil {
		return err
	}
	var fs fault.Fields
	added := store.NewComment{TaskID: id, ID: command.ChosenID(&fs, in.ID), Text: command.CommentText(&fs, "/text", in.Text)}
	if err := fs.Err(); err != nil {
		return err
	}
	answer, err := f.tasks.AddComment(r.Context(), who, how, added, func(c comment.Comment) idempotency.Answer {
		return httpapi.JSONAnswer(http.StatusCreated, c, nil)
	})
	return httpapi.WriteAnswer(w, answer, err)
}

func (f *Function) editComment(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	task, id, err := commentID(r)
	if err != nil {
		return err
	}
	in, how, err := readComment(w, r, mergePatchType, jsonType)
	if err != nil {
		return err
	}
	var fs fault.Fields
	text := command.CommentText(&fs, "/text", in.Text)
	if err := fs.Err(); err != nil {
		return err
	}
	answer, err := f.tasks.EditComment(r.Context(), who, how, task, id, text, func(c comment.Comment) idempotency.Answer {
		return httpapi.JSONAnswer(http.StatusOK, c, nil)
	})
	return httpapi.WriteAnswer(w, answer, err)
}

func (f *Function) deleteComment(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	task, id, err := commentID(r)
	if err != nil {
		return err
	}
	how, err := howToChange(r, nil)
	if err != nil {
		return err
	}
	answer, err := f.tasks.DeleteComment(r.Context(), who, how, task, id, idempotency.Answer{Status: http.StatusNoContent})
	return httpapi.WriteAnswer(w, answer, err)
}

// readComment reads the body of a request, and how to make its change.
func readComment(w http.ResponseWriter, r *http.Request, mediaTypes ...string) (in commentInput, how store.How, err error) {
	body, err := readJSON(w, r, mediaTypes...)
	if err != nil {
		return in, how, err
	}
	if err = httpapi.DecodeJSON(body, &in); err != nil {
		return in, how, err
	}
	how, err = howToChange(r, body)
	return in, how, err
}

// howToChange reads the Idempotency-Key, and whether the request is a dry run, for which no key is stored.
func howToChange(r *http.Request, body []byte) (how store.How, err error) {
	key, err := idempotency.FromHeader(r.Header.Get("Idempotency-Key"), r.Method, target(r), body)
	if err != nil {
		return how, err
	}
	if how.Dry, err = dryRun(r); err == nil && !how.Dry {
		how.Key = key
	}
	return how, err
}

// commentID reads the ids in the path. A malformed id is treated as not found.
func commentID(r *http.Request) (taskOf, id uuid.UUID, err error) {
	if taskOf, err = taskID(r); err != nil {
		return taskOf, id, err
	}
	id, ok := task.ParseID(r.PathValue("comment"))
	if !ok {
		return taskOf, id, fault.New(fault.NotFound, "there is no such comment")
	}
	return taskOf, id, nil
}

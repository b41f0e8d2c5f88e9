package function

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/shared/comment"
	"taskwire.dev/shared/task"
)

// thread returns the texts of the comments of a task, as the list with the query has them.
func (b *bundle) thread(t *testing.T, id uuid.UUID, query string) (texts []string) {
	t.Helper()
	for _, c := range decoded[page[comment.Comment]](t, b.send("GET", "/api/todos/"+id.String()+"/comments"+query, "")).Items {
		texts = append(texts, c.Text)
	}
	return texts
}

func (b *bundle) commented(t *testing.T, id uuid.UUID, text string) comment.Comment {
	t.Helper()
	w := b.send("POST", "/api/todos/"+id.String()+"/comments", `{"text":"`+text+`"}`)
	if w.Code != http.StatusCreated {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return decoded[comment.Comment](t, w)
}

// undoLast undoes the last event about a task.
func (b *bundle) undoLast(t *testing.T, id uuid.UUID) int {
	t.Helper()
	return b.send("POST", "/api/history/"+lastEvent(t, b, id.String()).ID.String()+"/undo", "").Code
}

func TestCommentsAreSavedWithAnEventForEachChange(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one := b.created(t, `{"title":"abc"}`)
	first := b.commented(t, one.ID, "fir\u00f6")
	if first.TaskID != one.ID || first.Actor != b.who.Actor() || first.EditedAt != nil || first.CreatedAt.IsZero() {
		t.Errorf("%+v", first)
	}
	second := b.commented(t, one.ID, "second")
	path := "/api/todos/" + one.ID.String() + "/comments/"
	edited := decoded[comment.Comment](t, b.send("PATCH", path+first.ID.String(), `{"text":"changed"}`))
	if edited.EditedAt == nil || edited.Text != "changed" || !edited.CreatedAt.Equal(first.CreatedAt) {
		t.Errorf("%+v", edited)
	}
	if w := b.send("PATCH", path+first.ID.String(), `{"text":"changed"}`); w.Code != http.StatusOK {
		t.Errorf("without a change: %d %s", w.Code, w.Body)
	}
	if got := fmt.Sprint(b.thread(t, one.ID, ""), b.thread(t, one.ID, "?sort=-created_at&limit=1")); got != "[changed second] [second]" {
		t.Error(got)
	}
	if u := b.usage(t); u.Bytes != int64(len("abc")+len("changed")+len("second")) {
		t.Errorf("%+v", u)
	}
	if w := b.send("DELETE", path+second.ID.String(), ""); w.Code != http.StatusNoContent {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := b.send("DELETE", path+second.ID.String(), ""); w.Code != http.StatusNotFound {
		t.Errorf("again: %d %s", w.Code, w.Body)
	}
	counts := decoded[page[struct {
		TaskID   uuid.UUID `json:"task_id"`
		Comments int
	}]](t, b.send("GET", "/api/todos/comment-counts", "")).Items
	if len(counts) != 1 || counts[0].TaskID != one.ID || counts[0].Comments != 1 {
		t.Errorf("%+v", counts)
	}
	var log []string
	for _, e := range b.Events(t, b.who)[1:] {
		n := "same"
		if count := comment.Count(e); count != nil {
			n = fmt.Sprint(*count)
		}
		log = append(log, string(e.EventType)+" "+n)
		if e.TaskID != one.ID || e.Task != nil {
			t.Errorf("%+v", e)
		}
	}
	if want := "[comment.created 1 comment.created 2 comment.updated same comment.deleted 1]"; fmt.Sprint(log) != want {
		t.Errorf("%v, want %s", log, want)
	}
	if v := decoded[task.Task](t, b.send("GET", "/api/todos/"+one.ID.String(), "")).Version; v != 1 {
		t.Errorf("the task has version %d", v)
	}
	b.rebuilt(t, "")
	b.Exec(t, `UPDATE comment SET text = 'another'`)
	b.rebuilt(t, "differs from the log")
}

func TestAChangeOfACommentIsUndone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one := b.created(t, `{"title":"one"}`)
	first := b.commented(t, one.ID, "first")
	path := "/api/todos/" + one.ID.String() + "/comments/" + first.ID.String()
	b.send("PATCH", path, `{"text":"changed"}`)
	edit := lastEvent(t, b, one.ID.String())
	if code := b.undoLast(t, one.ID); code != http.StatusOK || fmt.Sprint(b.thread(t, one.ID, "")) != "[first]" {
		t.Errorf("of an edit: %d %v", code, b.thread(t, one.ID, ""))
	}
	if w := b.send("POST", "/api/history/"+edit.ID.String()+"/undo", ""); w.Code != http.StatusConflict {
		t.Errorf("twice: %d %s", w.Code, w.Body)
	}
	b.send("DELETE", path, "")
	if code := b.undoLast(t, one.ID); code != http.StatusOK || fmt.Sprint(b.thread(t, one.ID, "")) != "[first]" {
		t.Errorf("of a deletion: %d %v", code, b.thread(t, one.ID, ""))
	}
	if again := decoded[page[comment.Comment]](t, b.send("GET", "/api/todos/"+one.ID.String()+"/comments", "")).Items[0]; again != first {
		t.Errorf("%+v, was %+v", again, first)
	}
	if code := b.undoLast(t, one.ID); code != http.StatusOK || len(b.thread(t, one.ID, "")) != 0 {
		t.Errorf("of a creation: %d %v", code, b.thread(t, one.ID, ""))
	}
	w := b.send("POST", "/api/history/"+lastEvent(t, b, one.ID.String()).ID.String()+"/undo", `{"scope":"batch"}`)
	if w.Code != http.StatusOK || len(b.thread(t, one.ID, "")) != 1 {
		t.Errorf("of the whole request: %d %s", w.Code, w.Body)
	}
	b.rebuilt(t, "")
}

func TestACommentIsAddedOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one, other := b.created(t, `{"title":"one"}`), b.created(t, `{"title":"other"}`)
	path := "/api/todos/" + one.ID.String() + "/comments"
	id := newID()
	body := `{"id":"` + id + `","text":"hello"}`
	first := b.send("POST", path, body, "Idempotency-Key", "k")
	for _, header := range [][]string{{"Idempotency-Key", "k"}, nil} {
		if again := b.send("POST", path, body, header...); again.Code != http.StatusCreated || again.Body.String() != first.Body.String() {
			t.Errorf("%v: %d %s, first %s", header, again.Code, again.Body, first.Body)
		}
	}
	if w := b.send("POST", path, `{"text":"another"}`, "Idempotency-Key", "k"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("the key for another text: %d %s", w.Code, w.Body)
	}
	for at, body := range map[string]string{path: `{"id":"` + id + `","text":"another"}`, "/api/todos/" + other.ID.String() + "/comments": body} {
		if w := b.send("POST", at, body); w.Code != http.StatusConflict {
			t.Errorf("the id for another comment: %d %s", w.Code, w.Body)
		}
	}
	b.send("DELETE", path+"/"+id, "")
	if w := b.send("POST", path, body); w.Code != http.StatusCreated || len(b.thread(t, one.ID, "")) != 0 {
		t.Errorf("a late repetition made it again: %d %s", w.Code, w.Body)
	}
	b.rebuilt(t, "")
}

func TestACommentFollowsTheRules(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one := b.created(t, `{"title":"one"}`)
	path := "/api/todos/" + one.ID.String() + "/comments"
	for body, status := range map[string]int{
		`{}`: http.StatusUnprocessableEntity, `{"text":""}`: http.StatusUnprocessableEntity, `{"text":" \n"}`: http.StatusUnprocessableEntity,
		`{"text":"a\u0000"}`: http.StatusUnprocessableEntity, `{"text":"\u200b"}`: http.StatusUnprocessableEntity, `{"text":"a\u001b[2J"}`: http.StatusUnprocessableEntity,
		`{"text":null}`: http.StatusUnprocessableEntity, `{"text":["a"]}`: http.StatusUnprocessableEntity, `{"text":"a","textt":"b"}`: http.StatusUnprocessableEntity,
		`{"text":"a","id":"1"}`: http.StatusUnprocessableEntity, `{"text":"a","id":"` + uuid.NewString() + `"}`: http.StatusUnprocessableEntity,
		`{"text":"` + strings.Repeat("ö", comment.MaxText+1) + `"}`: http.StatusUnprocessableEntity, `{"text":"` + strings.Repeat("ö", comment.MaxText) + `"}`: http.StatusCreated,
		`{"text"`: http.StatusBadRequest, `{"text":"a\n\tb"}`: http.StatusCreated, `{"text":"a","text":"b"}`: http.StatusUnprocessableEntity,
	} {
		if w := b.send("POST", path, body); w.Code != status {
			t.Errorf("%.60s: %d %s", body, w.Code, w.Body)
		}
	}
	before := len(b.Events(t, b.who))
	if w := b.send("POST", path+"?dry_run=true", `{"text":"a"}`); w.Code != http.StatusCreated || len(b.Events(t, b.who)) != before {
		t.Errorf("a dry run: %d %s", w.Code, w.Body)
	}
	for _, id := range []string{"1", newID()} {
		for _, q := range [][2]string{{"PATCH", path + "/" + id}, {"DELETE", path + "/" + id}, {"POST", "/api/todos/" + id + "/comments"}, {"GET", "/api/todos/" + id + "/comments"}} {
			if w := b.send(q[0], q[1], `{"text":"a"}`); w.Code != http.StatusNotFound {
				t.Errorf("%v: %d %s", q, w.Code, w.Body)
			}
		}
	}
	for _, query := range []string{"?sort=text", "?cursor=x", "?limit=0", "?after=1"} {
		if w := b.send("GET", path+query, ""); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", query, w.Code, w.Body)
		}
	}
	b.Exec(t, `UPDATE task SET comments = $1`, comment.Max)
	if w := b.send("POST", path, `{"text":"one too many"}`); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "at most 1000 comments") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestCommentsArePaged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one := b.created(t, `{"title":"one"}`)
	for i := range 5 {
		b.commented(t, one.ID, fmt.Sprint(i))
	}
	for way, want := range map[string]string{"": "[0 1 2 3 4]", "&sort=-created_at": "[4 3 2 1 0]"} {
		var texts []string
		for query := "?limit=2" + way; ; {
			p := decoded[page[comment.Comment]](t, b.send("GET", "/api/todos/"+one.ID.String()+"/comments"+query, ""))
			for _, c := range p.Items {
				texts = append(texts, c.Text)
			}
			if p.NextCursor == nil {
				break
			}
			query = "?limit=2" + way + "&cursor=" + *p.NextCursor
		}
		if fmt.Sprint(texts) != want {
			t.Errorf("%v", texts)
		}
	}
}

// Comments are in the trash with their task: they do not count there, come back with it, and go when it is deleted for good.
func TestCommentsStayWithTheirTask(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one := b.created(t, `{"title":"one"}`)
	series := b.created(t, `{"title":"two","due_at":"2098-06-02T08:00:00Z","recurrence":{"rrule":"FREQ=DAILY","mode":"schedule"}}`)
	for _, id := range []uuid.UUID{one.ID, series.ID} {
		b.commented(t, id, "12345")
		b.send("DELETE", "/api/todos/"+id.String(), "")
		if w := b.send("GET", "/api/todos/"+id.String()+"/comments", ""); w.Code != http.StatusNotFound {
			t.Errorf("of a deleted task: %d %s", w.Code, w.Body)
		}
		if w := b.send("POST", "/api/todos/"+id.String()+"/comments", `{"text":"a"}`); w.Code != http.StatusNotFound {
			t.Errorf("on a deleted task: %d %s", w.Code, w.Body)
		}
	}
	if u := b.usage(t); u.Bytes != 0 {
		t.Errorf("in the trash: %+v", u)
	}
	b.send("POST", "/api/todos/"+one.ID.String()+"/restore", "")
	if u := b.usage(t); u.Bytes != 8 || len(b.thread(t, one.ID, "")) != 1 {
		t.Errorf("restored: %+v", u)
	}
	b.rebuilt(t, "")
	b.send("DELETE", "/api/todos/"+one.ID.String(), "")
	b.send("DELETE", "/api/todos/trash", "")
	if w := b.send("GET", "/api/todos/comment-counts", ""); w.Body.String() != `{"items":[],"next_cursor":null}` {
		t.Errorf("deleted for good: %s", w.Body)
	}
	b.counted(t)
	b.rebuilt(t, "")
}

func TestCommentsCountForTheBound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one := b.created(t, `{"title":"one"}`)
	b.Exec(t, `UPDATE user_stream SET max_bytes = 10 WHERE user_id = $1`, b.who.UserID)
	c := b.commented(t, one.ID, "1234")
	path := "/api/todos/" + one.ID.String() + "/comments"
	w := b.send("POST", path, `{"text":"12345"}`)
	full(t, "a comment", w.Code, w.Body.String(), 10)
	w = b.send("PATCH", path+"/"+c.ID.String(), `{"text":"12345678"}`)
	full(t, "a longer comment", w.Code, w.Body.String(), 10)
	if w := b.send("PATCH", path+"/"+c.ID.String(), `{"text":"1"}`); w.Code != http.StatusOK {
		t.Errorf("a shorter one: %d %s", w.Code, w.Body)
	}
	b.counted(t)
}

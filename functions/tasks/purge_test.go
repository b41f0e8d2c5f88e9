package function

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"taskwire.dev/shared/task"
)

func TestPurge_CannotBeRestoredOrUndone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	parent := b.created(t, `{"title":"parent"}`)
	below := b.created(t, `{"title":"below","parent_id":"`+parent.ID.String()+`"}`)
	kept := b.created(t, `{"title":"kept"}`)
	for _, one := range []task.Task{parent, kept} {
		if w := b.send("DELETE", "/api/todos/trash/"+one.ID.String(), ""); w.Code != http.StatusNotFound {
			t.Errorf("%s is not in the trash: %d", one.Title, w.Code)
		}
		b.send("DELETE", "/api/todos/"+one.ID.String(), "")
	}
	if w := b.send("DELETE", "/api/todos/trash/"+parent.ID.String(), ""); w.Code != http.StatusNoContent {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for _, path := range []string{"/api/todos/trash/", "/api/todos/"} {
		if w := b.send("DELETE", path+parent.ID.String(), ""); w.Code != http.StatusNotFound {
			t.Errorf("DELETE %s again: %d", path, w.Code)
		}
	}
	for _, one := range []task.Task{parent, below} {
		if w := b.send("POST", "/api/todos/"+one.ID.String()+"/restore", ""); w.Code != http.StatusNotFound {
			t.Errorf("restore of %s: %d", one.Title, w.Code)
		}
	}
	if titles, _ := trashOf(t, b, ""); !slices.Equal(titles, []string{"kept"}) {
		t.Errorf("%v", titles)
	}
	last := lastEvent(t, b, parent.ID.String())
	if last.EventType != task.Deleted || last.Task != nil || last.ChangedFields[task.FieldPurged].To != true {
		t.Errorf("%+v", last)
	}
	for _, body := range []string{"", `{"scope":"batch"}`} {
		if w := b.send("POST", "/api/history/"+last.ID.String()+"/undo", body); w.Code != http.StatusConflict {
			t.Errorf("undo %s: %d %s", body, w.Code, w.Body)
		}
	}
}

func lastEvent(t *testing.T, b *bundle, id string) task.Event {
	t.Helper()
	return decoded[page[task.Event]](t, b.send("GET", "/api/todos/"+id+"/history?sort=-seq&limit=1", "")).Items[0]
}

func TestEmptyTrash(t *testing.T) {
	t.Parallel()
	b := setup(t)
	type answer struct {
		Deleted int
		More    bool
	}
	if got := decoded[answer](t, b.send("DELETE", "/api/todos/trash", "")); got != (answer{}) {
		t.Errorf("of a user who deleted nothing: %+v", got)
	}
	kept := b.created(t, `{"title":"kept"}`)
	for range maxPurged + 1 {
		one := b.created(t, `{"title":"deleted"}`)
		b.send("DELETE", "/api/todos/"+one.ID.String(), "")
	}
	if got := decoded[answer](t, b.send("DELETE", "/api/todos/trash", "")); got != (answer{maxPurged, true}) {
		t.Errorf("first: %+v", got)
	}
	if got := decoded[answer](t, b.send("DELETE", "/api/todos/trash", "")); got != (answer{1, false}) {
		t.Errorf("then: %+v", got)
	}
	if titles, _ := trashOf(t, b, ""); len(titles) > 0 {
		t.Errorf("left: %v", titles)
	}
	if w := b.send("GET", "/api/todos/"+kept.ID.String(), ""); w.Code != http.StatusOK {
		t.Errorf("%d", w.Code)
	}
}

// What does not fit into one change is deleted in smaller parts.
func TestEmptyTrash_OfLongTasks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := make([]string, 150)
	for i := range ids {
		one := b.created(t, `{"title":"long","description":"`+strings.Repeat("ö", 20_000)+`"}`)
		ids[i] = one.ID.String()
		b.send("DELETE", "/api/todos/"+ids[i], "")
	}
	var deleted int
	for more := true; more; {
		got := decoded[struct {
			Deleted int
			More    bool
		}](t, b.send("DELETE", "/api/todos/trash", ""))
		if got.Deleted == 0 {
			t.Fatal("nothing was deleted")
		}
		deleted, more = deleted+got.Deleted, got.More
	}
	if deleted != len(ids) {
		t.Errorf("%d of %d", deleted, len(ids))
	}
}

package function

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/migrations"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/view"
)

func (b *bundle) viewNames(t *testing.T) (names []string) {
	t.Helper()
	answer := decoded[struct{ Items []view.View }](t, b.send("GET", "/api/views", ""))
	for _, v := range answer.Items {
		names = append(names, v.Name)
	}
	return names
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func TestViewsAreSavedWithAnEventForEachChange(t *testing.T) {
	t.Parallel()
	b := setup(t)
	path := "/api/views/" + newID()
	if w := b.send("GET", "/api/views", ""); w.Body.String() != `{"items":[]}` {
		t.Errorf("of a user without views: %s", w.Body)
	}
	work := `{"name":"Work","query":"#work & overdue","layout":"board","group_by":"due","sort":"title"}`
	made := b.send("PUT", path, work)
	if v := decoded[view.View](t, made); made.Code != http.StatusCreated || v.Layout != "board" || *v.GroupBy != "due" || v.Query != "#work & overdue" {
		t.Errorf("%d %s", made.Code, made.Body)
	}
	if w := b.send("PUT", path, work); w.Code != http.StatusOK || w.Body.String() != made.Body.String() {
		t.Errorf("again: %d %s", w.Code, w.Body)
	}
	if w := b.send("PUT", path, `{"name":"At work"}`); w.Code != http.StatusOK || decoded[view.View](t, w).GroupBy != nil {
		t.Errorf("replaced: %d %s", w.Code, w.Body)
	}
	b.send("PUT", "/api/views/"+newID(), `{"name":"Home"}`)
	if names := b.viewNames(t); fmt.Sprint(names) != "[At work Home]" {
		t.Errorf("%v", names)
	}
	if w := b.send("DELETE", path, ""); w.Code != http.StatusNoContent {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := b.send("DELETE", path, ""); w.Code != http.StatusNotFound {
		t.Errorf("again: %d %s", w.Code, w.Body)
	}
	var types []task.EventType
	for _, e := range b.Events(t, b.who) {
		types = append(types, e.EventType)
		if before, after, err := view.Of(e); err != nil || before == nil && after == nil {
			t.Errorf("%+v: %v", e, err)
		}
	}
	if want := "[view.created view.updated view.created view.deleted]"; fmt.Sprint(types) != want {
		t.Errorf("%v, want %v", types, want)
	}
	b.rebuilt(t, "")
	if _, err := b.Connect(t, "taskwire_owner", uuid.Nil).Exec(t.Context(), `UPDATE saved_view SET query = 'x'`); err != nil {
		t.Fatal(err)
	}
	b.rebuilt(t, "differs from the log")
}

// rebuilt checks the views of the database against the log.
func (b *bundle) rebuilt(t *testing.T, want string) {
	t.Helper()
	found := ""
	_, err := migrations.CheckRebuild(t.Context(), b.Direct("taskwire_owner"), func(d migrations.Difference) { found += d.What }, func(migrations.Progress) {})
	if err != nil || (found == "") != (want == "") || len(found) < len(want) || found[len(found)-len(want):] != want {
		t.Errorf("found %q, %v; want %q", found, err, want)
	}
}

func TestAViewFollowsTheRules(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for body, status := range map[string]int{
		`{}`: http.StatusUnprocessableEntity, `{"name":"a","layout":"table"}`: http.StatusUnprocessableEntity,
		`{"name":"a","colour":"red"}`: http.StatusUnprocessableEntity, `{"name"`: http.StatusBadRequest,
	} {
		if w := b.send("PUT", "/api/views/"+newID(), body); w.Code != status {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
	if w := b.send("PUT", "/api/views/1", `{"name":"a"}`); w.Code != http.StatusNotFound {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for _, id := range []string{uuid.Nil.String(), uuid.NewString(), strings.ToUpper(newID())} {
		if w := b.send("PUT", "/api/views/"+id, `{"name":"a"}`); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `"field":"/id"`) {
			t.Errorf("%s: %d %s", id, w.Code, w.Body)
		}
	}
	b.expect(t, http.StatusUnprocessableEntity, "GET", "/api/views?limit=1", "")
	for range view.Max {
		b.send("PUT", "/api/views/"+newID(), `{"name":"a"}`)
	}
	if w := b.send("PUT", "/api/views/"+newID(), `{"name":"a"}`); w.Code != http.StatusConflict {
		t.Errorf("one too many: %d %s", w.Code, w.Body)
	}
}

func TestChangesOfAViewAreUndone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	path := "/api/views/" + newID()
	current := func() (v view.View) {
		for _, v = range decoded[struct{ Items []view.View }](t, b.send("GET", "/api/views", "")).Items {
		}
		return v
	}
	// undo undoes the event with that sequence.
	undo := func(seq int, body string, want int) {
		t.Helper()
		events := b.Events(t, b.who)
		e := events[seq-1]
		if w := b.send("POST", "/api/history/"+e.ID.String()+"/undo?dry_run=true", body); w.Code != want {
			t.Errorf("undo of %d, only tried: %d %s", seq, w.Code, w.Body)
		}
		if made := len(b.Events(t, b.who)) - len(events); made != 0 {
			t.Errorf("undo of %d, only tried, made %d events", seq, made)
		}
		if w := b.send("POST", "/api/history/"+e.ID.String()+"/undo", body); w.Code != want {
			t.Errorf("undo of %d: %d %s", seq, w.Code, w.Body)
		}
	}
	b.send("PUT", path, `{"name":"Work","query":"#work"}`)                                  // 1
	b.send("PUT", path, `{"name":"At work","query":"#work"}`)                               // 2
	b.send("PUT", path, `{"name":"At work","query":"#work & overdue","layout":"calendar"}`) // 3
	undo(2, "", http.StatusOK)                                                              // 4
	if v := current(); v.Name != "Work" || v.Query != "#work & overdue" || v.Layout != "calendar" {
		t.Errorf("a later change of other fields stays: %+v", v)
	}
	undo(2, "", http.StatusConflict)
	undo(1, "", http.StatusConflict)
	undo(3, `{"scope":"batch"}`, http.StatusOK) // 5
	undo(4, "", http.StatusOK)                  // 6: redone
	if v := current(); v.Name != "At work" || v.Query != "#work" || v.Layout != "list" {
		t.Errorf("%+v", v)
	}
	made := current()
	b.send("DELETE", path, "") // 7
	undo(6, "", http.StatusConflict)
	undo(7, "", http.StatusOK) // 8
	undo(7, "", http.StatusConflict)
	if v := current(); v.ID != made.ID || v.Fields != made.Fields || !v.CreatedAt.Equal(made.CreatedAt) {
		t.Errorf("%+v, want %+v", v, made)
	}
	undo(8, "", http.StatusOK) // 9
	if names := b.viewNames(t); names != nil {
		t.Errorf("%v", names)
	}
	b.rebuilt(t, "")
}

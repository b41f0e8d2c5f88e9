package function

import (
	"net/http"
	"testing"
)

// The redo of a merge is the undo of its undo. The sections of the project move with its tasks, as they did by the merge.
func TestTheRedoOfAMergeOfProjects(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	home, work := b.project(t, "Home"), b.project(t, "Work")
	b.section(t, home, "kitchen")
	bath, bathPath := b.section(t, home, "Bath")
	_, office := b.section(t, work, "Kitchen")
	one := b.created(t, `{"title":"a","project":"Home","section":"Kitchen"}`)
	two := b.created(t, `{"title":"b","project":"Home","section":"Bath"}`)
	b.expect(t, http.StatusNoContent, "DELETE", "/api/projects/"+home.ID.String()+"?tasks=move&to="+work.ID.String(), "")
	undoLast := func(want string, sections int) {
		t.Helper()
		_, undo := b.lastEvent(t)
		b.expect(t, http.StatusOK, "POST", undo, "")
		if got := b.in(t, one.ID) + ", " + b.in(t, two.ID); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if names, _ := b.labels(t, "/api/sections"); len(names) != sections {
			t.Errorf("sections %v, want %d", names, sections)
		}
	}
	undoLast("Home/kitchen 3, Home/Bath 3", 3)
	_, redo := b.lastEvent(t)
	b.expect(t, http.StatusOK, "PATCH", office, `{"name":"KITCHEN"}`)
	b.expect(t, http.StatusOK, "PATCH", "/api/projects/"+work.ID.String(), `{"name":"WORK"}`)
	b.expect(t, http.StatusOK, "POST", redo, "")
	if got := b.in(t, one.ID) + ", " + b.in(t, two.ID); got != "WORK/KITCHEN 4, WORK/Bath 4" {
		t.Error(got)
	}
	names, byName := b.labels(t, "/api/sections")
	if len(names) != 2 || byName["Bath"].ID != bath.ID || *byName["Bath"].ProjectID != work.ID {
		t.Errorf("%v %+v", names, byName["Bath"])
	}
	undoLast("Home/kitchen 5, Home/Bath 5", 3)
	b.expect(t, http.StatusOK, "GET", bathPath, "")
}

// What a redo gives the tasks exists, also if it was deleted since.
func TestTheRedoOfAMergeIntoALabelThatIsGone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, fields string }{
		{"projects", `"project":"Old"`}, {"tags", `"tags":["Old"]`}, {"sections", `"project":"Home","section":"Old"`},
	} {
		b := setupLabels(t)
		b.created(t, `{"title":"a",`+c.fields+`}`)
		b.created(t, `{"title":"b","project":"Home"}`)
		path := "/api/" + c.kind
		into := `{"name":"New"}`
		if c.kind == "sections" {
			_, projects := b.labels(t, "/api/projects")
			into = `{"name":"New","project_id":"` + projects["Home"].ID.String() + `"}`
		}
		b.expect(t, http.StatusCreated, "POST", path, into)
		_, byName := b.labels(t, path)
		to := byName["New"].ID.String()
		b.expect(t, http.StatusNoContent, "DELETE", path+"/"+byName["Old"].ID.String()+"?tasks=move&to="+to, "")
		_, undo := b.lastEvent(t)
		b.expect(t, http.StatusOK, "POST", undo, "")
		_, redo := b.lastEvent(t)
		b.expect(t, http.StatusNoContent, "DELETE", path+"/"+to, "")
		b.expect(t, http.StatusOK, "POST", redo, "")
		if _, byName = b.labels(t, path); byName["New"].Name != "New" || byName["Old"].Name != "" {
			t.Errorf("%s: %v", c.kind, byName)
		}
	}
}

package e2e

import (
	"net/http"
	"strings"
	"testing"

	"taskwire.dev/e2e/client"
)

type projectsAnswer struct {
	Projects []struct {
		Name     string
		Sections []string
		Open     int
	}
}

// TestMCP_Sections: an assistant puts tasks into sections by their names, and sees which there are.
func TestMCP_Sections(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	a := u.newAssistant(t)
	u.create(t, client.Fields{"title": "Paint", "project": "Home", "section": "Kitchen"})
	home := u.label(t, "/api/projects", "Home")
	create := client.Request{Method: http.MethodPost, Path: "/api/sections", JSON: client.Fields{"name": "Bath", "project_id": home.ID}}
	expectStatus(t, do(t, u.Client, create), http.StatusCreated)
	u.create(t, client.Fields{"title": "Call", "project": "Work"})

	listed := call[projectsAnswer](t, a, "list_projects", client.Fields{}).Projects
	if len(listed) != 2 || listed[0].Name != "Home" || strings.Join(listed[0].Sections, " ") != "Kitchen Bath" || listed[0].Open != 1 || listed[1].Sections == nil || len(listed[1].Sections) != 0 {
		t.Errorf("%+v", listed)
	}

	where := func(task client.Task) string {
		place := func(s *string) string {
			if s == nil {
				return "-"
			}
			return *s
		}
		return place(task.Project) + "/" + place(task.Section)
	}
	added := call[taskAnswer](t, a, "add_task", client.Fields{"title": "Tile", "project": "home", "section": "KITCHEN"}).Task
	same(t, "in the spelling of the user", where(added), "Home/Kitchen")
	said := client.Fields{"text": "Tile #home/bath", "dry_run": true}
	same(t, "by its text", where(call[taskAnswer](t, a, "add_task", said).Task), "Home/Bath")
	said["project"] = "Work"
	same(t, "the section in the text is not one of another project", where(call[taskAnswer](t, a, "add_task", said).Task), "Work/-")
	said["section"] = "Desk"
	same(t, "both as arguments", where(call[taskAnswer](t, a, "add_task", said).Task), "Work/Desk")

	for _, step := range []struct {
		change client.Fields
		want   string
	}{
		{client.Fields{"section": "bath"}, "Home/Bath"},
		{client.Fields{"section": nil}, "Home/-"},
		{client.Fields{"section": "Cellar"}, "Home/Cellar"},
		{client.Fields{"project": "Work"}, "Work/-"},
		{client.Fields{"project": "Home", "section": "Kitchen"}, "Home/Kitchen"},
		{client.Fields{"project": nil}, "-/-"},
	} {
		step.change["id"] = added.ID
		same(t, "after a change", where(call[taskAnswer](t, a, "update_task", step.change).Task), step.want)
	}
	listed = call[projectsAnswer](t, a, "list_projects", client.Fields{}).Projects
	same(t, "with the one that was made", listed[0].Sections, []string{"Kitchen", "Bath", "Cellar"})
	found := call[listAnswer](t, a, "list_tasks", client.Fields{"project": "home", "section": "kitchen"}).Tasks
	if len(found) != 1 || found[0].Title != "Paint" {
		t.Errorf("%+v", found)
	}

	for _, c := range []struct {
		tool      string
		arguments client.Fields
	}{
		{"add_task", client.Fields{"title": "x", "section": "Kitchen"}},
		{"add_task", client.Fields{"title": "x", "project": "Home", "section": strings.Repeat("x", 101)}},
		{"add_task", client.Fields{"title": "x", "project": "Home", "section": "\u200b"}},
		{"add_task", client.Fields{"title": "x", "project": "Home", "section": 7}},
		{"update_task", client.Fields{"id": added.ID, "section": "Kitchen"}}, // it is in no project
		{"list_tasks", client.Fields{"section": "Kitchen"}},
	} {
		if text := refuse(t, a, c.tool, c.arguments); !strings.Contains(text, "section") || strings.Contains(text, "unexpected error") {
			t.Errorf("%s %v: %s", c.tool, c.arguments, text)
		}
	}
	others := call[projectsAnswer](t, newUser(t).newAssistant(t), "list_projects", client.Fields{}).Projects
	same(t, "another user's projects", len(others), 0)
}

package e2e

import (
	"slices"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// TestNames_AreOneWhateverTheirSpelling: a project or tag in another case, form or with other accents is the one that is
// there, over REST and over MCP.
func TestNames_AreOneWhateverTheirSpelling(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	u.create(t, client.Fields{"title": "first", "project": " Café ", "tags": []string{"Work"}})
	second := u.create(t, client.Fields{"title": "second", "project": "CAFE\u0301", "tags": []string{"work", "WORK"}})
	if *second.Project != "Café" || !slices.Equal(second.Tags, []string{"Work"}) {
		t.Errorf("%q %q", *second.Project, second.Tags)
	}
	same(t, "found", u.titles(t, "project=cafe&tag=WORK"), []string{"first", "second"})
}

// TestTags_OfTwoDevicesStay: each device adds its own tag to what it saw; neither is lost.
func TestTags_OfTwoDevicesStay(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "shared", "tags": []string{"old"}})
	check.Must(u.PatchTask(t.Context(), task.ID, client.Fields{"tags_add": []string{"phone"}}))(t)
	got := check.Must(u.PatchTask(t.Context(), task.ID, client.Fields{"tags_add": []string{"laptop"}, "tags_remove": []string{"OLD"}}))(t)
	if !slices.Equal(got.Tags, []string{"phone", "laptop"}) {
		t.Errorf("%q", got.Tags)
	}
	for body, field := range map[string]string{
		`{"tags_add":["a"],"tags":["b"]}`:        "/tags",
		`{"tags_remove":[""]}`:                   "/tags_remove",
		`{"tags_add":["a"],"tags_remove":["A"]}`: "/tags_add",
	} {
		r := client.Request{Method: "PATCH", Path: "/api/todos/" + task.ID, Header: map[string]string{"Content-Type": mergePatch}, Body: []byte(body)}
		expectProblem(t, do(t, u.Client, r), 422, field)
	}
}

func TestTitle_HasAVisibleCharacter(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for _, title := range []string{"\u200b", "\ufe0f", "\u2060\u00ad", "\u3164", "\u202e"} {
		expectProblem(t, do(t, u.Client, post("/api/todos", client.Fields{"title": title})), 422, "/title")
	}
	u.create(t, client.Fields{"title": "❤️"})
}

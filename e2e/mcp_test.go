package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/shared/eventually"
)

// TestMCP_GoSDK runs every tool, resource and prompt with the client of the SDK that the server uses.
func TestMCP_GoSDK(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	a := u.newAssistant(t)
	put := client.Request{Method: http.MethodPut, Path: "/api/preferences", JSON: client.Fields{"timezone": "Europe/Berlin"}}
	expectStatus(t, do(t, u.Client, put), http.StatusOK)

	var names []string
	for tool, err := range a.Tools(t.Context(), nil) {
		check.NoError(t, err)
		names = append(names, tool.Name)
		if tool.Title == "" || tool.Description == "" || tool.OutputSchema == nil || tool.Annotations == nil || tool.Annotations.OpenWorldHint == nil || *tool.Annotations.OpenWorldHint {
			t.Errorf("%+v", tool)
		}
	}
	slices.Sort(names)
	same(t, "tools", names, []string{
		"add_task", "comment_task", "complete_task", "delete_task", "get_task", "list_comments", "list_notifications", "list_projects",
		"list_tags", "list_tasks", "recent_changes", "search_tasks", "undo", "update_task",
	})

	trial := call[taskAnswer](t, a, "add_task", client.Fields{"title": "Water the plants", "dry_run": true})
	if seq, _ := u.state(t); seq != u.minted.Load() || !trial.DryRun || trial.Task.Title != "Water the plants" {
		t.Errorf("a trial: seq %d, %+v", seq, trial)
	}
	due := "2027-03-28T16:00:00Z" // the day on which the clocks go forward in Berlin
	added := call[taskAnswer](t, a, "add_task", client.Fields{
		"title": "Water the plants", "due_at": "2027-03-28 18:00", "tags": []string{"garden"}, "reminders": []string{"PT1H"},
	})
	task := check.Must(u.Task(t.Context(), added.Task.ID))(t)
	same(t, "the task", added.Task, task)
	if added.Timezone != "Europe/Berlin" || task.DueAt == nil || task.DueAt.Format(time.RFC3339) != due {
		t.Errorf("got %v, want %s", task.DueAt, due)
	}
	got := call[taskAnswer](t, a, "get_task", client.Fields{"id": task.ID})
	same(t, "get_task", got.Task, task)

	said := call[taskAnswer](t, a, "add_task", client.Fields{"text": "pay rent every 1st at 9am #home !high", "tags": []string{"money"}, "dry_run": true})
	if s := said.Task; s.Title != "pay rent" || s.Priority != "high" || s.Recurrence == nil || s.DueAt == nil || len(s.Tags) != 1 {
		t.Errorf("a task in plain language: %+v", s)
	}
	changed := call[taskAnswer](t, a, "update_task", client.Fields{"id": task.ID, "version": 1, "priority": "high", "due_at": nil, "title": "Water the roses"})
	if changed.Task.Priority != "high" || changed.Task.DueAt != nil || changed.Task.Version != 2 || len(changed.Task.Tags) != 1 {
		t.Errorf("%+v", changed.Task)
	}
	if text := refuse(t, a, "update_task", client.Fields{"id": task.ID, "version": 1, "priority": "low"}); !strings.Contains(text, "get_task") {
		t.Error(text)
	}
	found := call[listAnswer](t, a, "search_tasks", client.Fields{"query": "rose"})
	if len(found.Tasks) != 1 || found.Tasks[0].ID != task.ID {
		t.Errorf("%+v", found)
	}

	remark := client.Fields{"id": task.ID, "text": "Rain is forecast.", "idempotency_key": "rain"}
	first := call[commentAnswer](t, a, "comment_task", remark)
	same(t, "the same call", call[commentAnswer](t, a, "comment_task", remark), first)
	thread := call[struct{ Comments []client.Fields }](t, a, "list_comments", client.Fields{"id": task.ID}).Comments
	if actor, _ := first.Comment["actor"].(string); !strings.HasPrefix(actor, "assistant:go-sdk/") || len(thread) != 1 || thread[0]["text"] != "Rain is forecast." {
		t.Errorf("%+v, %+v", first, thread)
	}
	done := call[taskAnswer](t, a, "complete_task", client.Fields{"id": task.ID})
	if !done.Task.Completed || done.NextOccurrenceAt != nil {
		t.Errorf("%+v", done)
	}
	recent := call[recentAnswer](t, a, "recent_changes", client.Fields{})
	if recent.Seq != 4+u.minted.Load() || len(recent.Changes) != 3 || recent.Changes[0].Change != "completed" || recent.Open.Total != 0 || !recent.Complete ||
		!strings.HasPrefix(recent.Changes[0].Actor, "assistant:go-sdk/") {
		t.Errorf("%+v", recent)
	}
	// The history names the assistant too.
	history := check.Must(u.History(t.Context(), 0))(t)
	if last := history[len(history)-1]; last.Actor != recent.Changes[0].Actor {
		t.Errorf("actor %s", last.Actor)
	}

	var uris []string
	for r, err := range a.Resources(t.Context(), nil) {
		check.NoError(t, err)
		uris = append(uris, r.URI)
	}
	for r, err := range a.ResourceTemplates(t.Context(), nil) {
		check.NoError(t, err)
		uris = append(uris, r.URITemplate)
	}
	slices.Sort(uris)
	same(t, "resources", uris, []string{"conversation://{id}", "task://{id}", "taskwire://context"})
	var context recentAnswer
	a.read(t, "taskwire://context", &context)
	same(t, "the context", context.Changes, recent.Changes)
	var read client.Task
	a.read(t, "task://"+task.ID, &read)
	same(t, "the resource", read, check.Must(u.Task(t.Context(), task.ID))(t))

	prompt := check.Must(a.GetPrompt(t.Context(), &mcp.GetPromptParams{Name: "plan_my_day", Arguments: map[string]string{"focus": "rest"}}))(t)
	if text := prompt.Messages[0].Content.(*mcp.TextContent).Text; !strings.Contains(text, "Europe/Berlin") || !strings.Contains(text, "rest") {
		t.Error(text)
	}

	call[struct{}](t, a, "undo", client.Fields{"event_id": recent.Changes[0].EventID})
	if open := call[listAnswer](t, a, "list_tasks", client.Fields{"tags": []string{"garden"}}).Tasks; len(open) != 1 || open[0].ID != task.ID || open[0].Completed {
		t.Errorf("%+v", open)
	}
	tags := call[struct{ Tags []struct{ Name string } }](t, a, "list_tags", client.Fields{}).Tags
	if projects := call[projectsAnswer](t, a, "list_projects", client.Fields{}).Projects; len(projects) != 0 || len(tags) != 1 || tags[0].Name != "garden" {
		t.Errorf("%+v, %+v", projects, tags)
	}
	notified := call[struct{ Notifications []struct{ Title string } }](t, a, "list_notifications", client.Fields{}).Notifications
	if len(notified) != 1 || notified[0].Title != "New access token" {
		t.Errorf("%+v", notified)
	}

	gone := call[struct{ Title string }](t, a, "delete_task", client.Fields{"id": task.ID})
	if gone.Title != "Water the roses" {
		t.Errorf("%+v", gone)
	}
	expectStatus(t, u.get(t, task.ID), http.StatusNotFound)
	for _, name := range names {
		if _, ok := a.called.Load(name); !ok {
			t.Errorf("%s was not called", name)
		}
	}
}

type commentAnswer struct{ Comment client.Fields }

// TestMCP_Days: both kinds of due date are found by the day.
func TestMCP_Days(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	a := u.newAssistant(t)
	u.create(t, client.Fields{"title": "on the day", "due_date": "2026-12-01"})
	u.create(t, client.Fields{"title": "at a moment", "due_at": "2026-12-01T17:00:00Z"})
	u.create(t, client.Fields{"title": "the next day", "due_date": "2026-12-02"})
	for _, arguments := range []client.Fields{
		{"due_on": "2026-12-01", "sort": "due_at"},
		{"due_from": "2026-12-01", "due_to": "2026-12-02", "sort": "due_at"},
	} {
		var titles []string
		for _, task := range call[listAnswer](t, a, "list_tasks", arguments).Tasks {
			titles = append(titles, task.Title)
		}
		same(t, fmt.Sprint(arguments), titles, []string{"on the day", "at a moment"})
	}
}

// TestMCP_Pages: a list continues with the cursor alone.
func TestMCP_Pages(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	a := u.newAssistant(t)
	want := map[string]bool{}
	for range 5 {
		want[u.create(t, client.Fields{"title": "Find me", "due_at": "2026-11-30T12:00:00Z"}).ID] = true
	}
	u.create(t, client.Fields{"title": "Another"})
	for tool, arguments := range map[string]client.Fields{
		"list_tasks":   {"due_before": "2026-12-01", "sort": "-due_at", "limit": 2},
		"search_tasks": {"query": "find", "limit": 2},
	} {
		seen := map[string]bool{}
		for pages := 1; ; pages++ {
			l := call[listAnswer](t, a, tool, arguments)
			for _, task := range l.Tasks {
				seen[task.ID] = true
			}
			if l.NextCursor == nil {
				if pages != 3 {
					t.Errorf("%s: %d pages", tool, pages)
				}
				break
			}
			arguments = client.Fields{"cursor": *l.NextCursor, "limit": 2}
			if tool == "search_tasks" {
				arguments["query"] = "find"
			}
		}
		same(t, tool, seen, want)
		text := refuse(t, a, tool, client.Fields{"query": "x", "cursor": "nonsense"})
		if tool == "list_tasks" { // it takes no query
			text = refuse(t, a, tool, client.Fields{"cursor": "nonsense"})
		}
		if !strings.Contains(text, "cursor") {
			t.Error(text)
		}
	}
}

// TestMCP_Errors tell a model what to change.
func TestMCP_Errors(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	a := u.newAssistant(t)
	for _, c := range []struct {
		tool      string
		arguments client.Fields
		names     string
	}{
		{"add_task", client.Fields{}, "title"},
		{"add_task", client.Fields{"title": ""}, "title"},
		{"add_task", client.Fields{"title": strings.Repeat("x", 501)}, "title"},
		{"add_task", client.Fields{"title": "x", "due_at": "asap"}, "due_at"},
		{"add_task", client.Fields{"title": "x", "due_at": "tomorrow #home"}, "due_at"},
		{"add_task", client.Fields{"title": "x", "priority": "very"}, "priority"},
		{"add_task", client.Fields{"title": "x", "colour": "red"}, "colour"},
		{"add_task", client.Fields{"title": "x", "timezone": "Mars/Olympus", "due_at": "today"}, "timezone"},
		{"add_task", client.Fields{"title": "x", "reminders": []string{"soon"}}, "reminders"},
		{"add_task", client.Fields{"title": "x", "recurrence": client.Fields{"rrule": "FREQ=SOMETIMES"}}, "rrule"},
		{"add_task", client.Fields{"title": "x", "parent_id": "019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f"}, "parent_id"},
		{"list_tasks", client.Fields{"limit": 1000}, "limit"},
		{"list_tasks", client.Fields{"due_before": "whenever"}, "due_before"},
		{"list_tasks", client.Fields{"due_on": "2026-12-01 at 17:00"}, "due_on"},
		{"search_tasks", client.Fields{"query": "\u200b"}, "query"},
		{"get_task", client.Fields{"id": "../history"}, "UUID"},
		{"get_task", client.Fields{"id": "019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f"}, "list_tasks"},
		{"update_task", client.Fields{"id": "019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f"}, "nothing to change"},
		{"update_task", client.Fields{"id": "019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f", "title": nil}, "title"},
		{"complete_task", client.Fields{"id": "019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f"}, "list_tasks"},
		{"delete_task", client.Fields{"id": "019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f", "dry_run": true}, "list_tasks"},
	} {
		if text := refuse(t, a, c.tool, c.arguments); !strings.Contains(text, c.names) || strings.Contains(text, "unexpected error") {
			t.Errorf("%s %v: %s", c.tool, c.arguments, text)
		}
	}
	if _, err := a.CallTool(t.Context(), &mcp.CallToolParams{Name: "drop_table"}); err == nil {
		t.Error("the tool drop_table exists")
	}
	if seq, _ := u.state(t); seq != u.minted.Load() {
		t.Errorf("seq %d", seq)
	}
}

// TestMCP_Retried: a call with a key is executed once, even if its date depends on the time of the call.
func TestMCP_Retried(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	a := u.newAssistant(t)
	add := client.Fields{"title": "Once", "due_at": "in 2 hours", "idempotency_key": "k"}
	first := call[taskAnswer](t, a, "add_task", add)
	eventually.Within(t, timeout, "another second", func() bool { // in which "in 2 hours" is another time
		return call[taskAnswer](t, a, "add_task", client.Fields{"title": "x", "due_at": "in 2 hours", "dry_run": true}).Task.DueAt.Unix() != first.Task.DueAt.Unix()
	})
	same(t, "the answer", call[taskAnswer](t, a, "add_task", add), first)
	id := first.Task.ID
	for _, change := range []struct { // in this order: the first sets the version that the second changes
		tool      string
		arguments client.Fields
	}{
		{"update_task", client.Fields{"id": id, "title": "Twice", "version": 1, "idempotency_key": "u"}},
		{"complete_task", client.Fields{"id": id, "idempotency_key": "c"}},
	} {
		same(t, change.tool, call[taskAnswer](t, a, change.tool, change.arguments), call[taskAnswer](t, a, change.tool, change.arguments))
	}
	for range 2 {
		call[struct{}](t, a, "delete_task", client.Fields{"id": id, "idempotency_key": "d"})
	}
	if text := refuse(t, a, "add_task", client.Fields{"title": "Another", "idempotency_key": "k"}); !strings.Contains(text, "idempotency_key was used") {
		t.Error(text)
	}
	if seq, _ := u.state(t); seq != 4+u.minted.Load() {
		t.Errorf("seq %d", seq)
	}
}

// TestMCP_WhatRESTChanged is in recent_changes, for a second assistant too, and counted.
func TestMCP_WhatRESTChanged(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	a := u.newAssistant(t)
	if r := call[recentAnswer](t, a, "recent_changes", client.Fields{}); r.Seq != u.minted.Load() || !r.Complete || r.Open.Total != 0 {
		t.Errorf("of nothing: %+v", r)
	}
	high := u.create(t, client.Fields{"title": "High", "priority": "high"})
	u.create(t, client.Fields{"title": "Plain"})
	r := call[recentAnswer](t, a, "recent_changes", client.Fields{})
	if r.Seq != 2+u.minted.Load() || r.Changes[0].Title != "Plain" || r.Changes[0].Actor != "user:"+u.ID || r.Open.Total != 2 || r.Open.ByPriority["high"] != 1 {
		t.Errorf("%+v", r)
	}
	check.NoError(t, u.DeleteTask(t.Context(), high.ID))
	r = call[recentAnswer](t, u.newAssistant(t), "recent_changes", client.Fields{"after_seq": r.Seq})
	if r.Seq != 3+u.minted.Load() || len(r.Changes) != 1 || r.Changes[0].Change != "deleted" || r.Changes[0].Title != "High" || r.Open.Total != 1 || r.Open.ByPriority["high"] != 0 || !r.Complete {
		t.Errorf("%+v", r)
	}
	for range 60 {
		u.create(t, client.Fields{"title": "Many"})
	}
	r = call[recentAnswer](t, a, "recent_changes", client.Fields{"limit": 50})
	if r.Seq != 63+u.minted.Load() || len(r.Changes) != 50 || r.Complete || r.Open.Total != 61 {
		t.Errorf("seq %d, %d changes, %+v", r.Seq, len(r.Changes), r.Open)
	}
}

// TestMCP_Conversation is visible to its user only.
func TestMCP_Conversation(t *testing.T) {
	t.Parallel()
	u, other := newUser(t), newUser(t)
	a := u.newAssistant(t)
	ask := func(a assistant, id string) {
		t.Helper()
		check.Must(a.CallTool(t.Context(), &mcp.CallToolParams{
			Meta: mcp.Meta{"taskwire.dev/conversation": id}, Name: "list_tasks", Arguments: client.Fields{"status": "all"},
		}))(t)
	}
	ask(a, "talk")
	ask(a, "talk")
	var kept struct {
		Turns []struct {
			Tool, Answer string
			Arguments    map[string]any
			Failed       bool
		}
	}
	a.read(t, "conversation://talk", &kept)
	if len(kept.Turns) != 2 || kept.Turns[0].Tool != "list_tasks" || kept.Turns[0].Arguments["status"] != "all" || kept.Turns[0].Answer == "" {
		t.Errorf("%+v", kept)
	}
	b := other.newAssistant(t)
	for _, uri := range []string{"conversation://talk", "conversation://none", "task://" + u.create(t, client.Fields{"title": "Mine"}).ID, "taskwire://other", "file:///etc/passwd"} {
		if _, err := b.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: uri}); err == nil || !strings.Contains(strings.ToLower(err.Error()), "not found") {
			t.Errorf("%s: %v", uri, err)
		}
	}
	ask(b, "talk") // the same id of another user is another conversation
	b.read(t, "conversation://talk", &kept)
	if len(kept.Turns) != 1 {
		t.Errorf("%+v", kept)
	}
}

// TestMCP_AnotherUser: no tool can distinguish another user's tasks from missing ones.
func TestMCP_AnotherUser(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Mine"})
	event := check.Must(u.History(t.Context(), 0))(t)[0].ID
	a := newUser(t).newAssistant(t)
	for tool, arguments := range map[string]client.Fields{
		"get_task": {"id": task.ID}, "update_task": {"id": task.ID, "title": "Taken", "due_at": "today"}, "complete_task": {"id": task.ID},
		"delete_task": {"id": task.ID}, "add_task": {"title": "x", "parent_id": task.ID}, "undo": {"event_id": event},
	} {
		refuse(t, a, tool, arguments)
	}
	for _, tool := range []string{"list_tasks", "recent_changes"} {
		r := check.Must(a.CallTool(t.Context(), &mcp.CallToolParams{Name: tool}))(t)
		if raw := check.Must(json.Marshal(r))(t); strings.Contains(string(raw), task.ID) {
			t.Errorf("%s: %s", tool, raw)
		}
	}
	same(t, "the task", check.Must(u.Task(t.Context(), task.ID))(t), task)
	if seq, _ := u.state(t); seq != 1 {
		t.Errorf("seq %d", seq)
	}
}

package engine

import (
	"context"
	"net/url"
	"strings"

	"taskwire.dev/e2e/chaos/history"
	"taskwire.dev/e2e/chaos/verdict"
	"taskwire.dev/e2e/client"
)

// entry is an entry of the audit log as the verdict reads it.
func entry(e client.AuditEvent) verdict.Event {
	one := verdict.Event{Seq: e.Seq, ID: e.ID, Type: e.EventType, Task: e.TaskID, Actor: e.Actor, After: history.StateOf(e.Task), Section: history.SectionOf(e.Task)}
	if e.Task != nil && e.Task.SeriesID != nil {
		one.Series = *e.Task.SeriesID
	}
	if n := e.Notification; n != nil && n.Kind == "digest" {
		one.Digest, one.Tasks = n.ID, n.TaskIds
	}
	switch kind, _, _ := strings.Cut(e.EventType, "."); {
	case kind == "comment":
		one.Of = e.TaskID
		change := e.ChangedFields["comment"]
		if before, ok := change.From.(map[string]any); ok {
			one.Task, _ = before["id"].(string)
		}
		if after, ok := change.To.(map[string]any); ok {
			one.Task, _ = after["id"].(string)
			text, _ := after["text"].(string)
			one.After = history.CommentState(text)
		}
	case kind == "section" && e.Section != nil:
		one.Task, one.Put = e.Section.ID, map[string]string{}
		if e.EventType != history.SectionDeleted {
			one.After = history.SectionState(e.Section)
		}
		for _, r := range e.Relabels {
			for _, task := range r.Tasks {
				if one.Put[task] = ""; r.To != nil {
					one.Put[task] = *r.To
				}
			}
		}
	}
	return one
}

// others reads a user's sections and the comments on the user's tasks.
func others(ctx context.Context, u *history.User, seen *verdict.Seen) error {
	pages := url.Values{"limit": {"200"}}
	sections, err := client.All[client.Section](ctx, u.Call, "/api/sections", pages, nil)
	if err != nil {
		return err
	}
	seen.Sections, seen.Comments = map[string]history.State{}, map[string]history.State{}
	for _, s := range sections {
		seen.Sections[s.ID] = history.SectionState(&s)
	}
	read := map[string]bool{}
	for _, e := range seen.Log {
		if _, there := seen.Tasks[e.Of]; !there || read[e.Of] {
			continue
		}
		read[e.Of] = true
		comments, err := client.All[client.Comment](ctx, u.Call, "/api/todos/"+e.Of+"/comments", pages, nil)
		if err != nil {
			return err
		}
		for _, c := range comments {
			seen.Comments[c.ID] = history.CommentState(c.Text)
		}
	}
	return nil
}

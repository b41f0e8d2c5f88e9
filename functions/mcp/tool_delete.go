package function

import (
	"context"
	"net/http"
	"net/url"

	"github.com/google/uuid"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"taskwire.dev/functions/mcp/internal/rest"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

type deleteArguments struct {
	ID      uuid.UUID  `json:"id" jsonschema:"The task's id"`
	Version int64      `json:"version,omitempty" jsonschema:"Delete it only if it still has this version"`
	Scope   task.Scope `json:"scope,omitempty" jsonschema:"Of a recurring task, where it is required: skip this occurrence only, or end the series"`
	change
}

type deleteResult struct {
	ID       uuid.UUID `json:"id"`
	Title    string    `json:"title" jsonschema:"Its title; empty if it was deleted before"`
	Subtasks int       `json:"subtasks" jsonschema:"How many direct subtasks are deleted with it; counted up to 200"`
	DryRun   bool      `json:"dry_run" jsonschema:"Nothing was changed: this is what would be deleted"`
}

func (f *Function) deleteTaskTool(s *mcp.Server) {
	tool[deleteArguments, deleteResult]{
		name: "delete_task", title: "Delete a task",
		description: "Deletes a task and all of its subtasks. undo restores them. Complete a task that is done instead of deleting it. Of a recurring task it " +
			"skips this occurrence (scope this), so that the next one follows, or ends the series (scope series): ask the user which.",
		hints: hints{destructive: true, idempotent: true},
		refine: func(p properties) {
			p.at("version").Minimum = ptr(1.0)
			p.scope(task.ScopeThis, task.ScopeSeries)
			p.change()
		},
		call: f.deleteTask,
	}.add(s)
}

func (f *Function) deleteTask(ctx context.Context, in deleteArguments) (deleteResult, string, error) {
	out := deleteResult{ID: in.ID, DryRun: in.DryRun}
	// Read the task first: after the deletion it cannot be read. If it is gone already this is a repeated call, or a
	// mistake; the tasks function knows which.
	t, err := f.readTask(ctx, in.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return out, "", err
	}
	if t.Recurrence != nil && !t.Completed && in.Scope == "" {
		var fs fault.Fields
		fs.Add("/scope", "is required because the task recurs: ask the user whether to skip this occurrence (this) or to end the series (series)")
		return out, "", fs.Err()
	}
	if out.Title = t.Title; err == nil {
		var below struct{ Items []struct{} }
		q := url.Values{"parent_id": {in.ID.String()}, "limit": {"200"}}
		if err := f.call(ctx, rest.Request{Method: http.MethodGet, Path: "/api/todos", Query: q}, &below); err != nil {
			return out, "", err
		}
		out.Subtasks = len(below.Items)
	}
	r := rest.Request{Method: http.MethodDelete, Path: taskPath(in.ID), Match: in.Version, Query: scopeQuery(in.Scope)}
	if err := f.call(ctx, in.request(r), nil); err != nil {
		return out, "", err
	}
	text := in.done("Deleted", "delete") + t.Title + " id " + in.ID.String()
	if in.Scope == task.ScopeThis && t.Recurrence != nil && !t.Completed {
		text = in.done("Skipped this occurrence of", "skip this occurrence of") + t.Title + " id " + in.ID.String() + "; the next one follows"
	}
	if out.Subtasks > 0 {
		text += ", with " + counted(out.Subtasks, "subtask(s)") + " and everything below"
	}
	return out, text, nil
}

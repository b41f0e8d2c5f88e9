package function

import (
	"context"
	"net/http"

	"github.com/google/uuid"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"taskwire.dev/functions/mcp/internal/rest"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

type updateArguments struct {
	ID          uuid.UUID                 `json:"id" jsonschema:"The task's id"`
	Version     int64                     `json:"version,omitempty" jsonschema:"Change it only if it still has this version, the one that you read"`
	Title       optional[string]          `json:"title,omitzero" jsonschema:"The new title"`
	Description optional[string]          `json:"description,omitzero" jsonschema:"The new description; null clears it"`
	Priority    optional[string]          `json:"priority,omitzero" jsonschema:"The new priority; null is none"`
	Project     optional[string]          `json:"project,omitzero" jsonschema:"The new project; null removes it from its project"`
	Section     optional[string]          `json:"section,omitzero" jsonschema:"The new section of its project, or of the new project, by its name; another name makes a new one, null takes it out of its section. A task that gets another project leaves its section"`
	Tags        optional[[]string]        `json:"tags,omitzero" jsonschema:"All its tags from now on; null removes them. To add or remove some use tags_add and tags_remove"`
	TagsAdd     []string                  `json:"tags_add,omitempty" jsonschema:"Tags to add to those it has"`
	TagsRemove  []string                  `json:"tags_remove,omitempty" jsonschema:"Tags to remove from those it has"`
	DueAt       optional[string]          `json:"due_at,omitzero" jsonschema:"When it is due: a day, or a day and a time; null removes the due date"`
	Timezone    optional[string]          `json:"timezone,omitzero" jsonschema:"IANA zone of the task; null means the user's own"`
	Reminders   optional[[]string]        `json:"reminders,omitzero" jsonschema:"All its reminders from now on: ISO 8601 durations before it is due, such as PT1H, P1D or PT0S, or RFC 3339 moments. An empty list means never, null the user's preference"`
	Overdue     optional[bool]            `json:"overdue_reminders,omitzero" jsonschema:"Whether to remind once a day while it is overdue; null means the user's preference"`
	Recurrence  optional[task.Recurrence] `json:"recurrence,omitzero" jsonschema:"When it recurs; null ends the recurrence"`
	ParentID    optional[uuid.UUID]       `json:"parent_id,omitzero" jsonschema:"The id of the parent task; null makes it a top-level task"`
	Scope       task.Scope                `json:"scope,omitempty" jsonschema:"Of a recurring task: change this occurrence only, or this and all following ones; timezone and recurrence belong to the series. Ask the user if it is not clear"`
	change
}

func (f *Function) updateTaskTool(s *mcp.Server) {
	tool[updateArguments, taskResult]{
		name: "update_task", title: "Change a task",
		description: "Changes the given fields of a task and leaves the others. To complete or reopen a task use complete_task.",
		hints:       hints{destructive: true}, // not idempotent: "in 2 hours" is another time in a repeated call
		refine: func(p properties) {
			p.at("version").Minimum = ptr(1.0)
			p.at("title").Types, p.at("title").Type = nil, "string" // a title cannot be removed
			p.length("title", 1, task.MaxTitle)
			p.length("description", 0, task.MaxDescription)
			p.oneOf("priority", append(priorities(), nil)...)
			p.length("project", 0, task.MaxProject)
			p.length("section", 0, task.MaxProject)
			p.at("tags").MaxItems = ptr(task.MaxTags)
			p.at("tags_add").MaxItems = ptr(task.MaxTags)
			p.at("tags_remove").MaxItems = ptr(task.MaxTags)
			p.at("reminders").MaxItems = ptr(task.MaxReminders)
			p.date("due_at")
			p.scope(task.ScopeThis, task.ScopeFollowing)
			p.byDefault("scope", task.ScopeFollowing)
			p.change()
		},
		call: f.updateTask,
	}.add(s)
}

func (f *Function) updateTask(ctx context.Context, in updateArguments) (taskResult, string, error) {
	z, err := f.zone(ctx)
	if err != nil {
		return taskResult{}, "", err
	}
	body := map[string]any{}
	patch(body, "title", in.Title)
	patch(body, "description", in.Description)
	patch(body, "priority", in.Priority)
	patch(body, "project", in.Project)
	patch(body, "section", in.Section)
	patch(body, "tags", in.Tags)
	for name, tags := range map[string][]string{"tags_add": in.TagsAdd, "tags_remove": in.TagsRemove} {
		if len(tags) > 0 {
			body[name] = tags
		}
	}
	patch(body, "timezone", in.Timezone)
	if in.Reminders.set {
		body["reminders"] = nil
		if given := in.Reminders.value; given != nil {
			body["reminders"] = reminders(*given)
		}
	}
	patch(body, "overdue_reminders", in.Overdue)
	patch(body, "parent_id", in.ParentID)
	if in.DueAt.set {
		body["due_at"], body["due_date"] = nil, nil
	}
	if in.Recurrence.set {
		body["recurrence"] = nil
		if r := in.Recurrence.value; r != nil {
			body["recurrence"] = recurrence(*r).body()
		}
	}
	if len(body) == 0 {
		var fs fault.Fields
		fs.Add("", "contain nothing to change")
		return taskResult{}, "", fs.Err()
	}
	if in.DueAt.value != nil {
		there, err := f.zoneOf(ctx, z, in)
		if err != nil {
			return taskResult{}, "", err
		}
		due, err := f.date(ctx, there, "/due_at", *in.DueAt.value, f.callTime(ctx, in))
		if err != nil {
			return taskResult{}, "", err
		}
		due.put(body)
	}
	out := taskResult{Timezone: z.location.String(), DryRun: in.DryRun}
	r := rest.Request{Method: http.MethodPatch, Path: taskPath(in.ID), Body: body, Match: in.Version, Query: scopeQuery(in.Scope)}
	if err := f.call(ctx, in.request(r), &out.Task); err != nil {
		return out, "", err
	}
	return out, in.done("Now it is", "make it") + z.line(out.Task), nil
}

// zoneOf returns the zone of a new due date: that of the arguments, else of the task, else the user's.
func (f *Function) zoneOf(ctx context.Context, z zone, in updateArguments) (zone, error) {
	if in.Timezone.set {
		if in.Timezone.value == nil {
			return z, nil
		}
		return z.in(*in.Timezone.value)
	}
	t, err := f.readTask(ctx, in.ID)
	if fault.Is(err, fault.NotFound) || err == nil && t.Timezone == nil {
		return z, nil // a repeated call gets the first answer, even if the task is gone by now
	}
	if err != nil {
		return z, err
	}
	return z.in(*t.Timezone)
}

// patch adds a field to a merge patch if it is present: null removes it (RFC 7396).
func patch[T any](body map[string]any, name string, o optional[T]) {
	if o.set {
		body[name] = o.value
	}
}

package function

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"taskwire.dev/functions/mcp/internal/rest"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

type addArguments struct {
	Text        string      `json:"text,omitempty" jsonschema:"The whole task in plain English instead of title and the others, such as: pay rent every 1st at 9am #home/bills @money !high, where bills is a section of home. Words that are not understood stay in the title; the other arguments come first"`
	Title       string      `json:"title,omitempty" jsonschema:"What to do, in a few words"`
	Description string      `json:"description,omitempty" jsonschema:"Details; Markdown is allowed"`
	Priority    string      `json:"priority,omitempty" jsonschema:"How urgent it is"`
	Project     string      `json:"project,omitempty" jsonschema:"The project it belongs to; use the spelling of an existing one"`
	Section     string      `json:"section,omitempty" jsonschema:"The section of the project, by its name; list_projects lists them, and another name makes a new one"`
	Tags        []string    `json:"tags,omitempty" jsonschema:"Labels"`
	DueAt       string      `json:"due_at,omitempty" jsonschema:"When it is due: a day, or a day and a time"`
	Timezone    string      `json:"timezone,omitempty" jsonschema:"IANA zone of the task, such as Europe/Berlin, if not the user's own"`
	Reminders   []string    `json:"reminders,omitempty" jsonschema:"When to remind: ISO 8601 durations before it is due, such as PT1H, P1D or PT0S, or RFC 3339 moments. An empty list means never; by default the user's preference holds"`
	Overdue     *bool       `json:"overdue_reminders,omitempty" jsonschema:"Whether to remind once a day while it is overdue; by default the user's preference holds"`
	Recurrence  *recurrence `json:"recurrence,omitempty" jsonschema:"When it recurs"`
	ParentID    *uuid.UUID  `json:"parent_id,omitempty" jsonschema:"The id of the parent task, if this is a subtask"`
	change
}

func (f *Function) addTaskTool(s *mcp.Server) {
	tool[addArguments, taskResult]{
		name: "add_task", title: "Add a task",
		description: "Adds a task to the user's list. Either text or title is required.",
		hints:       hints{},
		refine: func(p properties) {
			p.length("text", 1, 1000)
			p.length("title", 1, task.MaxTitle)
			p.length("description", 0, task.MaxDescription)
			p.oneOf("priority", priorities()...)
			p.length("project", 0, task.MaxProject)
			p.length("section", 0, task.MaxProject)
			p.at("tags").MaxItems = ptr(task.MaxTags)
			p.at("reminders").MaxItems = ptr(task.MaxReminders)
			p.date("due_at")
			p.change()
		},
		call: f.addTask,
	}.add(s)
}

func (f *Function) addTask(ctx context.Context, in addArguments) (taskResult, string, error) {
	z, err := f.zone(ctx)
	if err != nil {
		return taskResult{}, "", err
	}
	there, err := z.in(in.Timezone)
	if err != nil {
		return taskResult{}, "", err
	}
	now := f.callTime(ctx, in)
	body, err := f.fromText(ctx, there, in.Text, now)
	if err != nil {
		return taskResult{}, "", err
	}
	put(body, "title", in.Title)
	if body["title"] == nil {
		var fs fault.Fields
		fs.Add("/title", "is required unless text is given")
		return taskResult{}, "", fs.Err()
	}
	put(body, "description", in.Description)
	put(body, "priority", in.Priority)
	if in.Project != "" {
		delete(body, "section") // of the project in the text
	}
	put(body, "project", in.Project)
	put(body, "section", in.Section)
	put(body, "timezone", in.Timezone)
	if in.ParentID != nil {
		body["parent_id"] = in.ParentID
	}
	if in.Tags != nil {
		body["tags"] = in.Tags
	}
	if in.Reminders != nil {
		body["reminders"] = reminders(in.Reminders)
	}
	if in.Overdue != nil {
		body["overdue_reminders"] = *in.Overdue
	}
	if in.Recurrence != nil {
		body["recurrence"] = in.Recurrence.body()
	}
	if in.DueAt != "" {
		due, err := f.date(ctx, there, "/due_at", in.DueAt, now)
		if err != nil {
			return taskResult{}, "", err
		}
		due.put(body)
	}
	out := taskResult{Timezone: z.location.String(), DryRun: in.DryRun}
	if err := f.call(ctx, in.request(rest.Request{Method: http.MethodPost, Path: "/api/todos", Body: body}), &out.Task); err != nil {
		return out, "", err
	}
	return out, in.done("Added", "add") + z.line(out.Task), nil
}

// fromText returns the body of the task that a text describes; it is empty if there is no text.
func (f *Function) fromText(ctx context.Context, z zone, text string, now time.Time) (map[string]any, error) {
	if text == "" {
		return map[string]any{}, nil
	}
	p, err := f.parse(ctx, z, text, now)
	return p.Task, err
}

// put adds a text to a body, unless it is empty.
func put(body map[string]any, name, value string) {
	if value != "" {
		body[name] = value
	}
}

func (r recurrence) body() map[string]any {
	body := map[string]any{"rrule": r.RRule}
	put(body, "mode", r.Mode)
	return body
}

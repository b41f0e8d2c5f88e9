package function

import (
	"context"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"taskwire.dev/shared/clock"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

type listArguments struct {
	Status    string     `json:"status,omitempty" jsonschema:"Open tasks, completed ones, or all"`
	Priority  string     `json:"priority,omitempty" jsonschema:"Only those of this priority"`
	Project   string     `json:"project,omitempty" jsonschema:"Only those of exactly this project"`
	Section   string     `json:"section,omitempty" jsonschema:"Only those in this section of the project, which is required with it"`
	Tags      []string   `json:"tags,omitempty" jsonschema:"Only those with all of these tags"`
	ParentID  *uuid.UUID `json:"parent_id,omitempty" jsonschema:"Only the direct subtasks of this task"`
	DueOn     string     `json:"due_on,omitempty" jsonschema:"Only those due on this day, with or without a time"`
	DueFrom   string     `json:"due_from,omitempty" jsonschema:"Only those due on this day or later, or from this moment on"`
	DueTo     string     `json:"due_to,omitempty" jsonschema:"Only those due earlier than this day or moment"`
	DueBefore string     `json:"due_before,omitempty" jsonschema:"Only those due before this moment; a day without a time means its start, so a task due today is due before tomorrow"`
	DueAfter  string     `json:"due_after,omitempty" jsonschema:"Only those due after this moment; a day without a time means its start"`
	Sort      string     `json:"sort,omitempty" jsonschema:"Sort key; a leading - sorts in descending order. position is the user's manual order"`
	page
}

type listResult struct {
	Tasks      []task.Task `json:"tasks"`
	NextCursor *string     `json:"next_cursor" jsonschema:"Send it as cursor for the next page; null on the last page"`
	Timezone   string      `json:"timezone" jsonschema:"The user's time zone"`
}

var (
	statuses = []any{"open", "completed", "all"}
	sorts    = []any{
		"position", "due_at", "-due_at", "priority", "-priority", "created_at", "-created_at", "updated_at", "-updated_at", "title", "-title",
	}
)

func (f *Function) listTasksTool(s *mcp.Server) {
	tool[listArguments, listResult]{
		name: "list_tasks", title: "List tasks",
		description: "Lists the user's tasks, by default the open ones, page by page.",
		hints:       reads,
		refine: func(p properties) {
			p.oneOf("status", statuses...)
			p.byDefault("status", "open")
			p.oneOf("priority", priorities()...)
			p.oneOf("sort", sorts...)
			p.byDefault("sort", "position")
			p.date("due_on", "due_from", "due_to", "due_before", "due_after")
			p.page(pageMax, pageDefault)
		},
		call: f.listTasks,
	}.add(s)
}

func (f *Function) listTasks(ctx context.Context, in listArguments) (listResult, string, error) {
	z, err := f.zone(ctx)
	if err != nil {
		return listResult{}, "", err
	}
	q := url.Values{"status": {in.Status}, "sort": {in.Sort}}
	for name, value := range map[string]string{"priority": in.Priority, "project": in.Project, "section": in.Section} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if in.ParentID != nil {
		q.Set("parent_id", in.ParentID.String())
	}
	for _, tag := range in.Tags {
		q.Add("tag", tag)
	}
	for _, p := range []struct{ name, value string }{
		{"due_on", in.DueOn}, {"due_from", in.DueFrom}, {"due_to", in.DueTo}, {"due_before", in.DueBefore}, {"due_after", in.DueAfter},
	} {
		if p.value == "" {
			continue
		}
		t, err := f.date(ctx, z, "/"+p.name, p.value, clock.Now())
		if err != nil {
			return listResult{}, "", err
		}
		if p.name == "due_on" && !t.day {
			var fs fault.Fields
			fs.Add("/due_on", "%q has a time: give only a day, or use due_from and due_to", p.value)
			return listResult{}, "", fs.Err()
		}
		q.Set(p.name, t.parameter(p.name == "due_before" || p.name == "due_after"))
	}
	return f.list(ctx, z, q, in.page, in.Status+" task(s)")
}

// list returns a page of the list of tasks that q selects. what describes them, such as "open task(s)".
func (f *Function) list(ctx context.Context, z zone, q url.Values, p page, what string) (listResult, string, error) {
	tasks, next, err := fetch[task.Task](ctx, f.tasks, "/api/todos", q, p)
	if err != nil {
		return listResult{}, "", err
	}
	out := listResult{Tasks: tasks, NextCursor: next, Timezone: z.location.String()}
	return out, z.lines(out, what), nil
}

func (z zone) lines(l listResult, what string) string {
	var b strings.Builder
	tasks := strings.Replace(what, "(s)", "s", 1)
	switch {
	case len(l.Tasks) > 0:
		b.WriteString(counted(len(l.Tasks), what) + ":")
	case l.NextCursor != nil: // what matches is far from the cursor
		b.WriteString("No " + tasks + " so far.")
	default:
		b.WriteString("No " + tasks + ".")
	}
	for _, t := range l.Tasks {
		b.WriteString("\n" + z.line(t))
	}
	if l.NextCursor != nil {
		b.WriteString(moreLine)
	}
	return b.String()
}

package function

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"taskwire.dev/functions/mcp/internal/rest"
	"taskwire.dev/shared/task"
)

type completeArguments struct {
	ID        uuid.UUID `json:"id" jsonschema:"The task's id"`
	Completed *bool     `json:"completed,omitempty" jsonschema:"true completes the task, false reopens it"`
	change
}

type completeResult struct {
	taskResult
	NextOccurrenceAt   *time.Time `json:"next_occurrence_at" jsonschema:"When the task is due again, or when its day begins; null if it does not recur"`
	NextOccurrenceDate *task.Date `json:"next_occurrence_date,omitempty" jsonschema:"The day on which it is due again, if it is due on days"`
}

func (f *Function) completeTaskTool(s *mcp.Server) {
	tool[completeArguments, completeResult]{
		name: "complete_task", title: "Complete or reopen a task",
		description: "Completes or reopens a task. Completing a recurring task creates its next occurrence, and the answer says when that is due.",
		hints:       hints{idempotent: true},
		refine: func(p properties) {
			p.at("completed").Types, p.at("completed").Type = nil, "boolean"
			p.byDefault("completed", true)
			p.change()
		},
		call: f.completeTask,
	}.add(s)
}

func (f *Function) completeTask(ctx context.Context, in completeArguments) (completeResult, string, error) {
	z, err := f.zone(ctx)
	if err != nil {
		return completeResult{}, "", err
	}
	completed := in.Completed == nil || *in.Completed
	var answer struct {
		task.Task
		NextOccurrenceAt   *time.Time `json:"next_occurrence_at"`
		NextOccurrenceDate *task.Date `json:"next_occurrence_date"`
	}
	r := rest.Request{Method: http.MethodPatch, Path: taskPath(in.ID) + "/complete", Body: map[string]bool{"completed": completed}}
	if err := f.call(ctx, in.request(r), &answer); err != nil {
		return completeResult{}, "", err
	}
	out := completeResult{
		taskResult:       taskResult{Task: answer.Task, Timezone: z.location.String(), DryRun: in.DryRun},
		NextOccurrenceAt: answer.NextOccurrenceAt, NextOccurrenceDate: answer.NextOccurrenceDate,
	}
	text := in.done("Done", "complete")
	if !completed {
		text = in.done("Open again", "reopen")
	}
	text += z.line(out.Task)
	switch {
	case out.NextOccurrenceDate != nil:
		text += "\nIt comes again on " + formatDay(*out.NextOccurrenceDate) + "."
	case out.NextOccurrenceAt != nil:
		text += "\nIt comes again on " + z.format(*out.NextOccurrenceAt) + "."
	}
	return out, text, nil
}

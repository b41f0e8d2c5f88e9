package function

import (
	"context"

	"github.com/google/uuid"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

type getArguments struct {
	ID uuid.UUID `json:"id" jsonschema:"The task's id"`
}

func (f *Function) getTaskTool(s *mcp.Server) {
	tool[getArguments, taskResult]{
		name: "get_task", title: "Read a task",
		description: "Reads one task in full, including its description and version.",
		hints:       reads,
		call: func(ctx context.Context, in getArguments) (taskResult, string, error) {
			z, err := f.zone(ctx)
			if err != nil {
				return taskResult{}, "", err
			}
			out := taskResult{Timezone: z.location.String()}
			if out.Task, err = f.readTask(ctx, in.ID); err != nil {
				return out, "", err
			}
			text := z.line(out.Task)
			if out.Task.Description != "" {
				text += "\n" + out.Task.Description
			}
			return out, text, nil
		},
	}.add(s)
}

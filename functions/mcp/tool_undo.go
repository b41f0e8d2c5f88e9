package function

import (
	"context"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"taskwire.dev/functions/mcp/internal/rest"
	"taskwire.dev/shared/task"
)

type undoArguments struct {
	EventID uuid.UUID `json:"event_id" jsonschema:"The event_id of the change, from recent_changes"`
	Scope   string    `json:"scope,omitempty" jsonschema:"event undoes this one change; batch undoes everything that the same request changed, such as the subtasks that were deleted with a task"`
	change
}

type undoResult struct {
	EventID uuid.UUID   `json:"event_id"`
	Tasks   []task.Task `json:"tasks" jsonschema:"The tasks as they are now, without those that the undo deleted"`
	DryRun  bool        `json:"dry_run" jsonschema:"Nothing was changed: this is what would happen"`
}

func (f *Function) undoTool(s *mcp.Server) {
	tool[undoArguments, undoResult]{
		name: "undo", title: "Undo a change",
		description: "Undoes a change with another change: an added task is deleted, a deleted one is restored, changed fields get their former values. " +
			"Refused if the same fields of the task were changed again since.",
		hints: hints{destructive: true, idempotent: true},
		refine: func(p properties) {
			p.oneOf("scope", "event", "batch")
			p.byDefault("scope", "event")
			p.change()
		},
		call: f.undo,
	}.add(s)
}

func (f *Function) undo(ctx context.Context, in undoArguments) (undoResult, string, error) {
	z, err := f.zone(ctx)
	if err != nil {
		return undoResult{}, "", err
	}
	out := undoResult{EventID: in.EventID, Tasks: []task.Task{}, DryRun: in.DryRun}
	r := rest.Request{Method: http.MethodPost, Path: "/api/history/" + in.EventID.String() + "/undo", Body: map[string]string{"scope": in.Scope}}
	undone := []*task.Task{nil}
	if in.Scope == "batch" {
		var answer struct {
			Results []struct{ Task *task.Task }
		}
		err = f.call(ctx, in.request(r), &answer)
		undone = undone[:0]
		for _, result := range answer.Results {
			undone = append(undone, result.Task)
		}
	} else {
		err = f.call(ctx, in.request(r), &undone[0])
	}
	if err != nil {
		return out, "", err
	}
	lines := []string{in.done("Undone", "undo") + counted(len(undone), "change(s)") + "."}
	for _, t := range undone {
		if t != nil {
			out.Tasks = append(out.Tasks, *t)
			lines = append(lines, z.line(*t))
		}
	}
	return out, strings.Join(lines, "\n"), nil
}

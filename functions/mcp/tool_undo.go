package function

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/google/uuid"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"taskwire.dev/functions/mcp/internal/rest"
)

type undoArguments struct {
	EventID uuid.UUID `json:"event_id" jsonschema:"The id of the change, from recent_changes"`
	change
}

type undoResult struct {
	EventID uuid.UUID       `json:"event_id" jsonschema:"The change that was undone"`
	Task    json.RawMessage `json:"task" jsonschema:"The task as it is now; null when undoing has deleted it"`
	DryRun  bool            `json:"dry_run" jsonschema:"Nothing was changed"`
}

func (f *Function) undoTool(s *mcp.Server) {
	tool[undoArguments, undoResult]{
		name: "undo", title: "Undo a change",
		description: "Undoes one change of the history by a change of its own: what was added goes, what was deleted comes back, what was changed is as before. " +
			"Refused when the same members of the task were changed again since.",
		hints: hints{destructive: true, idempotent: true},
		refine: func(p properties) {
			p.change()
		},
		call: func(ctx context.Context, in undoArguments) (undoResult, string, error) {
			out := undoResult{EventID: in.EventID, DryRun: in.DryRun}
			r := rest.Request{Method: http.MethodPost, Path: "/api/history/" + in.EventID.String() + "/undo"}
			if err := f.call(ctx, in.request(r), &out.Task); err != nil {
				return out, "", err
			}
			return out, in.done("Undone", "undo") + in.EventID.String(), nil
		},
	}.add(s)
}

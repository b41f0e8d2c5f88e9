package function

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"taskwire.dev/functions/tasks/internal/command"
	"taskwire.dev/functions/tasks/internal/store"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/label"
	"taskwire.dev/shared/task"
)

// labelInput is a project, a section or a tag as a client sends it. What the server decides may be included, so that one can be read, changed
// and sent back; it is ignored.
type labelInput struct {
	Name     *string         `json:"name"`
	Color    json.RawMessage `json:"color"`
	Position *string         `json:"position"`
	Archived *bool           `json:"archived"`

	ProjectID json.RawMessage `json:"project_id"` // only of a section

	ID        json.RawMessage `json:"id"`
	Version   json.RawMessage `json:"version"`
	CreatedAt json.RawMessage `json:"created_at"`
	UpdatedAt json.RawMessage `json:"updated_at"`
}

// decodeLabel returns the fields that a body sets; a new label must have a name.
func decodeLabel(body []byte, kind label.Kind, isNew bool) (store.LabelPatch, error) {
	var in labelInput
	if err := httpapi.DecodeJSON(body, &in); err != nil {
		return store.LabelPatch{}, err
	}
	var fs fault.Fields
	p := store.LabelPatch{Archived: in.Archived}
	if in.Name != nil {
		name := command.LabelName(&fs, "/name", kind, *in.Name)
		p.Name = &name
	} else if isNew {
		fs.Add("/name", "is required")
	}
	decodeProject(&fs, &p, in, kind, isNew)
	if len(in.Color) > 0 {
		color := parseColor(&fs, in.Color)
		p.Color = &color
	}
	if in.Position != nil {
		p.Position = in.Position
		task.CheckPosition(&fs, "/position", *in.Position)
	}
	return p, fs.Err()
}

// decodeProject reads what only a section has: its project, which does not change. A section is not archived.
func decodeProject(fs *fault.Fields, p *store.LabelPatch, in labelInput, kind label.Kind, isNew bool) {
	given := len(in.ProjectID) > 0
	switch {
	case kind != label.Section && given:
		fs.Add("/project_id", "only sections have a project")
	case kind != label.Section:
	case in.Archived != nil && *in.Archived:
		fs.Add("/archived", "must be false: a section is not archived without its project")
	case isNew && !given:
		fs.Add("/project_id", "is required")
	case isNew:
		var text string
		_ = json.Unmarshal(in.ProjectID, &text) // of another type it is no id
		id, ok := task.ParseID(text)
		if p.Project = id; !ok {
			fs.Add("/project_id", "must be the id of a project")
		}
	}
}

func parseColor(fs *fault.Fields, raw json.RawMessage) *string {
	var color *string
	if err := json.Unmarshal(raw, &color); err != nil || color != nil && !slices.Contains(label.Colors, *color) {
		fs.Add("/color", "must be null or one of %s", strings.Join(label.Colors, ", "))
	}
	return color
}

// parseDeletion reads what becomes of the tasks of a deleted label.
func parseDeletion(v url.Values, id uuid.UUID) (store.LabelDeletion, error) {
	var fs fault.Fields
	d := store.LabelDeletion{ID: id, Tasks: store.KeepTasks}
	httpapi.Parameters(&fs, v, "tasks", "to")
	if given := v.Get("tasks"); given != "" {
		if d.Tasks = given; !slices.Contains([]string{store.KeepTasks, store.MoveTasks, store.TrashTasks}, given) {
			fs.Add("/tasks", "must be keep, move or trash")
		}
	}
	to, valid := task.ParseID(v.Get("to"))
	switch {
	case (d.Tasks == store.MoveTasks) != v.Has("to"):
		fs.Add("/to", "is required with tasks=move, and only then")
	case v.Has("to") && (!valid || to == id):
		fs.Add("/to", "must be the id of another one")
	}
	d.To = to
	return d, fs.Err()
}

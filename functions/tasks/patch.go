package function

import (
	"encoding/json"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/google/uuid"

	"taskwire.dev/functions/tasks/internal/command"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/search"
	"taskwire.dev/shared/task"
)

// mergePatch returns the command that changes the fields in a JSON Merge Patch (RFC 7396), which may have the members of
// command.TagChanges as well.
func mergePatch(id uuid.UUID, patch json.RawMessage, match task.Match) command.Edit {
	edit := command.Edit{ID: id, Match: match, Draft: func(current *task.Task, lastPosition string) (task.Draft, error) {
		return merge(current, patch, lastPosition)
	}}
	var named struct {
		ParentID   *string         `json:"parent_id"`
		Recurrence json.RawMessage `json:"recurrence"`
		Project    *string         `json:"project"`
		Section    *string         `json:"section"`
		Tags       []string        `json:"tags"`
		command.TagChanges
	}
	if json.Unmarshal(patch, &named) != nil {
		return edit // merge returns the errors
	}
	if named.ParentID != nil {
		if parent, ok := task.ParseID(*named.ParentID); ok {
			edit.Parent = &parent
		}
	}
	edit.MovesRule = named.Recurrence == nil
	edit.Names = command.Names(named.Project, named.Section, append(named.Tags, named.Add...))
	if named.Project == nil {
		edit.Sections = command.Sections(named.Section)
	}
	return edit
}

// merge returns the task after applying a patch.
func merge(current *task.Task, patch json.RawMessage, lastPosition string) (task.Draft, error) {
	// Check the patch alone first: null removes a field, so its type errors would be lost in merging.
	var members map[string]json.RawMessage
	if err := httpapi.DecodeJSON(patch, &members); err != nil {
		return task.Draft{}, err
	}
	if members == nil {
		var fs fault.Fields
		fs.Add("", "must be an object")
		return task.Draft{}, fs.Err()
	}
	if err := mergeTags(current, members); err != nil {
		return task.Draft{}, err
	}
	patch, err := json.Marshal(members)
	if err != nil {
		return task.Draft{}, err
	}
	// A null removes a field that is not there: only here is it checked that the field exists.
	var known command.Input
	if err := httpapi.DecodeJSON(patch, &known); err != nil {
		return task.Draft{}, err
	}
	before, err := json.Marshal(withoutLeftSection(withoutReplacedDue(current, members), members))
	if err != nil {
		return task.Draft{}, err
	}
	after, err := jsonpatch.MergePatch(before, patch)
	if err != nil {
		return task.Draft{}, fault.Wrap(fault.Malformed, err, "the patch cannot be merged")
	}
	draft, err := decodeDraft(after)
	if err == nil && string(members["position"]) == "null" {
		draft.Position = task.PositionAfter(lastPosition) // the default: after all other tasks
	}
	return draft, err
}

// withoutReplacedDue returns the task without the due date that a patch replaces: one that sets due_date moves a task
// that was due at a moment, and the other way round, unless it names both.
func withoutReplacedDue(current *task.Task, patch map[string]json.RawMessage) *task.Task {
	at, namesAt := patch["due_at"]
	on, namesOn := patch["due_date"]
	t := *current
	switch {
	case namesAt && namesOn:
	case namesOn && string(on) != "null":
		t.DueAt = nil
	case namesAt && string(at) != "null":
		t.DueDate = nil
	}
	return &t
}

// withoutLeftSection returns the task without its section if a patch moves it to another project, or to none, and does not name a
// section: it was one of the project.
func withoutLeftSection(current *task.Task, patch map[string]json.RawMessage) *task.Task {
	given, moved := patch["project"]
	if _, named := patch["section"]; named || !moved || current.Section == nil {
		return current
	}
	var project *string
	if json.Unmarshal(given, &project) == nil && project != nil && search.ProjectName(*project) == search.ProjectName(*current.Project) {
		return current
	}
	t := *current
	t.Section = nil
	return &t
}

// mergeTags replaces the members of command.TagChanges by the tags that they lead to.
func mergeTags(current *task.Task, members map[string]json.RawMessage) error {
	changes := map[string]json.RawMessage{}
	for _, name := range []string{"tags_add", "tags_remove"} {
		if value, ok := members[name]; ok {
			changes[name] = value
			delete(members, name)
		}
	}
	if len(changes) == 0 {
		return nil
	}
	if _, ok := members["tags"]; ok {
		var fs fault.Fields
		fs.Add("/tags", "cannot be given together with tags_add or tags_remove")
		return fs.Err()
	}
	raw, err := json.Marshal(changes)
	if err != nil {
		return err
	}
	var in command.TagChanges
	if err := httpapi.DecodeJSON(raw, &in); err != nil {
		return err
	}
	if in, err = in.Check(); err != nil {
		return err
	}
	members["tags"], err = json.Marshal(in.Apply(current.Tags))
	return err
}

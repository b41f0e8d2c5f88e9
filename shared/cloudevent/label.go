package cloudevent

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/label"
	"taskwire.dev/shared/task"
)

// LabelUpdateData is the data of an event on task-updates that is about a project, a section or a tag.
type LabelUpdateData struct {
	ChangeType    string     `json:"change_type"`
	ProjectID     *uuid.UUID `json:"project_id,omitempty"` // one of the three
	SectionID     *uuid.UUID `json:"section_id,omitempty"`
	TagID         *uuid.UUID `json:"tag_id,omitempty"`
	UserID        uuid.UUID  `json:"user_id"`
	Seq           int64      `json:"seq"`
	ChangedFields []string   `json:"changed_fields"`
	Timestamp     time.Time  `json:"timestamp"`
}

// LabelType is the type of the stream event of e: sync.project-changed, sync.section-changed or sync.tag-changed.
func LabelType(e task.Event) string { return "sync." + string(label.KindOf(e.EventType)) + "-changed" }

// LabelData returns the data of the stream event of e, which is about the label with that id.
func LabelData(e task.Event, id uuid.UUID) LabelUpdateData {
	data := LabelUpdateData{
		ChangeType: e.EventType.ChangeType(), UserID: e.UserID, Seq: e.Seq, ChangedFields: label.ChangedNames(e.ChangedFields), Timestamp: e.Time,
	}
	switch label.KindOf(e.EventType) {
	case label.Tag:
		data.TagID = &id
	case label.Section:
		data.SectionID = &id
	default:
		data.ProjectID = &id
	}
	return data
}

// LabelUpdate returns the structured CloudEvent of e for streams.
func LabelUpdate(e task.Event) []byte {
	var entry struct{ ID uuid.UUID }
	_ = json.Unmarshal(e.Label, &entry)             // written by label.Event
	data, _ := json.Marshal(LabelData(e, entry.ID)) // plain values always marshal
	return structured(e, LabelType(e), "label-update.v1.json", data)
}

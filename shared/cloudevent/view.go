package cloudevent

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/task"
	"taskwire.dev/shared/view"
)

// TypeViewChanged is the type of events on task-updates that are about a saved view.
const TypeViewChanged = "sync.view-changed"

// ViewUpdateData is the data of an event on task-updates that is about a saved view.
type ViewUpdateData struct {
	ChangeType    string    `json:"change_type"`
	ViewID        uuid.UUID `json:"view_id"`
	UserID        uuid.UUID `json:"user_id"`
	Seq           int64     `json:"seq"`
	ChangedFields []string  `json:"changed_fields"`
	Timestamp     time.Time `json:"timestamp"`
}

// ViewData returns the data of the stream event of e, and the view after the change, or nil.
func ViewData(e task.Event) (ViewUpdateData, *view.View) {
	data := ViewUpdateData{ChangeType: e.EventType.ChangeType(), UserID: e.UserID, Seq: e.Seq, Timestamp: e.Time, ChangedFields: []string{}}
	before, after, err := view.Of(e)
	if err != nil {
		return data, nil // only our own events are stored, and they have views
	}
	var from, to *view.Fields
	if before != nil {
		data.ViewID, from = before.ID, &before.Fields
	}
	if after != nil {
		data.ViewID, to = after.ID, &after.Fields
	}
	data.ChangedFields = view.Diff(from, to)
	return data, after
}

// ViewUpdate returns the structured CloudEvent of e for streams.
func ViewUpdate(e task.Event) []byte {
	update, _ := ViewData(e)
	data, _ := json.Marshal(update) // plain values always marshal
	return structured(e, TypeViewChanged, "view-update.v1.json", data)
}

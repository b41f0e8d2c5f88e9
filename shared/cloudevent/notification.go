package cloudevent

import (
	"encoding/json"
	"fmt"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"

	"taskwire.dev/shared/task"
	"taskwire.dev/shared/telemetry"
)

// syncType is the prefix of the types of events on task-updates.
const syncType = "sync.notification-"

// NotificationUpdateData is the data of an event on task-updates that is about a notification: like TaskUpdateData, but without a
// task if all notifications were read at once.
type NotificationUpdateData struct {
	ChangeType    string     `json:"change_type"`
	TaskID        *uuid.UUID `json:"task_id"`
	UserID        uuid.UUID  `json:"user_id"`
	Seq           int64      `json:"seq"`
	ChangedFields []string   `json:"changed_fields"`
	Timestamp     time.Time  `json:"timestamp"`
}

// NotificationType is the type of the stream event of e: sync.notification-created or -read.
func NotificationType(e task.Event) string { return syncType + e.EventType.ChangeType() }

// NotificationData returns the data of the stream event of e.
func NotificationData(e task.Event) NotificationUpdateData {
	data := NotificationUpdateData{
		ChangeType: e.EventType.ChangeType(), UserID: e.UserID, Seq: e.Seq, ChangedFields: []string{}, Timestamp: e.Time,
	}
	if e.TaskID != uuid.Nil {
		data.TaskID = &e.TaskID
	}
	return data
}

// NotificationUpdate returns the structured CloudEvent of e for streams.
func NotificationUpdate(e task.Event) []byte {
	data, _ := json.Marshal(NotificationData(e)) // plain values always marshal
	event := userEvent(e.ID, e.UserID, NotificationType(e), e.Time, "notification-update.v1.json", e.Traceparent, data)
	if e.TaskID != uuid.Nil {
		event.SetSubject(e.TaskID.String())
	}
	event.SetExtension("sequence", fmt.Sprintf("%020d", e.Seq))
	structured, _ := event.MarshalJSON() // as do attributes that are our own
	return structured
}

// userEvent returns an event with the attributes that all events of a user share.
func userEvent(id, user uuid.UUID, eventType string, at time.Time, schema, traceparent string, data []byte) cloudevents.Event {
	event := cloudevents.NewEvent()
	event.SetID(id.String())
	event.SetSource("/users/" + user.String() + "/tasks")
	event.SetType(eventType)
	event.SetTime(at)
	event.SetDataSchema(schemaBase + schema)
	event.SetExtension("partitionkey", user.String())
	event.SetExtension(telemetry.HeaderTraceparent, traceparent)
	event.SetDataContentType(cloudevents.ApplicationJSON)
	event.DataEncoded = data // SetData would treat bytes as binary data
	return event
}

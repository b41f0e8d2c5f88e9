package cloudevent

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/task"
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
	return structured(e, NotificationType(e), "notification-update.v1.json", data)
}

// Package cloudevent encodes and decodes Taskwire's CloudEvents 1.0, and maps faults to responses for sources and sidecars.
package cloudevent

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/task"
)

// Topics of the broker, defined in eventing/topics.yaml.
const (
	TopicTaskEvents  = "task-events"
	TopicTaskUpdates = "task-updates"
	TopicReminders   = "reminders"
	TopicDeadLetters = "dead-letters"
)

// TopicOf returns the topic of an event type; ok is false if docs/asyncapi.yaml has no such type.
func TopicOf(eventType string) (topic string, ok bool) {
	topic, ok = published[eventType]
	return topic, ok
}

// TypeTaskChanged is the type of every event on task-updates that is about a task.
const TypeTaskChanged = "sync.task-changed"

// AccountDeleted is the type of the last event of a user, on task-events: the account was erased, with all data (erase_accounts in
// migrations/).
const AccountDeleted = "account.deleted"

// SchemaBase is the base of dataschema URIs; the schemas are in docs/asyncapi.yaml.
const SchemaBase = "https://taskwire.dev/schemas/"

// TaskEventData is the data of an event on task-events.
type TaskEventData struct {
	EventType     task.EventType         `json:"event_type"`
	TaskID        uuid.UUID              `json:"task_id"`
	UserID        uuid.UUID              `json:"user_id"`
	Seq           int64                  `json:"seq"`
	Actor         string                 `json:"actor"`
	Task          json.RawMessage        `json:"task"` // a task.Task, or null
	ChangedFields map[string]task.Change `json:"changed_fields"`
	*task.Next                           // if an occurrence of a series was completed
}

// TaskUpdateData is the data of an event on task-updates.
type TaskUpdateData struct {
	ChangeType    string    `json:"change_type"`
	TaskID        uuid.UUID `json:"task_id"`
	UserID        uuid.UUID `json:"user_id"`
	Seq           int64     `json:"seq"`
	ChangedFields []string  `json:"changed_fields"`
	Timestamp     time.Time `json:"timestamp"`
}

// TaskEvent returns the structured CloudEvent of e for consumers.
func TaskEvent(e task.Event) []byte {
	data, err := json.Marshal(struct {
		TaskEventData
		ChangedFields json.RawMessage `json:"changed_fields"` // already encoded
	}{TaskEventData{
		EventType: e.EventType, TaskID: e.TaskID, UserID: e.UserID, Seq: e.Seq, Actor: e.Actor, Task: e.Snapshot(), Next: e.Next,
	}, e.Changes()})
	if err != nil {
		panic(err) // our own types always marshal
	}
	return structured(e, string(e.EventType), "task-event.v1.json", data)
}

// TaskUpdate returns the structured CloudEvent of e for streams.
func TaskUpdate(e task.Event) []byte {
	data, err := json.Marshal(UpdateData(e))
	if err != nil {
		panic(err) // our own types always marshal
	}
	return structured(e, TypeTaskChanged, "task-update.v1.json", data)
}

// UpdateData returns the data of the stream event of e.
func UpdateData(e task.Event) TaskUpdateData {
	return TaskUpdateData{
		ChangeType: e.EventType.ChangeType(), TaskID: e.TaskID, UserID: e.UserID, Seq: e.Seq, ChangedFields: e.ChangedNames(), Timestamp: e.Time,
	}
}

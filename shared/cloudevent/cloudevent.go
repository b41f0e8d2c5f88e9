// Package cloudevent is how Taskwire speaks CloudEvents 1.0: what goes out, what comes in, and what an answer
// means to whoever delivered.
package cloudevent

import (
	"encoding/json"
	"fmt"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"

	"taskwire.dev/shared/task"
	"taskwire.dev/shared/tracecontext"
)

// Topics of the broker. eventing/topics.yaml makes them.
const (
	TopicTaskEvents  = "task-events"
	TopicTaskUpdates = "task-updates"
	TopicDeadLetters = "dead-letters"
)

// TypeTaskChanged is the type of every event on task-updates that is about a task.
const TypeTaskChanged = "sync.task-changed"

// schemaBase is where the schemas of data are named; docs/asyncapi.yaml holds them.
const schemaBase = "https://taskwire.dev/schemas/"

// TaskEventData is the data of an event on task-events.
type TaskEventData struct {
	EventType     task.EventType         `json:"event_type"`
	TaskID        uuid.UUID              `json:"task_id"`
	UserID        uuid.UUID              `json:"user_id"`
	Seq           int64                  `json:"seq"`
	Actor         string                 `json:"actor"`
	Task          json.RawMessage        `json:"task"` // a task.Task, or null
	ChangedFields map[string]task.Change `json:"changed_fields"`
	*task.Next                           // when an occurrence of a series was completed
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

// TaskEvent returns the structured CloudEvent that tells consumers of e.
func TaskEvent(e task.Event) ([]byte, error) {
	return structured(e, string(e.EventType), "task-event.v1.json", TaskEventData{
		EventType: e.EventType, TaskID: e.TaskID, UserID: e.UserID, Seq: e.Seq, Actor: e.Actor, Task: e.Snapshot(), ChangedFields: e.ChangedFields,
		Next: e.Next,
	})
}

// TaskUpdate returns the structured CloudEvent that tells open screens of e.
func TaskUpdate(e task.Event) ([]byte, error) {
	return structured(e, TypeTaskChanged, "task-update.v1.json", UpdateData(e))
}

// UpdateData returns what open screens are told of e.
func UpdateData(e task.Event) TaskUpdateData {
	return TaskUpdateData{
		ChangeType: e.EventType.ChangeType(), TaskID: e.TaskID, UserID: e.UserID, Seq: e.Seq, ChangedFields: e.ChangedNames(), Timestamp: e.Time,
	}
}

func structured(e task.Event, eventType, schema string, data any) ([]byte, error) {
	event, err := newEvent(e, eventType, schema, data)
	if err != nil {
		return nil, err
	}
	b, err := event.MarshalJSON() // json.Marshal would read all of it once more
	if err != nil {
		return nil, fmt.Errorf("encoding the CloudEvent: %w", err)
	}
	return b, nil
}

// newEvent returns the CloudEvent of e with the attributes of the contract.
func newEvent(e task.Event, eventType, schema string, data any) (cloudevents.Event, error) {
	event := cloudevents.NewEvent()
	event.SetID(e.ID.String())
	event.SetSource("/users/" + e.UserID.String() + "/tasks")
	event.SetType(eventType)
	event.SetSubject(e.TaskID.String())
	event.SetTime(e.Time)
	event.SetDataSchema(schemaBase + schema)
	// Extensions are strings: KafkaSource takes string, bool and int32 only.
	event.SetExtension("partitionkey", e.UserID.String())
	event.SetExtension("sequence", fmt.Sprintf("%020d", e.Seq))
	event.SetExtension(tracecontext.Header, e.Traceparent)
	encoded, err := json.Marshal(data)
	if err != nil {
		return event, fmt.Errorf("encoding the CloudEvent's data: %w", err)
	}
	event.SetDataContentType(cloudevents.ApplicationJSON)
	event.DataEncoded = encoded // SetData would take bytes for binary data
	return event, nil
}

package client

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"taskwire.dev/e2e/client/api"
)

// Event is a CloudEvent 1.0 in JSON format, with the extensions that Taskwire uses.
type Event struct {
	SpecVersion     string          `json:"specversion"`
	ID              string          `json:"id"`
	Source          string          `json:"source"`
	Type            string          `json:"type"`
	Subject         string          `json:"subject,omitempty"`
	Time            *time.Time      `json:"time,omitempty"`
	DataContentType string          `json:"datacontenttype,omitempty"`
	DataSchema      string          `json:"dataschema,omitempty"`
	PartitionKey    string          `json:"partitionkey,omitempty"`
	Sequence        string          `json:"sequence,omitempty"`
	Traceparent     string          `json:"traceparent,omitempty"`
	Scope           string          `json:"scope,omitempty"` // of a command
	Data            json.RawMessage `json:"data,omitempty"`
}

// TaskData is the data of an event on task-events.
type TaskData = api.TaskEventData

// UpdateData is the data of an event on task-updates and, with the task, of a frame of the live stream.
type UpdateData struct {
	ChangeType    string    `json:"change_type"`
	TaskID        string    `json:"task_id"`
	UserID        string    `json:"user_id"`
	Seq           int64     `json:"seq"`
	ChangedFields []string  `json:"changed_fields"`
	Timestamp     time.Time `json:"timestamp"`
	Task          *Task     `json:"task"`
	Traceparent   string    `json:"traceparent,omitempty"` // only in frames
}

// Binary is the request that sends e in binary mode: attributes as headers, data as the body.
func (e Event) Binary() Request {
	header := map[string]string{"ce-specversion": "1.0"}
	for name, value := range map[string]string{
		"ce-id": e.ID, "ce-source": e.Source, "ce-type": e.Type, "ce-subject": e.Subject, "ce-traceparent": e.Traceparent,
		"ce-dataschema": e.DataSchema, "ce-scope": e.Scope,
	} {
		if value != "" {
			header[name] = value
		}
	}
	if e.Time != nil {
		header["ce-time"] = e.Time.Format(time.RFC3339Nano)
	}
	if e.Data != nil {
		header["Content-Type"] = "application/json"
	}
	return Request{Method: http.MethodPost, Path: "/api/events", Header: header, Body: e.Data}
}

// Structured is the request that sends e in structured mode: all of it as the body.
func (e Event) Structured() Request {
	e.SpecVersion = "1.0"
	return Request{
		Method: http.MethodPost, Path: "/api/events", JSON: e,
		Header: map[string]string{"Content-Type": "application/cloudevents+json"},
	}
}

// Send sends a command and returns the event that it caused.
func (c *Client) Send(ctx context.Context, r Request) (*Event, *TaskData, error) {
	var e Event
	if err := c.call(ctx, r, http.StatusOK, &e); err != nil {
		return nil, nil, err
	}
	var data TaskData
	return &e, &data, json.Unmarshal(e.Data, &data)
}

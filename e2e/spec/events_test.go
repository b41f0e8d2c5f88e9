package spec

import (
	"strings"
	"testing"
)

func TestCheckEvent_RefusesWhatIsNotInTheDocument(t *testing.T) {
	t.Parallel()
	s, docs := Load(t), loadDocuments(t)
	created := string(asyncExample(t, docs, "task.created"))
	deleted := string(asyncExample(t, docs, "task.deleted"))
	update := string(asyncExample(t, docs, "sync.task-changed"))
	dead := string(asyncExample(t, docs, "dead-letter"))
	for _, c := range []struct{ name, topic, event, old, new string }{
		{"unknown topic", "tasks", created, "", ""},
		{"unknown type", "task-events", created, `"type":"task.created"`, `"type":"task.moved"`},
		{"type of another topic", "task-events", update, "", ""},
		{"no JSON", "task-events", created, "{", ""},
		{"other version of CloudEvents", "task-events", created, `"specversion":"1.0"`, `"specversion":"0.3"`},
		{"short sequence", "task-events", created, `"00000000000000000002"`, `"2"`},
		{"sequence of another change", "task-events", created, `"00000000000000000002"`, `"00000000000000000003"`},
		{"key of another user", "task-events", created, `"partitionkey":"019aa8ef-1000-7b20-9c3d-4e5f60718293"`, `"partitionkey":"019aa8ef-1000-7b20-9c3d-4e5f60718294"`},
		{"source of another user", "task-events", created, `/users/019aa8ef-1000-7b20-9c3d-4e5f60718293/`, `/users/019aa8ef-1000-7b20-9c3d-4e5f60718294/`},
		{"relative source", "task-events", created, `"/users/`, `"users/`},
		{"no trace", "task-events", created, `,"traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"`, ""},
		{"malformed trace", "task-events", created, `"00-4bf9`, `"4bf9`},
		{"local time", "task-events", created, `"time":"2026-11-23T12:04:00Z"`, `"time":"2026-11-23T13:04:00+01:00"`},
		{"unknown extension", "task-events", created, `"specversion"`, `"foo":"bar","specversion"`},
		{"unknown member", "task-events", created, `"event_type"`, `"foo":"bar","event_type"`},
		{"type that the data contradicts", "task-events", created, `"event_type":"task.created"`, `"event_type":"task.updated"`},
		{"deleted task with a body", "task-events", deleted, `"task":null`, `"task":{}`},
		{"changed field without from", "task-events", created, `"from":null,`, ""},
		{"unknown changed field", "task-updates", update, `["priority"]`, `["prority"]`},
		{"unknown change", "task-updates", update, `"change_type":"updated"`, `"change_type":"moved"`},
		{"other schema", "task-updates", update, "task-update.v1.json", "task-update.v2.json"},
		{"dead letter without a reason", "dead-letters", dead, `"deadletterreason"`, `"otherreason"`},
	} {
		event := strings.Replace(c.event, c.old, c.new, 1)
		if c.old != "" && event == c.event {
			t.Fatalf("%s: %s is not in %s", c.name, c.old, c.event)
		}
		if c.name == "dead letter without a reason" {
			event = strings.NewReplacer(`"knativeerrorcode"`, `"codea"`, `"knativeerrordest"`, `"desta"`).Replace(event)
		}
		if s.CheckEvent(c.topic, []byte(event)) == nil {
			t.Errorf("%s passes", c.name)
		}
	}
}

func TestCheckFrame_RefusesWhatIsNotInTheDocument(t *testing.T) {
	t.Parallel()
	s, docs := Load(t), loadDocuments(t)
	frame := string(asyncExample(t, docs, "frame.sync.task-changed"))
	for name, c := range map[string]struct{ event, data string }{
		"unknown event":       {"sync.task-moved", frame},
		"update without task": {"sync.task-changed", string(marshal(t, map[string]any{"change_type": "updated"}))},
		"task is null":        {"sync.task-changed", frame[:strings.Index(frame, `"task":{`)] + `"task":null,` + frame[strings.Index(frame, `"task_id"`):]},
		"negative number":     {"hello", `{"stream":"4f1d2c3b5a69","seq":-1}`},
		"no epoch":            {"hello", `{"seq":1}`},
		"empty reset":         {"sync.reset", `{}`},
		"no JSON":             {"hello", ``},
	} {
		if s.CheckFrame(c.event, []byte(c.data)) == nil {
			t.Errorf("%s passes", name)
		}
	}
}

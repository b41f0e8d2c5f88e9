package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// streamChannel is the channel of asyncapi.yaml that describes the live stream.
const streamChannel = "live-stream"

// eventSpec is asyncapi.yaml: for each channel the schemas of its messages, by name.
type eventSpec struct {
	channels map[string]map[string]*jsonschema.Schema
}

func newEventSpec(docs *documents) (*eventSpec, error) {
	s := &eventSpec{channels: map[string]map[string]*jsonschema.Schema{}}
	channels, err := objectAt(docs, asyncapiFile, "channels")
	if err != nil {
		return nil, err
	}
	for id := range channels {
		messages, err := objectAt(docs, asyncapiFile, "channels", id, "messages")
		if err != nil {
			return nil, err
		}
		s.channels[id] = map[string]*jsonschema.Schema{}
		for key, message := range messages {
			ref, _ := message.(map[string]any)["$ref"].(string)
			component, ok := strings.CutPrefix(ref, "#/components/messages/")
			if !ok {
				return nil, fmt.Errorf("message %s of channel %s is not a reference to a component", key, id)
			}
			name, err := docs.at(asyncapiFile, "components", "messages", component, "name")
			if err != nil {
				return nil, err
			}
			schema, err := docs.compile(asyncapiFile, "components", "messages", component, "payload")
			if err != nil {
				return nil, err
			}
			s.channels[id][name.(string)] = schema
		}
	}
	return s, nil
}

func objectAt(docs *documents, file string, keys ...string) (map[string]any, error) {
	value, err := docs.at(file, keys...)
	if err != nil {
		return nil, err
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s%s is not an object", file, pointer(keys...))
	}
	return object, nil
}

// CheckEvent checks the value of a Kafka record of a topic: against the schema of its message, and that the attributes
// agree with the data, which no schema can express.
func (s *Spec) CheckEvent(topic string, value []byte) error {
	messages, ok := s.events.channels[topic]
	if !ok {
		return fmt.Errorf("no channel %q", topic)
	}
	var event struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(value, &event); err != nil {
		return fmt.Errorf("topic %s: not an event: %w", topic, err)
	}
	// A channel with one message accepts every type, such as the dead letters.
	schema := messages[event.Type]
	if only := keys(messages); len(only) == 1 && schema == nil && only[0] == "dead-letter" {
		schema = messages[only[0]]
	}
	if schema == nil {
		return fmt.Errorf("topic %s: no message of type %q, only %v", topic, event.Type, keys(messages))
	}
	if err := validate(schema, value); err != nil {
		return fmt.Errorf("topic %s, type %s: %w", topic, event.Type, err)
	}
	if err := consistent(value); err != nil {
		return fmt.Errorf("topic %s, type %s: %w", topic, event.Type, err)
	}
	return nil
}

// CheckFrame checks one event of the live stream, by its name and its data.
func (s *Spec) CheckFrame(event string, data []byte) error {
	messages := s.events.channels[streamChannel]
	schema, ok := messages[event]
	if !ok {
		return fmt.Errorf("stream: no event %q, only %v", event, keys(messages))
	}
	if err := validate(schema, data); err != nil {
		return fmt.Errorf("stream, event %s: %w", event, err)
	}
	return nil
}

func validate(schema *jsonschema.Schema, value []byte) error {
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(value))
	if err != nil {
		return err
	}
	return schema.Validate(instance)
}

// consistent reports attributes of one of our events that contradict its data. Foreign events, which may be among the
// dead letters, have no partitionkey and pass.
func consistent(value []byte) error {
	var e struct {
		Source       string `json:"source"`
		Type         string `json:"type"`
		Subject      string `json:"subject"`
		PartitionKey string `json:"partitionkey"`
		Sequence     string `json:"sequence"`
		Data         struct {
			EventType string `json:"event_type"`
			TaskID    string `json:"task_id"`
			UserID    string `json:"user_id"`
			Seq       int64  `json:"seq"`
			Task      *struct {
				ID string `json:"id"`
			} `json:"task"`
		} `json:"data"`
	}
	if err := json.Unmarshal(value, &e); err != nil || e.PartitionKey == "" {
		return nil //nolint:nilerr // the schema has judged the shape; here only our own shape can be wrong
	}
	var wrong []error
	expect := func(what, got, want string) {
		if got != want {
			wrong = append(wrong, fmt.Errorf("%s is %q, but it should be %q", what, got, want))
		}
	}
	about := "/tasks"
	if e.Type == "account.notice" || e.Type == "account.deleted" {
		about = "/account"
	}
	expect("source", e.Source, "/users/"+e.Data.UserID+about)
	expect("partitionkey", e.PartitionKey, e.Data.UserID)
	expect("subject", e.Subject, e.Data.TaskID)
	if e.Sequence != "" {
		expect("sequence", e.Sequence, fmt.Sprintf("%020d", e.Data.Seq))
	}
	if e.Data.EventType != "" {
		expect("data.event_type", e.Data.EventType, e.Type)
	}
	if e.Data.Task != nil {
		expect("data.task.id", e.Data.Task.ID, e.Data.TaskID)
	}
	return errors.Join(wrong...)
}

func keys[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

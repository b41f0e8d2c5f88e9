package spec

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestOpenAPIExamples_FollowTheirSchemas(t *testing.T) {
	t.Parallel()
	docs := loadDocuments(t)
	checked := 0
	walk(docs.files[openapiFile], nil, func(path []string, object map[string]any) {
		if len(path) < 2 || path[len(path)-2] != "content" {
			return
		}
		media := path[len(path)-1]
		examples, _ := object["examples"].(map[string]any)
		if len(examples) == 0 {
			t.Errorf("%s has no example", pointer(path...))
		}
		schema := compile(t, docs, openapiFile, append(path, "schema")...)
		for name, example := range examples {
			if ref, ok := example.(map[string]any)["$ref"].(string); ok {
				resolved, _, err := docs.resolve(openapiFile, ref)
				if err != nil {
					t.Error(err)
					continue
				}
				example = resolved
			}
			value, ok := example.(map[string]any)["value"]
			if !ok {
				t.Errorf("%s: example %s has no value", pointer(path...), name)
				continue
			}
			if err := schema.Validate(value); err != nil {
				t.Errorf("%s: example %s: %v", pointer(path...), name, err)
			}
			if strings.HasSuffix(media, "json") || strings.HasPrefix(media, "text/") {
				checked++
			}
		}
	})
	if checked < 50 {
		t.Errorf("only %d examples were found", checked)
	}
}

// Schemas of headers and parameters have their own examples.
func TestSchemaExamplesAndDefaults_FollowTheirSchemas(t *testing.T) {
	t.Parallel()
	docs := loadDocuments(t)
	checked := 0
	for file, root := range docs.files {
		walk(root, nil, func(path []string, object map[string]any) {
			kind := func(key string) bool { return slices.Contains(path, key) }
			if inExample(path) || !kind("schema") && !kind("schemas") && !kind("messageTraits") {
				return
			}
			examples, _ := object["examples"].([]any)
			if preset, ok := object["default"]; ok && path[len(path)-1] != "properties" {
				examples = append(examples, preset)
			}
			checked += len(examples)
			if len(examples) == 0 {
				return
			}
			schema := compile(t, docs, file, path...)
			for _, example := range examples {
				if err := schema.Validate(example); err != nil {
					t.Errorf("%s%s: %v", file, pointer(path...), err)
				}
			}
		})
	}
	if checked < 20 {
		t.Errorf("only %d examples and defaults were found", checked)
	}
}

func TestAsyncAPIExamples_FollowTheirSchemas(t *testing.T) {
	t.Parallel()
	docs := loadDocuments(t)
	messages, err := objectAt(docs, asyncapiFile, "components", "messages")
	if err != nil {
		t.Fatal(err)
	}
	for key, message := range messages {
		payload := compile(t, docs, asyncapiFile, "components", "messages", key, "payload")
		var headers *jsonschema.Schema
		if traits, ok := message.(map[string]any)["traits"].([]any); ok {
			trait := strings.TrimPrefix(traits[0].(map[string]any)["$ref"].(string), "#/components/messageTraits/")
			headers = compile(t, docs, asyncapiFile, "components", "messageTraits", trait, "headers")
		}
		examples, _ := message.(map[string]any)["examples"].([]any)
		if len(examples) == 0 {
			t.Errorf("message %s has no example", key)
		}
		for _, example := range examples {
			e := example.(map[string]any)
			if err := payload.Validate(e["payload"]); err != nil {
				t.Errorf("message %s: %v", key, err)
			}
			if h, ok := e["headers"]; ok && headers != nil {
				if err := headers.Validate(h); err != nil {
					t.Errorf("message %s, headers: %v", key, err)
				}
			}
		}
	}
}

// Examples of events are checked in the same way as real events.
func TestAsyncAPIExamples_PassTheChecksOfTraffic(t *testing.T) {
	t.Parallel()
	s, docs := Load(t), loadDocuments(t)
	for topic, name := range map[string]string{
		"task-events": "task.created", "task-updates": "sync.task-changed", "reminders": "reminder.overdue", "dead-letters": "dead-letter",
	} {
		if err := s.CheckEvent(topic, asyncExample(t, docs, name)); err != nil {
			t.Error(err)
		}
	}
	for event, name := range map[string]string{
		"hello": "hello", "sync.task-changed": "frame.sync.task-changed", "sync.reset": "sync.reset",
		"sync.project-changed": "frame.sync.project-changed", "sync.tag-changed": "frame.sync.tag-changed", "sync.view-changed": "frame.sync.view-changed",
		"sync.notification-created": "frame.sync.notification-created", "sync.notification-read": "frame.sync.notification-read",
	} {
		if err := s.CheckFrame(event, asyncExample(t, docs, name)); err != nil {
			t.Error(err)
		}
	}
}

func compile(t *testing.T, docs *documents, file string, path ...string) *jsonschema.Schema {
	t.Helper()
	schema, err := docs.compile(file, path...)
	if err != nil {
		t.Fatal(fmt.Errorf("%s%s: %w", file, pointer(path...), err))
	}
	return schema
}

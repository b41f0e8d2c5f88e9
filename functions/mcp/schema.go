package function

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/google/uuid"

	"taskwire.dev/shared/task"
)

// optional is a field that may be absent, null, or set.
type optional[T any] struct {
	set   bool
	value *T
}

// UnmarshalJSON records that the field is present.
func (o *optional[T]) UnmarshalJSON(b []byte) error {
	o.set = true
	return json.Unmarshal(b, &o.value)
}

// MarshalJSON returns the value, or null.
func (o optional[T]) MarshalJSON() ([]byte, error) { return json.Marshal(o.value) }

// types are the schemas of Go types that the SDK does not know.
var types = map[reflect.Type]*jsonschema.Schema{
	reflect.TypeFor[uuid.UUID]():                 {Type: "string", Format: "uuid"},
	reflect.TypeFor[task.Priority]():             {Type: "string", Enum: priorities()},
	reflect.TypeFor[task.Date]():                 {Type: "string", Format: "date"},
	reflect.TypeFor[task.Reminder]():             {Types: []string{"string", "object"}},
	reflect.TypeFor[optional[bool]]():            {Types: []string{"null", "boolean"}},
	reflect.TypeFor[optional[uuid.UUID]]():       {Types: []string{"null", "string"}, Format: "uuid"},
	reflect.TypeFor[optional[string]]():          {Types: []string{"null", "string"}},
	reflect.TypeFor[optional[[]string]]():        {Types: []string{"null", "array"}, Items: &jsonschema.Schema{Type: "string"}},
	reflect.TypeFor[optional[task.Recurrence]](): recurrenceSchema("null", "object"),
	reflect.TypeFor[recurrence]():                recurrenceSchema("object"),
	reflect.TypeFor[json.RawMessage]():           {},
}

// recurrence is the argument for a task's recurrence.
type recurrence task.Recurrence

func recurrenceSchema(types ...string) *jsonschema.Schema {
	s := &jsonschema.Schema{
		Properties: map[string]*jsonschema.Schema{
			"rrule": {Type: "string", MaxLength: ptr(task.MaxRRule), Description: "RFC 5545 rule without DTSTART, such as FREQ=WEEKLY;BYDAY=MO"},
			"mode": {
				Type: "string", Enum: []any{task.ModeSchedule, task.ModeCompletion},
				Description: "Whether the next occurrence counts from the due date (schedule, the default) or from the completion",
			},
		},
		Required: []string{"rrule"}, AdditionalProperties: &jsonschema.Schema{Not: &jsonschema.Schema{}},
	}
	if len(types) == 1 {
		s.Type = types[0]
	} else {
		s.Types = types
	}
	return s
}

func priorities() []any {
	var names []any
	for _, name := range task.Priorities() {
		names = append(names, name)
	}
	return names
}

// properties are the properties of an object's schema, by name.
type properties map[string]*jsonschema.Schema

// schemaOf returns the schema of T, with the additions of refine. Errors in a schema are found by the first test.
func schemaOf[T any](refine func(properties)) *jsonschema.Schema {
	s, err := jsonschema.For[T](&jsonschema.ForOptions{TypeSchemas: types})
	if err != nil {
		panic(err)
	}
	if refine != nil {
		refine(s.Properties)
	}
	return s
}

// at returns a property for refining.
func (p properties) at(name string) *jsonschema.Schema {
	s := p[name]
	if s == nil {
		panic(fmt.Sprintf("there is no property %q", name))
	}
	return s
}

func (p properties) length(name string, least, most int) {
	p.at(name).MinLength, p.at(name).MaxLength = ptr(least), ptr(most)
}

func (p properties) oneOf(name string, values ...any) {
	p.at(name).Enum = values
}

func (p properties) scope(values ...task.Scope) {
	for _, v := range values {
		p.at("scope").Enum = append(p.at("scope").Enum, v)
	}
}

func (p properties) byDefault(name string, v any) {
	p.at(name).Default, _ = json.Marshal(v)
}

// page refines the paging arguments of a list.
func (p properties) page(most, byDefault int) {
	p.at("limit").Minimum, p.at("limit").Maximum = ptr(1.0), ptr(float64(most))
	p.byDefault("limit", byDefault)
	p.length("cursor", 0, 4096)
}

// change refines the arguments that all changing tools have.
func (p properties) change() {
	p.length("idempotency_key", 1, maxKey)
	p.at("idempotency_key").Pattern = `^[\x20-\x7e]+$`
	p.byDefault("dry_run", false)
}

// date describes the accepted forms of a date.
func (p properties) date(names ...string) {
	for _, name := range names {
		p.at(name).Description += ". " + dateForms
		p.at(name).MaxLength = ptr(100)
	}
}

func ptr[T any](v T) *T { return &v }

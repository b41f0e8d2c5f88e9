// Package registry is the function registry: it reads how each func.yaml describes its function to the platform, and generates
// the files outside the function's folder that name it.
package registry

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"taskwire.dev/tools/function"
	"taskwire.dev/tools/topics"
)

//go:generate go run .. generate

// deadLetters is the topic of dead letters. Every consumer publishes to it.
const deadLetters = "dead-letters"

// Registry is all functions, sorted by name, and what their annotations may refer to.
type Registry struct {
	Functions  []Function
	Topics     []topics.Topic
	Events     Events
	Components []Component
	// settings are the hand-written keys of taskwire-config.
	settings map[string]string
}

// Load reads the repository at root, leaving out the functions named in without. The error lists everything that is wrong.
func Load(root string, without ...string) (r Registry, err error) {
	functions, err := function.Discover(root)
	if err != nil {
		return r, err
	}
	functions = slices.DeleteFunc(functions, func(f function.Function) bool { return slices.Contains(without, f.Name) })
	if r.Topics, err = topics.Read(filepath.Join(root, "eventing", "topics.yaml")); err != nil {
		return r, err
	}
	if r.Events, err = ReadEvents(root); err != nil {
		return r, err
	}
	if r.Components, err = readComponents(root); err != nil {
		return r, err
	}
	if r.settings, err = readSettings(root); err != nil {
		return r, err
	}
	var problems []error
	for _, one := range functions {
		f, err := read(one)
		problems = append(problems, err)
		r.Functions = append(r.Functions, f)
	}
	return r, errors.Join(append(problems, r.check()...)...)
}

// check compares the annotations with other functions, the topics, the event types and the components.
func (r Registry) check() (problems []error) {
	owners := map[string]string{}
	for _, f := range r.Functions {
		wrong := func(key, format string, args ...any) { problems = append(problems, f.problem(key, format, args...)) }
		if err := r.CheckName(f.Name); err != nil {
			wrong("name", "%w", err)
		}
		for _, route := range f.Routes {
			if other := owners[route]; other != "" {
				wrong(keyRoutes, "%s goes to %s already", route, other)
			}
			owners[route] = f.Name
		}
		known := topicNames(r.Topics)
		if f.Topic != "" && !slices.Contains(known, f.Topic) {
			wrong(keyConsumes, "%s is no topic; want one of %s", f.Topic, strings.Join(known, ", "))
		}
		for _, topic := range f.Publishes {
			if !slices.Contains(known, topic) {
				wrong(keyPublishes, "%s is no topic; want one of %s", topic, strings.Join(known, ", "))
			}
		}
		if f.Topic == "" && (f.EventTypes != nil || f.EventPath != "" || f.Annotations[keyBatch] != "" || f.Annotations[keyBatchWait] != "") {
			wrong(keyConsumes, "is missing, and the other annotations about events need it")
		}
		if err := r.Events.Check(f.Topic, f.EventTypes...); f.Topic != "" && err != nil {
			wrong(keyEventTypes, "%w", err)
		}
		if (f.Schedule == "") != (f.LocalSchedule == "") {
			wrong(keySchedule, "and %s must be set together", keyLocalSchedule)
		}
		for _, other := range f.Invokes {
			if callee, ok := r.named(other); !ok || !callee.Sidecar() {
				wrong(keyInvokes, "%s is no function with a sidecar", other)
			}
		}
		for _, name := range f.Components {
			if !slices.ContainsFunc(r.Components, func(c Component) bool { return c.Name == name && name != pubsub }) {
				wrong(keyComponents, "dapr/base has no component %s with generated scopes", name)
			}
		}
		if !f.Sidecar() && (f.Topic != "" || f.Publishes != nil || f.Schedule != "" || f.Invokes != nil || f.Components != nil) {
			wrong("dapr.io/enabled", "must be \"true\": consuming, publishing, schedules and invoking need a sidecar")
		}
		if f.Raw && (f.Topic != "" || f.Schedule != "") {
			wrong(keyConsumes, "KafkaSource and PingSource need a Knative Service, and the deployer raw makes none")
		}
	}
	return problems
}

// named returns the function of that name.
func (r Registry) named(name string) (Function, bool) {
	at := slices.IndexFunc(r.Functions, func(f Function) bool { return f.Name == name })
	if at < 0 {
		return Function{}, false
	}
	return r.Functions[at], true
}

// those returns the functions for which are is true.
func (r Registry) those(are func(Function) bool) []Function {
	var found []Function
	for _, f := range r.Functions {
		if are(f) {
			found = append(found, f)
		}
	}
	return found
}

func names(functions []Function) []string {
	found := make([]string, len(functions))
	for i, f := range functions {
		found[i] = f.Name
	}
	return found
}

func topicNames(all []topics.Topic) []string {
	found := make([]string, len(all))
	for i, t := range all {
		found[i] = t.Name
	}
	return found
}

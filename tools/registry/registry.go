// Package registry knows every function from its func.yaml, and generates what the platform says of functions elsewhere:
// so that each fact stands in one place, the function's own folder.
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

// deadLetters is the topic of what no consumer could handle. Every consumer publishes to it.
const deadLetters = "dead-letters"

// Registry is all functions, by name, and what they refer to.
type Registry struct {
	Functions  []Function
	Topics     []topics.Topic
	Events     Events
	Components []Component
}

// Load reads the repository at root, as it would be without some functions. The error names all that is wrong.
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
	var problems []error
	for _, one := range functions {
		f, err := read(one)
		problems = append(problems, err)
		r.Functions = append(r.Functions, f)
	}
	return r, errors.Join(append(problems, r.check()...)...)
}

// check finds what does not fit to other functions, to the topics or to the components.
func (r Registry) check() (problems []error) {
	owners := map[string]string{}
	for _, f := range r.Functions {
		wrong := func(key, format string, args ...any) { problems = append(problems, f.problem(key, format, args...)) }
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
		if f.Topic == "" && (f.EventTypes != nil || f.EventPath != "" || f.Annotations[keyBatch] != "") {
			wrong(keyConsumes, "is missing, and without it the other annotations about events do nothing")
		}
		if err := r.Events.Check(f.Topic, f.EventTypes...); f.Topic != "" && err != nil {
			wrong(keyEventTypes, "%w", err)
		}
		if (f.Schedule == "") != (f.LocalSchedule == "") {
			wrong(keySchedule, "needs %s beside it, and the other way round", keyLocalSchedule)
		}
		for _, other := range f.Invokes {
			if callee, ok := r.named(other); !ok || !callee.Sidecar() {
				wrong(keyInvokes, "%s is no function with a sidecar", other)
			}
		}
		for _, name := range f.Components {
			if !slices.ContainsFunc(r.Components, func(c Component) bool { return c.Name == name && name != pubsub }) {
				wrong(keyComponents, "dapr/base has no component %s whose scopes are generated", name)
			}
		}
		if !f.Sidecar() && (f.Topic != "" || f.Publishes != nil || f.Schedule != "" || f.Invokes != nil || f.Components != nil) {
			wrong("dapr.io/enabled", "is not true, and what it consumes, publishes or invokes goes through a sidecar")
		}
		if f.Raw && (f.Topic != "" || f.Schedule != "") {
			wrong(keyConsumes, "a source calls a Knative Service, and the deployer raw makes none")
		}
	}
	return problems
}

// named gives the function of that name.
func (r Registry) named(name string) (Function, bool) {
	at := slices.IndexFunc(r.Functions, func(f Function) bool { return f.Name == name })
	if at < 0 {
		return Function{}, false
	}
	return r.Functions[at], true
}

// those are the functions of which a thing is true.
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

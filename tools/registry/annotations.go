package registry

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"taskwire.dev/tools/function"
)

// The annotations of func.yaml by which a function says what the platform must know of it.
// docs/add-a-function.md describes each.
const (
	prefix = "taskwire.dev/"

	keyRoutes         = prefix + "routes"
	keyConsumes       = prefix + "consumes"
	keyEventTypes     = prefix + "event-types"
	keyEventPath      = prefix + "event-path"
	keyBatch          = prefix + "batch"
	keySchedule       = prefix + "schedule"
	keyLocalSchedule  = prefix + "schedule-local"
	keyPublishes      = prefix + "publishes"
	keyInvokes        = prefix + "invokes"
	keyComponents     = prefix + "components"
	keyMaxUnavailable = prefix + "max-unavailable"
)

// defaultBatch is how many events a laptop's sidecar brings in one call at most. An event may have 240 KB, and a function's
// memory has room for 50 such ones.
const defaultBatch = 50

// Function is what the platform knows of a function.
type Function struct {
	function.Function
	// Routes are the paths that the gateway forwards to it, each with all below.
	Routes []string
	// Topic is the one whose events it consumes; empty if there is none.
	Topic string
	// EventTypes are those that it is for; none means all of the topic.
	EventTypes []string
	// EventPath is where a KafkaSource posts to; empty means /.
	EventPath string
	// Batch is how many events a laptop's sidecar brings in one call at most.
	Batch int
	// Schedule is when a PingSource calls it, LocalSchedule when Dapr's cron binding does.
	Schedule, LocalSchedule string
	// Publishes are the topics that its sidecar publishes to, beside dead-letters for what it consumes.
	Publishes []string
	// Invokes are the functions that it calls through its sidecar.
	Invokes []string
	// Components are those of dapr/base that its sidecar has beside the one for publishing and consuming.
	Components []string
	// MaxUnavailable is how many replicas a drained node may take at a time; empty if that is left open.
	MaxUnavailable string
}

// readers fill in what one annotation says.
var readers = map[string]func(*Function, string) error{
	keyRoutes:         func(f *Function, v string) error { return list(&f.Routes, v, validRoute) },
	keyConsumes:       func(f *Function, v string) error { return word(&f.Topic, v) },
	keyEventTypes:     func(f *Function, v string) error { return list(&f.EventTypes, v, validName) },
	keyEventPath:      func(f *Function, v string) error { f.EventPath = v; return validPath(v) },
	keyBatch:          func(f *Function, v string) error { return number(&f.Batch, v) },
	keySchedule:       func(f *Function, v string) error { f.Schedule = v; return validSchedule(v) },
	keyLocalSchedule:  func(f *Function, v string) error { f.LocalSchedule = v; return validLocalSchedule(v) },
	keyPublishes:      func(f *Function, v string) error { return list(&f.Publishes, v, validName) },
	keyInvokes:        func(f *Function, v string) error { return list(&f.Invokes, v, validName) },
	keyComponents:     func(f *Function, v string) error { return list(&f.Components, v, validName) },
	keyMaxUnavailable: func(f *Function, v string) error { f.MaxUnavailable = v; return validAmount(v) },
}

// read takes over the annotations of one func.yaml. An unknown one is an error: it would be a setting that does nothing.
func read(f function.Function) (Function, error) {
	result := Function{Function: f, Batch: defaultBatch}
	var problems []error
	for _, key := range slices.Sorted(maps.Keys(f.Annotations)) {
		if !strings.HasPrefix(key, prefix) {
			continue
		}
		fill, ok := readers[key]
		if !ok {
			problems = append(problems, result.problem(key, "is not known; want one of %s", strings.Join(slices.Sorted(maps.Keys(readers)), ", ")))
			continue
		}
		if err := fill(&result, f.Annotations[key]); err != nil {
			problems = append(problems, result.problem(key, "%w", err))
		}
	}
	return result, errors.Join(problems...)
}

func (f Function) problem(key, format string, args ...any) error {
	return fmt.Errorf("functions/%s/func.yaml: %s: "+format, append([]any{f.Name, key}, args...)...)
}

// Sidecar says whether Dapr runs beside it.
func (f Function) Sidecar() bool { return f.Annotations["dapr.io/enabled"] == "true" }

// Events says in words what it consumes.
func (f Function) Events() string {
	if len(f.EventTypes) == 0 {
		return "all of " + f.Topic
	}
	return strings.Join(f.EventTypes, ", ")
}

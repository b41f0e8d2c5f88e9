package registry

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"taskwire.dev/tools/function"
)

// The annotations that describe a function to the platform; docs/add-a-function.md explains each.
const (
	prefix = "taskwire.dev/"

	keyRoutes         = prefix + "routes"
	keyConsumes       = prefix + "consumes"
	keyEventTypes     = prefix + "event-types"
	keyEventPath      = prefix + "event-path"
	keyBatch          = prefix + "batch"
	keyBatchWait      = prefix + "batch-wait"
	keySchedule       = prefix + "schedule"
	keyLocalSchedule  = prefix + "schedule-local"
	keyPublishes      = prefix + "publishes"
	keyInvokes        = function.Invokes
	keyComponents     = prefix + "components"
	keyMaxUnavailable = prefix + "max-unavailable"
)

// defaultBatch is the most events in one delivery on a laptop. An event may have 240 KB, and the memory of a function has room
// for 50 of those.
const defaultBatch = 50

// defaultBatchWait is how long a delivery on a laptop collects events.
const defaultBatchWait = 10 * time.Millisecond

// Function is a func.yaml with its taskwire.dev annotations parsed.
type Function struct {
	function.Function
	// Routes are the paths that the gateway forwards to it, each with everything below.
	Routes []string
	// Topic is the topic it consumes, or empty.
	Topic string
	// EventTypes are the types it handles; none means all of the topic.
	EventTypes []string
	// EventPath is the path that its KafkaSource posts to; empty means /.
	EventPath string
	// Batch is the most events in one delivery on a laptop.
	Batch int
	// BatchWait is how long a delivery on a laptop collects events, at most a second.
	BatchWait time.Duration
	// Schedule is that of its PingSource in a cluster, LocalSchedule that of Dapr's cron binding on a laptop.
	Schedule, LocalSchedule string
	// Publishes are the topics it publishes to, except for dead letters.
	Publishes []string
	// Invokes are the functions it calls through its sidecar.
	Invokes []string
	// Components are the components of dapr/base that its sidecar loads beside pubsub.
	Components []string
	// MaxUnavailable is that of its PodDisruptionBudget; empty means it has none.
	MaxUnavailable string
}

// readers parse one annotation each.
var readers = map[string]func(*Function, string) error{
	keyRoutes:         func(f *Function, v string) error { return list(&f.Routes, v, validRoute) },
	keyConsumes:       func(f *Function, v string) error { return word(&f.Topic, v) },
	keyEventTypes:     func(f *Function, v string) error { return list(&f.EventTypes, v, validName) },
	keyEventPath:      func(f *Function, v string) error { f.EventPath = v; return validPath(v) },
	keyBatch:          func(f *Function, v string) error { return number(&f.Batch, v) },
	keyBatchWait:      func(f *Function, v string) error { return wait(&f.BatchWait, v) },
	keySchedule:       func(f *Function, v string) error { f.Schedule = v; return validSchedule(v) },
	keyLocalSchedule:  func(f *Function, v string) error { f.LocalSchedule = v; return validLocalSchedule(v) },
	keyPublishes:      func(f *Function, v string) error { return list(&f.Publishes, v, validName) },
	keyInvokes:        func(f *Function, v string) error { return list(&f.Invokes, v, validName) },
	keyComponents:     func(f *Function, v string) error { return list(&f.Components, v, validName) },
	keyMaxUnavailable: func(f *Function, v string) error { f.MaxUnavailable = v; return validAmount(v) },
}

// read parses the annotations of one func.yaml. An unknown one is an error, because a misspelt one would do nothing.
func read(f function.Function) (Function, error) {
	result := Function{Function: f, Batch: defaultBatch, BatchWait: defaultBatchWait}
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

// Sidecar reports whether Dapr runs beside it.
func (f Function) Sidecar() bool { return f.Annotations["dapr.io/enabled"] == "true" }

// Events describes what it consumes, for comments.
func (f Function) Events() string {
	if len(f.EventTypes) == 0 {
		return "all of " + f.Topic
	}
	return strings.Join(f.EventTypes, ", ")
}

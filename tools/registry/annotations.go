package registry

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"taskwire.dev/tools/function"
)

// The annotations of func.yaml by which a function says what the platform must know of it.
// docs/add-a-function.md describes each.
const (
	prefix = "taskwire.dev/"

	keyRoutes = prefix + "routes"
)

// Function is what the platform knows of a function.
type Function struct {
	function.Function
	// Routes are the paths that the gateway forwards to it, each with all below.
	Routes []string
}

// readers fill in what one annotation says.
var readers = map[string]func(*Function, string) error{
	keyRoutes: func(f *Function, value string) (err error) {
		f.Routes, err = list(value, validRoute)
		return err
	},
}

// read takes over the annotations of one func.yaml. An unknown one is an error: it would be a setting that does nothing.
func read(f function.Function) (Function, error) {
	result := Function{Function: f}
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

// list splits a value at its commas.
func list(value string, check func(string) error) ([]string, error) {
	var found []string
	for part := range strings.SplitSeq(value, ",") {
		part = strings.TrimSpace(part)
		if slices.Contains(found, part) {
			return nil, fmt.Errorf("%s is there twice", part)
		}
		if err := check(part); err != nil {
			return nil, err
		}
		found = append(found, part)
	}
	return found, nil
}

// reserved are the paths that the gateway answers itself, and those that only a sidecar or the platform may call.
var reserved = []string{"/api/status", "/api/stream", "/internal", "/dapr", "/health"}

func validRoute(route string) error {
	if !strings.HasPrefix(route, "/") || path.Clean(route) != route || strings.ContainsAny(route, "\"\\`{}*?#% ") {
		return fmt.Errorf("%q is not a clean path such as /api/webhooks", route)
	}
	for _, r := range reserved {
		if route == r || strings.HasPrefix(route, r+"/") {
			return fmt.Errorf("%s is the platform's own", r)
		}
	}
	if route == "/api" || route == "/.well-known" {
		return fmt.Errorf("%s is shared by all functions: want a path below it", route)
	}
	return nil
}

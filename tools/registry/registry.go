// Package registry knows every function from its func.yaml, and generates what the platform says of functions elsewhere:
// so that each fact stands in one place, the function's own folder.
package registry

import (
	"errors"

	"taskwire.dev/tools/function"
)

//go:generate go run ../cmd/registry generate

// Registry is all functions, by name, and what they refer to.
type Registry struct {
	Functions []Function
}

// Load reads the repository at root. The error names all that is wrong.
func Load(root string) (Registry, error) {
	var r Registry
	functions, err := function.Discover(root)
	if err != nil {
		return r, err
	}
	var problems []error
	for _, one := range functions {
		f, err := read(one)
		problems = append(problems, err)
		r.Functions = append(r.Functions, f)
	}
	problems = append(problems, r.check()...)
	return r, errors.Join(problems...)
}

// check finds what is wrong between functions.
func (r Registry) check() []error {
	var problems []error
	owners := map[string]string{}
	for _, f := range r.Functions {
		for _, route := range f.Routes {
			if other := owners[route]; other != "" {
				problems = append(problems, f.problem(keyRoutes, "%s goes to %s already", route, other))
			}
			owners[route] = f.Name
		}
	}
	return problems
}

// named gives the function of that name.
func (r Registry) named(name string) (Function, bool) {
	for _, f := range r.Functions {
		if f.Name == name {
			return f, true
		}
	}
	return Function{}, false
}

// Package stack starts a complete stack for one profile.
package stack

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"taskwire.dev/tools/function"
)

// Options are the options for starting a stack.
type Options struct {
	// Tags are extra build tags of the functions.
	Tags []string
	// Env adds variables to functions: "tasks:NAME=VALUE".
	Env []string
	// InfraOnly starts only PostgreSQL, Redis and the broker, and no function.
	InfraOnly bool
	// Built starts what an earlier Up has built, which is fast.
	Built bool
	// Copies of every function; 0 is 1.
	Copies int
	// Proxied makes the parts use other ports for each other, on which the caller must listen: see Link.
	Proxied bool
	// Observe runs stores of metrics and traces, to which functions and sidecars send.
	Observe bool
	// Provider runs an OpenID provider that users can sign in with.
	Provider bool
	// Sample is the share of traces that functions record, from 0 to 1; empty is 1.
	Sample string
	// Apache runs Apache Kafka instead of the embedded broker.
	Apache bool
	// DatabaseURL (the owner's), RedisURL and KafkaBrokers point to existing servers; servers for empty ones are
	// started here.
	DatabaseURL  string
	RedisURL     string
	KafkaBrokers string
}

// check rejects invalid combinations.
func (o Options) check() error {
	switch {
	case !o.Observe && o.Sample != "":
		return errors.New("--sample needs --observe")
	case o.Copies < 0 || o.Copies > maxCopies:
		return fmt.Errorf("--copies %d: there are ports for %d", o.Copies, maxCopies)
	case o.Copies > 1 && !o.Proxied:
		return errors.New("--copies needs --proxied: somebody must share the requests out")
	case o.Proxied && (o.Apache || o.DatabaseURL != "" || o.RedisURL != "" || o.KafkaBrokers != ""):
		return errors.New("--proxied is for the servers that are started here, with the embedded broker")
	}
	if o.Sample != "" {
		if share, err := strconv.ParseFloat(o.Sample, 64); err != nil || !(share >= 0 && share <= 1) {
			return fmt.Errorf("--sample %q: want a number from 0 to 1", o.Sample)
		}
	}
	return nil
}

// extra returns the additional variables by function.
func (o Options) extra(functions []function.Function) (map[string][]string, error) {
	extra := map[string][]string{}
	for _, text := range o.Env {
		name, variable, found := strings.Cut(text, ":")
		if !found || !strings.Contains(variable, "=") {
			return nil, fmt.Errorf("--env %q: want FUNCTION:NAME=VALUE", text)
		}
		if !slices.ContainsFunc(functions, func(f function.Function) bool { return f.Name == name }) {
			return nil, fmt.Errorf("--env %q: no function is named %q", text, name)
		}
		extra[name] = append(extra[name], variable)
	}
	return extra, nil
}

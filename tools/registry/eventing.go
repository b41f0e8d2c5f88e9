package registry

import (
	"regexp"
	"slices"
	"strings"
)

// addresses are the keys of taskwire-config that function.Addresses has on a laptop.
func addresses(r Registry, _ []byte) ([]byte, error) { return render("addresses", r.Functions) }

func sources(r Registry, _ []byte) ([]byte, error) { return render("sources", r.those(consumes)) }

func clocks(r Registry, _ []byte) ([]byte, error) { return render("clocks", r.those(scheduled)) }

func disruptionBudgets(r Registry, _ []byte) ([]byte, error) {
	return render("disruption-budgets", r.those(func(f Function) bool { return f.MaxUnavailable != "" }))
}

// consumers patches KafkaSources to have one consumer per partition.
func consumers(r Registry, _ []byte) ([]byte, error) {
	type source struct {
		Name       string
		Partitions int32
	}
	var found []source
	for _, f := range r.those(consumes) {
		for _, topic := range r.Topics {
			if topic.Name == f.Topic && topic.Partitions > 1 {
				found = append(found, source{f.Name, topic.Partitions})
			}
		}
	}
	return render("consumers", found)
}

func policies(r Registry, _ []byte) ([]byte, error) {
	type server struct {
		Name, Host string
		Port       int
		Functions  []string
	}
	reaching := func(secret, componentType string) []string {
		return names(r.those(func(f Function) bool { return f.refersTo("secret", secret, nil) || r.hasComponent(f, componentType) }))
	}
	return render("policies", struct {
		Servers []server
		Callers []string
	}{
		[]server{
			{"database", "postgres", 5432, reaching("taskwire-database", "")},
			{"redis", "redis", 6379, reaching("taskwire-redis", "state.redis")},
			{"broker", "redpanda", 9092, reaching("taskwire-kafka", "pubsub.kafka")},
		},
		names(r.those(func(f Function) bool { return f.refersTo("configMap", "taskwire-config", address) })),
	})
}

func consumes(f Function) bool  { return f.Topic != "" }
func scheduled(f Function) bool { return f.Schedule != "" }

// address matches a key of taskwire-config with the address of a function, or of all.
var address = regexp.MustCompile(`^(([A-Z0-9_]+)_URL|FUNCTION_URLS)$`)

// refersTo reports whether a variable of f is a reference to a secret or config map, with a key that matches.
func (f Function) refersTo(kind, name string, keys *regexp.Regexp) bool {
	return slices.ContainsFunc(f.References(kind), func(reference string) bool {
		object, key, _ := strings.Cut(reference, "/")
		return object == name && (keys == nil || keys.MatchString(key) && key != "PUBLIC_URL")
	})
}

// hasComponent reports whether the sidecar of f loads a component of that type.
func (r Registry) hasComponent(f Function, componentType string) bool {
	return slices.ContainsFunc(r.Components, func(c Component) bool { return c.Type == componentType && f.uses(c) })
}

package registry

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"taskwire.dev/tools/function"
)

// Taken are names that no function may have, because a function's name is also that of its process, its binary, its log and its Service.
var Taken = slices.Concat(
	// The parts of a stack on a laptop and their logs.
	[]string{"broker", "jaeger", "mailpit", "postgres", "provider", "redis", "supervisor", "topics", "victoriametrics", "vmalert"},
	// The programs that are built into the same folder as the functions.
	[]string{"migrate", "taskwire"},
	// The Services of eventing/.
	[]string{"front-door", "otel-collector", "prometheus", "redpanda", "redpanda-console"},
	// Names that would be confusing.
	[]string{"functions", "kafka", "local", "migrations", "shared"},
)

// base is the file with the keys of taskwire-config that are written by hand.
const base = "eventing/base/config.yaml"

// readSettings returns the keys of taskwire-config that are written by hand.
func readSettings(root string) (map[string]string, error) {
	content, err := os.ReadFile(filepath.Join(root, base))
	if err != nil {
		return nil, err
	}
	var config struct {
		Data map[string]string `json:"data"`
	}
	if err := yaml.Unmarshal(content, &config); err != nil {
		return nil, fmt.Errorf("%s: %w", base, err)
	}
	return config.Data, nil
}

// numbered is the name of a further copy of a function, as in `make up COPIES=2`.
var numbered = regexp.MustCompile(`^(.+)-[0-9]+$`)

// CheckName fails if something else has the name, or would replace it.
func (r Registry) CheckName(name string) error {
	if slices.Contains(Taken, name) || strings.HasSuffix(name, "-dapr") {
		return fmt.Errorf("another part of a stack has the name %s", name)
	}
	key := function.Function{Name: name}.Key() + "_URL"
	if _, ok := r.settings[key]; ok {
		return fmt.Errorf("the function's address would replace the setting %s of %s", key, base)
	}
	for _, f := range r.Functions {
		for original, duplicate := range map[string]string{f.Name: name, name: f.Name} {
			if match := numbered.FindStringSubmatch(duplicate); match != nil && match[1] == original {
				return fmt.Errorf("%s is the name of another copy of the function %s", duplicate, original)
			}
		}
	}
	return nil
}

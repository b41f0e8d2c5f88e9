package function

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Values are the targets of references: config maps and secrets by name, then key.
type Values struct {
	ConfigMaps map[string]map[string]string
	Secrets    map[string]map[string]string
}

// The forms that func knows, after knative.dev/func/pkg/functions.
var (
	oneKey  = regexp.MustCompile(`^{{\s*(configMap|secret)\s*:\s*([\w.-]+)\s*:\s*([\w.-]+)\s*}}$`)
	allKeys = regexp.MustCompile(`^{{\s*(configMap|secret)\s*:\s*([\w.-]+)\s*}}$`)
)

// Resolve returns the function's environment, NAME=VALUE.
func (f Function) Resolve(values Values) ([]string, error) {
	var env []string
	for _, v := range f.Env {
		switch {
		case v.Name == "":
			all, err := values.whole(v.Value)
			if err != nil {
				return nil, fmt.Errorf("functions/%s/func.yaml: %w", f.Name, err)
			}
			for _, key := range slices.Sorted(maps.Keys(all)) {
				env = append(env, key+"="+all[key])
			}
		default:
			value, err := values.one(v.Value)
			if err != nil {
				return nil, fmt.Errorf("functions/%s/func.yaml: %s: %w", f.Name, v.Name, err)
			}
			env = append(env, v.Name+"="+value)
		}
	}
	return env, nil
}

// References lists the keys that the environment takes from objects of a kind, "secret" or "configMap", each as
// name/key.
func (f Function) References(kind string) []string {
	var found []string
	for _, v := range f.Env {
		if match := oneKey.FindStringSubmatch(strings.TrimSpace(v.Value)); match != nil && match[1] == kind {
			found = append(found, match[2]+"/"+match[3])
		}
	}
	return found
}

func (v Values) one(text string) (string, error) {
	trimmed := strings.TrimSpace(text)
	if !strings.HasPrefix(trimmed, "{{") {
		return text, nil
	}
	match := oneKey.FindStringSubmatch(trimmed)
	if match == nil {
		return "", fmt.Errorf("%s: not a reference that a laptop can resolve", trimmed)
	}
	keys, err := v.named(match[1], match[2])
	if err != nil {
		return "", err
	}
	value, ok := keys[match[3]]
	if !ok {
		return "", fmt.Errorf("%s %s has no key %q (it has %s)", match[1], match[2], match[3], list(keys))
	}
	return value, nil
}

func (v Values) whole(text string) (map[string]string, error) {
	match := allKeys.FindStringSubmatch(strings.TrimSpace(text))
	if match == nil {
		return nil, fmt.Errorf("%q has no name and is no whole config map or secret", text)
	}
	return v.named(match[1], match[2])
}

func (v Values) named(kind, name string) (map[string]string, error) {
	group := v.Secrets
	if kind == "configMap" {
		group = v.ConfigMaps
	}
	keys, ok := group[name]
	if !ok {
		return nil, fmt.Errorf("no %s is named %q (there are %s)", kind, name, list(group))
	}
	return keys, nil
}

func list[T any](m map[string]T) string {
	return strings.Join(slices.Sorted(maps.Keys(m)), ", ")
}

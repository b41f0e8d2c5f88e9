package registry

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// Events are the event types of each topic, from docs/asyncapi.yaml. Dead letters are left out: they can be of any type.
type Events map[string][]string

// ReadEvents reads them from the repository at root.
func ReadEvents(root string) (Events, error) {
	path := filepath.Join(root, "docs", "asyncapi.yaml")
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var document struct {
		Channels map[string]struct {
			Address  string         `json:"address"`
			Messages map[string]any `json:"messages"`
		} `json:"channels"`
	}
	if err := yaml.Unmarshal(content, &document); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	events := Events{}
	for _, channel := range document.Channels {
		if !strings.HasPrefix(channel.Address, "/") && channel.Address != deadLetters {
			events[channel.Address] = slices.Sorted(maps.Keys(channel.Messages))
		}
	}
	return events, nil
}

// Check returns an error with the known types if one of types is not published to the topic.
func (e Events) Check(topic string, types ...string) error {
	for _, one := range types {
		if !slices.Contains(e[topic], one) {
			return fmt.Errorf("%q is not published to %s; want one of %s (docs/asyncapi.yaml)", one, topic, strings.Join(e[topic], ", "))
		}
	}
	return nil
}

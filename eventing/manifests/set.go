package manifests

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"sigs.k8s.io/yaml"

	"taskwire.dev/tools/manifest"
)

// Set is all that one environment consists of.
type Set struct {
	Objects   []Object
	Functions []Function
	Topics    map[string]Topic
	// Documented are the secrets and config maps of docs/operations.md.
	Documented Documented
	// Broken is what could not even be decoded.
	Broken []string
}

// Topic is one of eventing/topics.yaml.
type Topic struct {
	Name       string `json:"name"`
	Partitions int32  `json:"partitions"`
	Retention  string `json:"retention"`
}

// Load builds the overlay of that name in eventing/ and in dapr/, and reads what belongs to it.
func Load(root, overlay string) (*Set, error) {
	s := &Set{Topics: map[string]Topic{}}
	for _, folder := range []string{"eventing", "dapr"} {
		if err := s.build(filepath.Join(root, folder, "overlays", overlay)); err != nil {
			return nil, err
		}
	}
	content, err := os.ReadFile(filepath.Join(root, "eventing", "topics.yaml"))
	if err != nil {
		return nil, err
	}
	var list struct {
		Topics []Topic `json:"topics"`
	}
	if err := yaml.UnmarshalStrict(content, &list); err != nil {
		return nil, fmt.Errorf("eventing/topics.yaml: %w", err)
	}
	for _, topic := range list.Topics {
		s.Topics[topic.Name] = topic
	}
	if s.Functions, err = readFunctions(root); err != nil {
		return nil, err
	}
	s.Documented, err = readDocumented(filepath.Join(root, "docs", "operations.md"))
	return s, err
}

// build adds what kustomize makes of a folder.
func (s *Set) build(folder string) error {
	built, err := manifest.Render(folder)
	if err != nil {
		return err
	}
	for document := range bytes.SplitSeq(built, []byte("\n---\n")) {
		s.add(document)
	}
	return nil
}

// add decodes an object.
func (s *Set) add(document []byte) {
	o, err := decode(document)
	if err != nil {
		s.Broken = append(s.Broken, err.Error())
		return
	}
	s.Objects = append(s.Objects, o)
}

// function finds a function by its name.
func (s *Set) function(name string) (Function, bool) {
	at := slices.IndexFunc(s.Functions, func(f Function) bool { return f.Name == name })
	if at < 0 {
		return Function{}, false
	}
	return s.Functions[at], true
}

package manifests

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	"sigs.k8s.io/yaml"
)

// Overlay gives another set, like this one but for the documents in content. One with the kind and name of an object is
// merged into it (RFC 7396), or with "$patch: delete" removes it, as Kustomize's patches do; one with a func.yaml's name is merged
// into that, and any other is added.
func Overlay(s *Set, content []byte) (*Set, error) {
	changes := map[string][]byte{}
	for _, document := range bytes.Split(content, []byte("\n---\n")) {
		text, err := yaml.YAMLToJSON(document)
		if err != nil {
			return nil, err
		}
		id, err := identify(text)
		if err != nil {
			return nil, err
		}
		changes[id] = text
	}
	changed := &Set{Topics: s.Topics, Documented: s.Documented}
	for _, o := range s.Objects {
		if removes(changes[o.ID()]) {
			delete(changes, o.ID())
			continue
		}
		text, err := json.Marshal(o.Raw)
		if err == nil {
			text, err = merge(text, changes, o.ID())
		}
		if err != nil {
			return nil, err
		}
		// Decoded anew in any case: rules set defaults.
		changed.add(text)
	}
	for _, f := range s.Functions {
		text, err := yaml.YAMLToJSON(f.raw)
		if err == nil {
			text, err = merge(text, changes, "Function/"+f.Name)
		}
		if err != nil {
			return nil, err
		}
		read := f.code
		if f, err = parseFunction(text); err != nil {
			changed.Broken = append(changed.Broken, fmt.Sprintf("Function: %v", err))
		}
		f.code = read
		changed.Functions = append(changed.Functions, f)
	}
	for _, id := range slices.Sorted(maps.Keys(changes)) {
		changed.add(changes[id])
	}
	return changed, nil
}

// identify gives an object's ID, or "Function/name" for a part of a func.yaml.
func identify(text []byte) (string, error) {
	var head struct {
		Kind     string `json:"kind"`
		Name     string `json:"name"`
		Metadata struct {
			Name string `json:"name"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return "", err
	}
	if head.Kind == "" {
		return "Function/" + head.Name, nil
	}
	return head.Kind + "/" + head.Metadata.Name, nil
}

// removes says whether a change is the removal of its object.
func removes(change []byte) bool {
	var head struct {
		Patch string `json:"$patch"`
	}
	return json.Unmarshal(change, &head) == nil && head.Patch == "delete"
}

// merge applies the change of that ID, if there is one, and strikes it off.
func merge(text []byte, changes map[string][]byte, id string) ([]byte, error) {
	change, ok := changes[id]
	if !ok {
		return text, nil
	}
	delete(changes, id)
	return jsonpatch.MergePatch(text, change)
}

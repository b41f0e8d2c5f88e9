// Package manifest reads, changes and writes Kubernetes objects of any kind.
package manifest

import (
	"bytes"
	"strings"

	"sigs.k8s.io/yaml"
)

// Object is any Kubernetes object.
type Object map[string]any

// Kind is the object's kind.
func (o Object) Kind() string { s, _ := o["kind"].(string); return s }

// Metadata is the object's metadata, which may be changed.
func (o Object) Metadata() map[string]any {
	metadata, _ := o["metadata"].(map[string]any)
	return metadata
}

// Name is the object's name.
func (o Object) Name() string { s, _ := o.Metadata()["name"].(string); return s }

// Annotate adds annotations to the object.
func (o Object) Annotate(more map[string]string) {
	annotations, _ := o.Metadata()["annotations"].(map[string]any)
	if annotations == nil {
		annotations = map[string]any{}
		o.Metadata()["annotations"] = annotations
	}
	for key, value := range more {
		annotations[key] = value
	}
}

// Parse reads YAML documents.
func Parse(content []byte) ([]Object, error) {
	var all []Object
	for document := range strings.SplitSeq("\n"+string(content), "\n---\n") {
		var one Object
		if err := yaml.Unmarshal([]byte(document), &one); err != nil {
			return nil, err
		}
		if len(one) > 0 {
			all = append(all, one)
		}
	}
	return all, nil
}

// Encode writes YAML documents.
func Encode(all []Object) ([]byte, error) {
	var text bytes.Buffer
	for _, one := range all {
		content, err := yaml.Marshal(one)
		if err != nil {
			return nil, err
		}
		text.WriteString("---\n")
		text.Write(content)
	}
	return text.Bytes(), nil
}

// ReplaceImage sets every image with that name, whatever its tag, below any object.
func ReplaceImage(node any, name, by string) {
	switch n := node.(type) {
	case Object:
		ReplaceImage(map[string]any(n), name, by)
	case map[string]any:
		if image, ok := n["image"].(string); ok && (image == name || strings.HasPrefix(image, name+":")) {
			n["image"] = by
		}
		for _, child := range n {
			ReplaceImage(child, name, by)
		}
	case []any:
		for _, child := range n {
			ReplaceImage(child, name, by)
		}
	}
}

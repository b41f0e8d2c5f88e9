// Package manifests checks, without any cluster, what eventing/ and dapr/ and the func.yaml files would do to one. It
// builds each overlay as kubectl does, decodes every object strictly into its own Go type, asks Knative's and Dapr's own
// validation, and then applies the rules of this project, most of which name something that an engine would accept in
// silence.
//
// It is a separate module, outside go.work: its requirements would override those of all others.
package manifests

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// Object is one object of an overlay.
type Object struct {
	Kind, Namespace, Name string
	GVK                   schema.GroupVersionKind
	Labels, Annotations   map[string]string
	// Value is a pointer to the object's Go type, such as *batchv1.Job.
	Value any
	// Raw is the same, as it was written.
	Raw map[string]any
}

// ID is how messages name the object.
func (o Object) ID() string { return o.Kind + "/" + o.Name }

// decode reads one YAML document. An unknown or repeated field is an error, and so is a kind that has no type here.
func decode(document []byte) (Object, error) {
	text, err := yaml.YAMLToJSONStrict(document)
	if err != nil {
		return Object{}, err
	}
	var u unstructured.Unstructured
	if err := u.UnmarshalJSON(text); err != nil {
		return Object{}, err
	}
	o := Object{
		Kind: u.GetKind(), Namespace: u.GetNamespace(), Name: u.GetName(), GVK: u.GroupVersionKind(),
		Labels: u.GetLabels(), Annotations: u.GetAnnotations(), Raw: u.Object,
	}
	fresh, ok := types[o.GVK]
	if !ok {
		return o, fmt.Errorf("%s: no type is known for %s", o.ID(), o.GVK)
	}
	o.Value = fresh()
	strict, err := json.UnmarshalStrict(text, o.Value)
	if err != nil {
		return o, fmt.Errorf("%s: %w", o.ID(), err)
	}
	if len(strict) > 0 {
		return o, fmt.Errorf("%s: %w", o.ID(), strict[0])
	}
	return o, nil
}

// all gives the objects whose Go type is T.
func all[T any](s *Set) []typed[T] {
	var found []typed[T]
	for _, o := range s.Objects {
		if value, ok := o.Value.(*T); ok {
			found = append(found, typed[T]{o, value})
		}
	}
	return found
}

// typed is an object with its value at hand.
type typed[T any] struct {
	Object
	V *T
}

package manifests

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/kube-openapi/pkg/validation/strfmt"
	"k8s.io/kube-openapi/pkg/validation/validate"
	"sigs.k8s.io/yaml"
)

// definitions are the folders, in modules of go.mod, with the definitions that a cluster is given.
var definitions = map[string]string{
	"github.com/dapr/dapr": "charts/dapr/crds",
	"knative.dev/eventing": "config/core/resources",
	// The channel that every implementation has.
	"sigs.k8s.io/gateway-api": "config/crd/standard",
}

// schemas are those of all definitions. They know what no Go type says: what is required, and which values there are.
var schemas = sync.OnceValues(func() (map[schema.GroupVersionKind]*spec.Schema, error) {
	found := map[schema.GroupVersionKind]*spec.Schema{}
	for module, folder := range definitions {
		output, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
		if err != nil {
			return nil, fmt.Errorf("go list -m %s: %w", module, err)
		}
		paths, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(output)), folder, "*.yaml"))
		if err != nil || len(paths) == 0 {
			return nil, fmt.Errorf("%s has no %s: %v", module, folder, err)
		}
		for _, path := range paths {
			if err := readDefinitions(path, found); err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
		}
	}
	return found, nil
})

func readDefinitions(path string, found map[schema.GroupVersionKind]*spec.Schema) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for document := range strings.SplitSeq("\n"+string(content), "\n---") {
		var crd apiextensionsv1.CustomResourceDefinition
		if err := yaml.Unmarshal([]byte(document), &crd); err != nil {
			return err
		}
		for _, version := range crd.Spec.Versions {
			if version.Schema == nil {
				continue
			}
			text, err := json.Marshal(version.Schema.OpenAPIV3Schema)
			if err != nil {
				return err
			}
			var s spec.Schema
			if err := json.Unmarshal(text, &s); err != nil {
				return err
			}
			found[schema.GroupVersionKind{Group: crd.Spec.Group, Version: version.Name, Kind: crd.Spec.Names.Kind}] = &s
		}
	}
	return nil
}

// validateSchemas does what the API server does with an object of a definition.
func validateSchemas(s *Set, p *problems) {
	known, err := schemas()
	if err != nil {
		p.add("definitions", "%v", err)
		return
	}
	for _, o := range s.Objects {
		definition, ok := known[o.GVK]
		if !ok {
			continue
		}
		result := validate.NewSchemaValidator(definition, nil, "", strfmt.Default).Validate(o.Raw)
		for _, err := range result.Errors {
			p.add(o.ID(), "%v", err)
		}
	}
}

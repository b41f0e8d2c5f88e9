package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

const (
	openapiFile  = "openapi.yaml"
	asyncapiFile = "asyncapi.yaml"

	// base is the URI of the documents for their relative references to each other. Nothing is fetched.
	base = "https://taskwire.dev/docs/"
)

// documents are YAML files whose parts can be compiled as JSON Schema 2020-12, including references between files.
type documents struct {
	files    map[string]map[string]any
	compiler *jsonschema.Compiler
}

func newDocuments(contents map[string][]byte) (*documents, error) {
	d := &documents{files: map[string]map[string]any{}, compiler: jsonschema.NewCompiler()}
	d.compiler.DefaultDraft(jsonschema.Draft2020)
	d.compiler.AssertFormat()
	d.compiler.UseLoader(nothingElse{})
	for name, content := range contents {
		doc, err := fromYAML(content)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		root, ok := doc.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s: not an object", name)
		}
		d.files[name] = root
		if err := d.compiler.AddResource(base+name, root); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return d, nil
}

// compile compiles the schema at these keys of a file.
func (d *documents) compile(file string, keys ...string) (*jsonschema.Schema, error) {
	return d.compiler.Compile(base + file + pointer(keys...))
}

// pointer is a JSON Pointer as a URI fragment (RFC 6901, 6).
func pointer(keys ...string) string {
	var b strings.Builder
	b.WriteByte('#')
	for _, key := range keys {
		key = strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
		b.WriteByte('/')
		b.WriteString(strings.NewReplacer("%", "%25", "{", "%7B", "}", "%7D", "^", "%5E", "$", "%24").Replace(key))
	}
	return b.String()
}

// at returns the value at these keys, following references on the way, within the file or to the other.
func (d *documents) at(file string, keys ...string) (any, error) {
	var value any = d.files[file]
	for i := 0; ; i++ {
		for hops := 0; ; hops++ {
			object, ok := value.(map[string]any)
			if !ok {
				break
			}
			ref, ok := object["$ref"].(string)
			if !ok {
				break
			}
			if hops > 20 {
				return nil, fmt.Errorf("%s goes round in circles", ref)
			}
			var err error
			if value, file, err = d.resolve(file, ref); err != nil {
				return nil, err
			}
		}
		if i == len(keys) {
			return value, nil
		}
		object, ok := value.(map[string]any)
		if !ok || object[keys[i]] == nil {
			return nil, fmt.Errorf("%s%s: there is no %q", file, pointer(keys[:i]...), keys[i])
		}
		value = object[keys[i]]
	}
}

// resolve returns the target of a reference in a file, and the file that it is in.
func (d *documents) resolve(file, ref string) (any, string, error) {
	other, fragment, ok := strings.Cut(ref, "#")
	if !ok {
		return nil, "", fmt.Errorf("%s: reference %q without a fragment", file, ref)
	}
	if other != "" {
		file = other
	}
	root, ok := d.files[file]
	if !ok {
		return nil, "", fmt.Errorf("reference %q to an unknown file", ref)
	}
	var value any = root
	for key := range strings.SplitSeq(strings.TrimPrefix(fragment, "/"), "/") {
		key = strings.NewReplacer("~1", "/", "~0", "~").Replace(key)
		object, ok := value.(map[string]any)
		if !ok || object[key] == nil {
			return nil, "", fmt.Errorf("reference %q leads nowhere: no %q", ref, key)
		}
		value = object[key]
	}
	return value, file, nil
}

// fromYAML parses YAML into the JSON values that a JSON Schema validator knows.
func fromYAML(content []byte) (any, error) {
	var value any
	if err := yaml.Unmarshal(content, &value); err != nil {
		return nil, err
	}
	asJSON, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
}

// nothingElse keeps the compiler from reading files or the network.
type nothingElse struct{}

func (nothingElse) Load(url string) (any, error) {
	return nil, fmt.Errorf("%s is not one of the documents", url)
}

package spec

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	schemas "github.com/asyncapi/spec-json-schemas/v6"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestOpenAPIDocument_IsValidOpenAPI31(t *testing.T) {
	t.Parallel()
	content := read(t, openapiFile)
	if err := checkOpenAPI(t, content); err != nil {
		t.Error(err)
	}
	broken := bytes.Replace(content, []byte("      operationId: register\n"), []byte("      operationId: [register]\n"), 1)
	if checkOpenAPI(t, broken) == nil {
		t.Error("a broken document is accepted")
	}
}

func checkOpenAPI(t *testing.T, content []byte) error {
	t.Helper()
	document, err := libopenapi.NewDocument(content)
	if err != nil {
		return err
	}
	v, errs := validator.NewValidator(document)
	if len(errs) > 0 {
		return errs[0]
	}
	_, failures := v.ValidateDocument()
	return explain(failures)
}

func TestAsyncAPIDocument_IsValidAsyncAPI30(t *testing.T) {
	t.Parallel()
	meta := asyncAPISchema(t)
	content := read(t, asyncapiFile)
	if err := checkAsyncAPI(t, meta, content); err != nil {
		t.Errorf("%+v", err)
	}
	broken := bytes.Replace(content, []byte("action: receive"), []byte("action: listen"), 1)
	if checkAsyncAPI(t, meta, broken) == nil {
		t.Error("a broken document is accepted")
	}
}

func checkAsyncAPI(t *testing.T, meta *jsonschema.Schema, content []byte) error {
	t.Helper()
	document, err := fromYAML(content)
	if err != nil {
		t.Fatal(err)
	}
	return meta.Validate(document)
}

// asyncAPISchema is the JSON Schema of AsyncAPI 3.0, published by the AsyncAPI initiative.
func asyncAPISchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	content, err := schemas.Get("3.0.0")
	if err != nil || content == nil {
		t.Fatalf("the schema of AsyncAPI 3.0: %v", err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(nothingElse{})
	const url = "http://asyncapi.com/definitions/3.0.0/asyncapi.json"
	if err := compiler.AddResource(url, document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(url)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestReferences_LeadSomewhere(t *testing.T) {
	t.Parallel()
	docs := loadDocuments(t)
	for file, root := range docs.files {
		walk(root, nil, func(path []string, object map[string]any) {
			ref, ok := object["$ref"].(string)
			if !ok {
				return
			}
			if _, _, err := docs.resolve(file, ref); err != nil {
				t.Errorf("%s %s: %v", file, pointer(path...), err)
			}
		})
	}
	if _, _, err := docs.resolve(openapiFile, "#/components/schemas/Nothing"); err == nil {
		t.Error("a broken reference is accepted")
	}
}

// All components must be used: unused ones mislead readers of the document.
func TestComponents_AreUsed(t *testing.T) {
	t.Parallel()
	docs := loadDocuments(t)
	used := map[string]bool{}
	for file, root := range docs.files {
		walk(root, nil, func(_ []string, object map[string]any) {
			if ref, ok := object["$ref"].(string); ok {
				if strings.HasPrefix(ref, "#") {
					ref = file + ref
				}
				used[ref] = true
			}
		})
	}
	for file, root := range docs.files {
		for kind, group := range root["components"].(map[string]any) {
			if kind == "securitySchemes" {
				continue // in OpenAPI it is named, not referenced
			}
			for name := range group.(map[string]any) {
				if !used[file+"#/components/"+kind+"/"+name] {
					t.Errorf("%s: components/%s/%s is used nowhere", file, kind, name)
				}
			}
		}
	}
}

func TestOperations_HaveIDsOfTheirOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, operation := range open(t).Uncovered() { // nothing was seen yet, so these are all operations
		if operation.Operation == "" || seen[operation.Operation] {
			t.Errorf("%s: the operationId is missing or not unique", operation)
		}
		seen[operation.Operation] = true
	}
	if len(seen) < 20 {
		t.Errorf("only %d operations", len(seen))
	}
}

// A client repeats what it got no response to, with its key: which requests keep none must be said.
func TestOperations_KeepKeys(t *testing.T) {
	t.Parallel()
	ofAccounts := []string{"register", "refresh", "createToken"} // under "Repeating a change" in the description
	// What the same paragraph says about the other methods.
	type group struct{ path, methods, said string }
	others := []group{
		{"/api/todos/trash", "delete", "in the trash"},
		{"/api/todos/{id}/comments/{comment}", "patch delete", "PATCH and DELETE of a comment"},
		{"/api/todos/{id}", "put patch delete", "PUT, PATCH and DELETE of a task"},
		{"/api/projects/{id}", "delete", "DELETE of a project"},
		{"/api/sections/{id}", "delete", "of a section"},
		{"/api/tags/{id}", "delete", "of a tag"},
	}
	s := open(t)
	description := strings.Join(strings.Fields(s.http.model.Info.Description), " ")
	s.http.operations(func(method, path string, op *v3.Operation) {
		want := true
		switch {
		case path == "/", path == "/api/events", path == "/mcp":
			return // an event and a tool have keys of their own
		case method == "get":
			want = false
		case method != "post":
			at := slices.IndexFunc(others, func(g group) bool { return strings.HasPrefix(path, g.path) })
			want = at >= 0 && slices.Contains(strings.Fields(others[at].methods), method)
			if want && !strings.Contains(description, others[at].said) {
				t.Errorf("the description does not say %q", others[at].said)
			}
		case strings.HasPrefix(path, "/api/auth/"), strings.HasPrefix(path, "/api/admin/users/"):
			want = slices.Contains(ofAccounts, op.OperationId)
		}
		keeps := slices.ContainsFunc(op.Parameters, func(p *v3.Parameter) bool { return p.Name == "Idempotency-Key" })
		if keeps != want {
			t.Errorf("%s (%s %s) lists an Idempotency-Key: %t, want %t", op.OperationId, method, path, keeps, want)
		}
	})
}

// What the description says under "Lists".
func TestOperations_ListsHavePages(t *testing.T) {
	t.Parallel()
	whole := []string{"listViews", "listAlerts"}
	lists := 0
	open(t).http.operations(func(_, _ string, op *v3.Operation) {
		success := op.Responses.Codes.GetOrZero("200")
		if success == nil {
			return
		}
		body := success.Content.GetOrZero("application/json")
		if body == nil || body.Schema == nil {
			return
		}
		members := body.Schema.Schema().Properties
		if members == nil {
			return
		}
		if _, list := members.Get("items"); !list {
			return
		}
		lists++
		_, pages := members.Get("next_cursor")
		if pages == slices.Contains(whole, op.OperationId) {
			t.Errorf("%s has a next_cursor: %t", op.OperationId, pages)
		}
	})
	if lists < 10 {
		t.Errorf("only %d lists", lists)
	}
}

func open(t *testing.T) *Spec {
	t.Helper()
	dir, err := docsDir()
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	dir, err := docsDir()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func loadDocuments(t *testing.T) *documents {
	t.Helper()
	docs, err := newDocuments(map[string][]byte{openapiFile: read(t, openapiFile), asyncapiFile: read(t, asyncapiFile)})
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

// walk calls f with every object of a document, except inside examples, which are data.
func walk(value any, path []string, f func(path []string, object map[string]any)) {
	step := func(key string) []string { return append(slices.Clip(path), key) }
	switch v := value.(type) {
	case map[string]any:
		f(path, v)
		for key, member := range v {
			if inExample(path) && (key == "value" || key == "payload" || key == "headers") {
				continue
			}
			walk(member, step(key), f)
		}
	case []any:
		for i, item := range v {
			walk(item, step(strconv.Itoa(i)), f)
		}
	}
}

func inExample(path []string) bool { return slices.Contains(path, "examples") }

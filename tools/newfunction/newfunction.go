// Package newfunction creates and removes functions that consume events: the folder, and the generated files that name
// it. It implements `make new-function` and `make remove-function`; docs/add-a-function.md shows how to use them.
package newfunction

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"time"

	"taskwire.dev/tools/registry"
)

//go:embed template/*
var templates embed.FS

// Function describes the new function.
type Function struct {
	Name    string
	Topic   string // that it consumes
	Type    string // of the events that it handles
	Created string // set by Make
}

// A name is a host name in a cluster, an app-id, a consumer group and a folder.
var validName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

const maxName = 40

// Make creates the function in the repository at root, completely or not at all, and returns what it wrote, relative to
// root.
func Make(root string, f Function, now time.Time) (written []string, err error) {
	f.Created = now.UTC().Format(time.RFC3339)
	if err := f.check(root); err != nil {
		return nil, err
	}
	files, err := f.files(root)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			written, err = nil, errors.Join(err, os.RemoveAll(filepath.Join(root, f.folder())))
		}
	}()
	for path, content := range files {
		full := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(full, content, 0o644); err != nil {
			return nil, err
		}
		written = append(written, path)
	}
	generated, err := registry.Generate(root)
	written = append(written, generated...)
	slices.Sort(written)
	return written, err
}

// Remove deletes a function's folder and updates the generated files, so that it undoes Make. It changes nothing if another part
// needs the function, git has the folder but not all of its changes, or a file cannot be generated. It returns what it deleted or wrote, relative to root.
func Remove(root, name string) (changed []string, err error) {
	f := Function{Name: name}
	if _, err := os.Stat(filepath.Join(root, f.folder(), "func.yaml")); err != nil || !validName.MatchString(name) {
		return nil, fmt.Errorf("NAME=%q: there is no such function", name)
	}
	if err := f.needed(root); err != nil {
		return nil, fmt.Errorf("NAME=%s: %w", name, err)
	}
	if err := f.uncommitted(root); err != nil {
		return nil, fmt.Errorf("NAME=%s: %w", name, err)
	}
	// First, because it may fail: no generated file names a folder that is gone.
	generated, err := registry.Generate(root, name)
	if err != nil {
		return generated, fmt.Errorf("without %s: %w", name, err)
	}
	return append([]string{f.folder()}, generated...), os.RemoveAll(filepath.Join(root, f.folder()))
}

func (f Function) check(root string) error {
	if len(f.Name) > maxName || !validName.MatchString(f.Name) {
		return fmt.Errorf("NAME=%q: want lower-case letters, digits and single dashes between them, a letter first, at most %d", f.Name, maxName)
	}
	if _, err := os.Lstat(filepath.Join(root, f.folder())); err == nil {
		return fmt.Errorf("NAME=%s: %s already exists", f.Name, f.folder())
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	known, err := registry.Load(root)
	if err != nil {
		return err
	}
	if err := known.CheckName(f.Name); err != nil {
		return fmt.Errorf("NAME=%s: %w", f.Name, err)
	}
	if len(known.Events[f.Topic]) == 0 {
		return fmt.Errorf("TOPIC=%q: want one of %s", f.Topic, strings.Join(slices.Sorted(maps.Keys(known.Events)), ", "))
	}
	if err := known.Events.Check(f.Topic, f.Type); err != nil {
		return fmt.Errorf("TYPE=%w", err)
	}
	return nil
}

func (f Function) folder() string { return "functions/" + f.Name }

// model is the function whose requirements a new one starts with: it does the same kind of work, and so needs the same
// modules.
const model = "functions/reminder-fan-in"

// files are all files to write, by path.
func (f Function) files(root string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for from, to := range map[string]string{
		"func.yaml.tmpl": f.folder() + "/func.yaml", "function.go.tmpl": f.folder() + "/function.go",
		"function_test.go.tmpl": f.folder() + "/function_test.go",
		"gitignore":             f.folder() + "/.gitignore", "funcignore": f.folder() + "/.funcignore",
	} {
		content, err := f.render(from)
		if err != nil {
			return nil, err
		}
		files[to] = content
	}
	// go.sum and the workspace of `func build` belong to the requirements.
	for _, path := range []string{"/go.mod", "/go.sum", "/.func/go.work"} {
		content, err := os.ReadFile(filepath.Join(root, model, path))
		if err != nil {
			return nil, err
		}
		files[f.folder()+path] = bytes.Replace(content, []byte("module taskwire.dev/"+model), []byte("module taskwire.dev/"+f.folder()), 1)
	}
	return files, nil
}

func (f Function) render(name string) ([]byte, error) {
	content, err := templates.ReadFile("template/" + name)
	if err != nil || !strings.HasSuffix(name, ".tmpl") {
		return content, err
	}
	t, err := template.New(name).Parse(string(content))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, f)
	return out.Bytes(), err
}

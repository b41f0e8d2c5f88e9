// Package newfunction makes the folder of a function that receives events, and names it wherever a function that does
// so must be named: `make new-function`. docs/add-a-function.md is about what comes then.
package newfunction

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"time"

	"taskwire.dev/tools/topics"
)

//go:embed template/*
var templates embed.FS

// Function is what is to be made.
type Function struct {
	Name    string
	Topic   string // that it listens to
	Type    string // of the events that it is for
	Created string // set by Make
}

var (
	// A name is a host name in a cluster, an app-id, a consumer group and a folder.
	validName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	validType = regexp.MustCompile(`^[a-z0-9]+([.-][a-z0-9]+)*$`)
	// Other parts of a stack have these names, or would.
	reserved = []string{"postgres", "redis", "broker", "kafka", "redpanda", "migrations", "topics", "functions", "shared", "local"}
)

const maxName = 40

// Make makes the function in the repository at root. It changes nothing unless it can make all of it, and returns what
// it wrote, relative to root.
func Make(root string, f Function, now time.Time) (written []string, err error) {
	f.Created = now.UTC().Format(time.RFC3339)
	if err := f.check(root); err != nil {
		return nil, err
	}
	files, err := f.files(root)
	if err != nil {
		return nil, err
	}
	for path, content := range files {
		full := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return written, err
		}
		if err := os.WriteFile(full, content, 0o644); err != nil {
			return written, err
		}
		written = append(written, path)
	}
	slices.Sort(written)
	return written, nil
}

func (f Function) check(root string) error {
	if len(f.Name) > maxName || !validName.MatchString(f.Name) {
		return fmt.Errorf("NAME=%q: want small letters, digits and single dashes between them, a letter first, at most %d", f.Name, maxName)
	}
	if slices.Contains(reserved, f.Name) || strings.HasSuffix(f.Name, "-dapr") {
		return fmt.Errorf("NAME=%s: another part has this name", f.Name)
	}
	for _, path := range []string{f.folder(), f.source(), f.subscription()} {
		if _, err := os.Lstat(filepath.Join(root, path)); err == nil {
			return fmt.Errorf("NAME=%s: %s is there already", f.Name, path)
		} else if !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	known, err := topics.Read(filepath.Join(root, "eventing", "topics.yaml"))
	if err != nil {
		return err
	}
	var names []string
	for _, t := range known {
		names = append(names, t.Name)
	}
	if !slices.Contains(names, f.Topic) || f.Topic == "dead-letters" {
		return fmt.Errorf("TOPIC=%q: want one of %s", f.Topic, strings.Join(names, ", "))
	}
	if !validType.MatchString(f.Type) {
		return fmt.Errorf("TYPE=%q: want the type of an event, such as task.completed", f.Type)
	}
	return nil
}

func (f Function) folder() string       { return "functions/" + f.Name }
func (f Function) source() string       { return "eventing/base/sources/" + f.Name + ".yaml" }
func (f Function) subscription() string { return "dapr/base/subscription-" + f.Name + ".yaml" }

// model is the function whose requirements a new one starts with: it does the same, and so needs the same modules.
const model = "functions/reminder-fan-in"

// files are all that is written, by path.
func (f Function) files(root string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for from, to := range map[string]string{
		"func.yaml.tmpl": f.folder() + "/func.yaml", "function.go.tmpl": f.folder() + "/function.go",
		"function_test.go.tmpl": f.folder() + "/function_test.go", "source.yaml.tmpl": f.source(),
		"subscription.yaml.tmpl": f.subscription(), "go.work": f.folder() + "/.func/go.work",
		"gitignore": f.folder() + "/.gitignore", "funcignore": f.folder() + "/.funcignore",
	} {
		content, err := f.render(from)
		if err != nil {
			return nil, err
		}
		files[to] = content
	}
	for path, change := range map[string]func(string) (string, error){
		"go.work":                             f.use,
		"dapr/base/pubsub.yaml":               f.scope,
		"eventing/base/kustomization.yaml":    f.resource,
		"eventing/base/policies/servers.yaml": f.mayReachBroker,
	} {
		content, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			return nil, err
		}
		changed, err := change(string(content))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		files[path] = []byte(changed)
	}
	mod, err := os.ReadFile(filepath.Join(root, model, "go.mod"))
	if err != nil {
		return nil, err
	}
	files[f.folder()+"/go.mod"] = bytes.Replace(mod, []byte("taskwire.dev/"+model), []byte("taskwire.dev/"+f.folder()), 1)
	files[f.folder()+"/go.sum"], err = os.ReadFile(filepath.Join(root, model, "go.sum"))
	return files, err
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

var errForm = errors.New("is not in the form that is expected here: add the function by hand")

// use adds the module to go.work, in order.
func (f Function) use(work string) (string, error) {
	return insert(work, "\t./functions/", "\t./"+f.folder())
}

// scope lets the function's sidecar load the component that delivers its events and takes its dead letters.
func (f Function) scope(component string) (string, error) {
	before, scopes, ok := strings.Cut(component, "\nscopes:\n")
	if !ok {
		return "", errForm
	}
	return before + "\nscopes:\n" + strings.TrimRight(scopes, "\n") + "\n  - " + f.Name + "\n", nil
}

// resource adds the source to the kustomization.
func (f Function) resource(kustomization string) (string, error) {
	return insert(kustomization, "  - sources/", "  - sources/"+f.Name+".yaml")
}

var brokerPolicy = regexp.MustCompile(`(?s)(name: may-reach-broker\n.*?values: \[)([^\]]*)(\])`)

// mayReachBroker lets the function's sidecar publish in a cluster.
func (f Function) mayReachBroker(policies string) (string, error) {
	m := brokerPolicy.FindStringSubmatchIndex(policies)
	if m == nil {
		return "", errForm
	}
	names := strings.Split(policies[m[4]:m[5]], ", ")
	names = append(names, f.Name)
	slices.Sort(names)
	return policies[:m[4]] + strings.Join(names, ", ") + policies[m[5]:], nil
}

// insert puts a line among those that begin alike, in order.
func insert(text, prefix, line string) (string, error) {
	lines := strings.Split(text, "\n")
	at := -1
	for i, l := range lines {
		if !strings.HasPrefix(l, prefix) {
			continue
		}
		if l > line && at >= 0 {
			break
		}
		at = i
		if l > line {
			at = i - 1
			break
		}
	}
	if at < 0 && !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, prefix) }) {
		return "", errForm
	}
	return strings.Join(slices.Insert(lines, at+1, line), "\n"), nil
}

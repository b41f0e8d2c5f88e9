package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

// object is any Kubernetes object.
type object map[string]any

func (o object) kind() string { s, _ := o["kind"].(string); return s }

func (o object) name() string {
	metadata, _ := o["metadata"].(map[string]any)
	s, _ := metadata["name"].(string)
	return s
}

// render builds the overlay of a folder.
func (c Cluster) render(ctx context.Context, o Options, folder string) ([]object, error) {
	dir := filepath.Join(o.Root, folder, "overlays", o.Environment)
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("there is no overlay %s/overlays/%s", folder, o.Environment)
	}
	output, err := c.kubectl(ctx, nil, "kustomize", dir)
	if err != nil {
		return nil, err
	}
	return parse(output)
}

// parse reads YAML documents.
func parse(content []byte) ([]object, error) {
	var all []object
	for document := range strings.SplitSeq("\n"+string(content), "\n---\n") {
		var one object
		if err := yaml.Unmarshal([]byte(document), &one); err != nil {
			return nil, err
		}
		if len(one) > 0 {
			all = append(all, one)
		}
	}
	return all, nil
}

// encode writes YAML documents.
func encode(all []object) ([]byte, error) {
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

// replaceImage sets every image with that name, whatever its tag, below any object.
func replaceImage(node any, name, by string) {
	switch n := node.(type) {
	case object:
		replaceImage(map[string]any(n), name, by)
	case map[string]any:
		if image, ok := n["image"].(string); ok && (image == name || strings.HasPrefix(image, name+":")) {
			n["image"] = by
		}
		for _, child := range n {
			replaceImage(child, name, by)
		}
	case []any:
		for _, child := range n {
			replaceImage(child, name, by)
		}
	}
}

// diff shows what applying objects would change. It reports whether there are changes.
func (c Cluster) diff(ctx context.Context, objects []byte, out io.Writer) (bool, error) {
	command := exec.CommandContext(ctx, "kubectl", "diff", "--server-side", "--force-conflicts", "--field-manager=taskwire", "-f", "-")
	command.Env = c.environment()
	command.Stdin = bytes.NewReader(objects)
	var stderr bytes.Buffer
	command.Stdout, command.Stderr = out, &stderr
	err := command.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return false, nil
	case errors.As(err, &exit) && exit.ExitCode() == 1:
		return true, nil
	default:
		return false, fmt.Errorf("kubectl diff: %w: %s", err, strings.TrimSpace(stderr.String()))
	}
}

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
	"slices"
	"strings"

	"taskwire.dev/tools/manifest"
)

// render builds the overlay of a folder.
func render(o Options, folder string) ([]manifest.Object, error) {
	dir := filepath.Join(o.Root, folder, "overlays", o.Environment)
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("there is no overlay %s/overlays/%s", folder, o.Environment)
	}
	output, err := manifest.Render(dir)
	if err != nil {
		return nil, err
	}
	return manifest.Parse(output)
}

// applyInOrder applies objects. A pod is rejected while its service account is missing, and some controllers take a while
// to retry, so what pods need comes first.
func (c Cluster) applyInOrder(ctx context.Context, objects []manifest.Object) error {
	first := []string{"Namespace", "ServiceAccount", "ConfigMap", "LimitRange"}
	early := slices.DeleteFunc(slices.Clone(objects), func(one manifest.Object) bool { return !slices.Contains(first, one.Kind()) })
	for _, group := range [][]manifest.Object{early, objects} {
		content, err := manifest.Encode(group)
		if err != nil {
			return err
		}
		if err := c.apply(ctx, content); err != nil {
			return err
		}
	}
	return nil
}

// rolledOut waits for a Deployment or a StatefulSet.
func (c Cluster) rolledOut(ctx context.Context, one manifest.Object) error {
	_, err := c.kubectl(ctx, nil, "-n", Namespace, "rollout", "status", strings.ToLower(one.Kind())+"/"+one.Name(), "--timeout=300s")
	return err
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

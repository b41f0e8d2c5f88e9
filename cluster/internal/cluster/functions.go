package cluster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
	"sigs.k8s.io/yaml"

	"taskwire.dev/cluster/internal/commit"
	"taskwire.dev/tools/bundle"
	"taskwire.dev/tools/function"
)

// shared are the modules that functions replace by a folder of the repository.
var shared = []string{"shared", "migrations"}

// deployment is a function that is being deployed.
type deployment struct {
	function.Function
	source string // what it is built from and configured with
	dir    string // the copy that func works in
}

// plan finds the functions that differ from the cluster's.
func (c Cluster) plan(ctx context.Context, o Options, functions []function.Function, configured string) ([]deployment, error) {
	common, err := hashTree(filepath.Join(o.Root, "shared"))
	if err != nil {
		return nil, err
	}
	var changed []deployment
	for _, f := range functions {
		own, err := hashTree(f.Dir)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256([]byte(strings.Join([]string{common, own, configured, o.Registry}, "\n")))
		d := deployment{Function: f, source: hex.EncodeToString(sum[:])[:16], dir: filepath.Join(state(o.Root), "functions", f.Name)}
		deployed, err := c.deployedSource(ctx, f)
		if err != nil {
			return nil, err
		}
		if deployed != d.source {
			changed = append(changed, d)
		}
	}
	return changed, nil
}

// deployFunctions builds and deploys what has changed, two at a time, for the architectures of the nodes.
func (c Cluster) deployFunctions(ctx context.Context, o Options, changed []deployment) error {
	if err := linkShared(o.Root); err != nil {
		return err
	}
	compiler, err := linkGo(o.Root)
	if err != nil {
		return err
	}
	archs, err := c.nodeArchitectures(ctx)
	if err != nil {
		return err
	}
	env := funcEnvironment(c.environment(), o.Commit, compiler, archs)
	// Others become ready only when auth has given them its keys, and func waits until they are.
	first, rest := changed[:0:0], changed[:0:0]
	for _, d := range changed {
		if d.Name == "auth" {
			first = append(first, d)
		} else {
			rest = append(rest, d)
		}
	}
	for _, some := range [][]deployment{first, rest} {
		group, all := errgroup.WithContext(ctx)
		group.SetLimit(2)
		for _, d := range some {
			group.Go(func() error {
				if all.Err() != nil {
					return all.Err() // another has failed: show that one
				}
				// Not with the context of all: a deployment in progress is finished when another fails.
				return c.Report.Do("Build and deploy "+d.Name, func() error { return c.deploy(ctx, d, o, env) })
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// deploy works in a copy, since func writes into func.yaml what it has deployed.
func (c Cluster) deploy(ctx context.Context, d deployment, o Options, env []string) error {
	replicas := int64(0)
	if d.Raw {
		var err error
		if replicas, err = c.replicas(ctx, d.Name); err != nil {
			return err
		}
	}
	if err := d.copy(o.Commit, replicas); err != nil {
		return err
	}
	command := exec.CommandContext(ctx, funcTool.binary(), "deploy", "--builder=host", "--build=true",
		"--image", imageName(o.Registry, d.Name, o.Commit), "--namespace", Namespace)
	command.Dir, command.Env = d.dir, env
	if output, err := command.CombinedOutput(); err != nil && !c.becomesReady(ctx, d) {
		return fmt.Errorf("func deploy: %w\n%s", err, tail(output))
	}
	return nil
}

// imageName is the name of a function's image, tagged with the commit.
func imageName(registry, function string, c commit.Commit) string {
	return registry + "/" + function + ":" + c.Tag()
}

// funcEnvironment is the environment in which func builds: with compiler as its go tool, for the architectures. It keeps the
// caller's module flags.
func funcEnvironment(env []string, c commit.Commit, compiler string, archs []string) []string {
	flags := strings.TrimSpace(os.Getenv("GOFLAGS") + " '-ldflags=" + c.LinkerFlags() + "'")
	env = slices.DeleteFunc(env, func(v string) bool {
		return strings.HasPrefix(v, "GOWORK=") || strings.HasPrefix(v, "GOFLAGS=")
	})
	return append(env, "GOFLAGS="+flags, "FUNC_ENABLE_HOST_BUILDER=true", "FUNC_GO="+compiler, architectures+"="+strings.Join(archs, ","))
}

// linkShared links the modules that functions replace where a copy of a function expects them.
func linkShared(root string) error {
	if err := os.MkdirAll(filepath.Join(state(root), "functions"), 0o755); err != nil {
		return err
	}
	for _, module := range shared {
		link := filepath.Join(state(root), module)
		if target, err := os.Readlink(link); err == nil && target == filepath.Join(root, module) {
			continue
		}
		_ = os.Remove(link)
		if err := os.Symlink(filepath.Join(root, module), link); err != nil {
			return err
		}
	}
	return nil
}

// copy creates the copy anew, with the annotations that record its sources and the commit, and at least that many replicas.
func (d deployment) copy(c commit.Commit, replicas int64) error {
	if err := os.RemoveAll(d.dir); err != nil {
		return err
	}
	paths, err := list(d.Dir)
	if err != nil {
		return err
	}
	for _, path := range paths {
		target := filepath.Join(d.dir, path)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		content, err := os.ReadFile(filepath.Join(d.Dir, path))
		if err != nil {
			return err
		}
		if path == "func.yaml" {
			more := map[string]string{bundle.SourceAnnotation: d.source, bundle.CommitAnnotation: c.String()}
			if content, err = annotate(content, more, replicas); err != nil {
				return err
			}
		}
		if err := os.WriteFile(target, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// annotate adds annotations to those of a func.yaml. func's raw deployer writes scale.min as the number of replicas and knows no
// autoscaler, so scale.min becomes the number that is running: otherwise each deployment would stop all replicas but one,
// in the middle of an update, and with them their streams.
func annotate(funcYAML []byte, more map[string]string, replicas int64) ([]byte, error) {
	var document map[string]any
	if err := yaml.Unmarshal(funcYAML, &document); err != nil {
		return nil, err
	}
	deploy, _ := document["deploy"].(map[string]any)
	if deploy == nil {
		deploy = map[string]any{}
		document["deploy"] = deploy
	}
	annotations, _ := deploy["annotations"].(map[string]any)
	if annotations == nil {
		annotations = map[string]any{}
		deploy["annotations"] = annotations
	}
	for key, value := range more {
		annotations[key] = value
	}
	if replicas > 0 {
		options, _ := deploy["options"].(map[string]any)
		scale, _ := options["scale"].(map[string]any)
		if scale == nil {
			return nil, errors.New("func.yaml: has no deploy.options.scale")
		}
		smallest, _ := scale["min"].(float64)
		largest, _ := scale["max"].(float64)
		scale["min"] = min(max(replicas, int64(smallest)), max(int64(largest), 1))
	}
	return yaml.Marshal(document)
}

// replicas is how many replicas a raw function should keep: those that its Deployment has now, or before the first
// deployment those that its autoscaler starts with. Zero means that neither is there.
func (c Cluster) replicas(ctx context.Context, name string) (int64, error) {
	var running, autoscaler struct {
		Spec struct {
			Replicas    int64 `json:"replicas"`
			MinReplicas int64 `json:"minReplicas"`
		} `json:"spec"`
	}
	if _, err := c.get(ctx, &running, "deployment", name); err != nil {
		return 0, err
	}
	if _, err := c.get(ctx, &autoscaler, "horizontalpodautoscaler", name); err != nil {
		return 0, err
	}
	return max(running.Spec.Replicas, autoscaler.Spec.MinReplicas), nil
}

// list returns the files of a folder that matter to a build: no tests, and of .func only the committed workspace.
func list(dir string) ([]string, error) {
	var paths []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		switch {
		case entry.IsDir() && relative == filepath.Join(".func", "build"):
			return filepath.SkipDir
		case entry.IsDir(), strings.HasSuffix(relative, "_test.go"):
		case strings.HasPrefix(relative, ".func"+string(filepath.Separator)) && entry.Name() != "go.work":
		default:
			paths = append(paths, relative)
		}
		return nil
	})
	return paths, err
}

// hashTree hashes the files of a folder and their names.
func hashTree(dir string) (string, error) {
	paths, err := list(dir)
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	for _, path := range paths {
		file, err := os.Open(filepath.Join(dir, path))
		if err != nil {
			return "", err
		}
		fmt.Fprintln(hash, path)
		_, err = io.Copy(hash, file)
		_ = file.Close()
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// tail is the end of a tool's output, which has the error.
func tail(output []byte) string {
	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	return strings.Join(lines[max(0, len(lines)-25):], "\n")
}

// Package build builds the binaries of a stack: the sidecar, the broker, the migrations, and every function through
// func's scaffolding.
package build

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"taskwire.dev/tools/cache"
	"taskwire.dev/tools/frontend"
	"taskwire.dev/tools/progress"
)

// DaprVersion is the version that the built daprd reports; it follows local/daprd/go.mod.
const DaprVersion = "1.18.3"

// Builder builds into one profile's folder.
type Builder struct {
	Root string
	Bin  string
	// Tags are extra build tags for the functions.
	Tags []string
	// Built uses what an earlier run has built, whatever the sources are now.
	Built  bool
	Report *progress.Reporter

	slots chan struct{}
}

// New returns a builder that runs two compilers at a time: each is parallel, and a laptop should stay usable.
func New(root, bin string, tags []string, report *progress.Reporter) *Builder {
	return &Builder{Root: root, Bin: bin, Tags: tags, Report: report, slots: make(chan struct{}, 2)}
}

// Daprd returns the path of the sidecar's binary: an installed one, or one built from local/daprd.
func (b *Builder) Daprd(ctx context.Context) (string, error) {
	if path, err := exec.LookPath("daprd"); err == nil {
		return path, nil
	}
	return b.cached(ctx, program{
		module: "daprd", name: "daprd", target: ".", title: "Build the Dapr sidecar (minutes the first time)",
		linker: " -X github.com/dapr/dapr/pkg/buildinfo.version=" + DaprVersion,
	})
}

// Command builds the main package of a module of the repository.
func (b *Builder) Command(ctx context.Context, name, module, target string) (string, error) {
	out := filepath.Join(b.Bin, name)
	return out, b.step(ctx, "Build "+name, func() error {
		return b.compile(ctx, filepath.Join(b.Root, module), out, []string{"GOWORK=off"}, "-trimpath", "-ldflags", "-s -w", target)
	})
}

// program is an executable of a module in local/ that changes rarely and is slow to build.
type program struct {
	module string // folder in local/
	name   string
	target string // main package, of the module or one that it requires
	title  string
	linker string // further flags of the linker
}

// cached builds a program once for each state of its module's sources, into the user's cache: a fresh clone with the
// same sources builds nothing.
func (b *Builder) cached(ctx context.Context, p program) (string, error) {
	source := filepath.Join(b.Root, "local", p.module)
	flags := []string{"-trimpath", "-ldflags", "-s -w" + p.linker}
	key, err := contentKey(source, flags)
	if err != nil {
		return "", err
	}
	out := filepath.Join(cache.Dir(b.Root), p.name+"-"+key, p.name)
	if _, err := os.Stat(out); err == nil {
		return out, nil
	}
	return out, b.step(ctx, p.title, func() error {
		if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
			return err
		}
		fresh := fmt.Sprintf("%s.%d", out, os.Getpid())
		defer func() { _ = os.Remove(fresh) }()
		if err := b.compile(ctx, source, fresh, []string{"GOWORK=off"}, append(flags, p.target)...); err != nil {
			return err
		}
		return os.Rename(fresh, out)
	})
}

// Frontend builds the dashboard's pages alongside the other builds.
func (b *Builder) Frontend() frontend.Builder { return frontend.Builder{Root: b.Root, Step: b.step} }

// step shows the work once it has one of the slots.
func (b *Builder) step(ctx context.Context, title string, work func() error) error {
	if b.Built {
		return nil
	}
	select {
	case b.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-b.slots }()
	if ctx.Err() != nil {
		return ctx.Err() // another build has failed: show that one
	}
	return b.Report.Do(title, work)
}

// compile runs `go build` in dir. CGO is off, as func builds.
func (b *Builder) compile(ctx context.Context, dir, out string, env []string, args ...string) error {
	// No version control stamp: it would change the binary, and restart the process, with every commit.
	flags := append([]string{"build", "-buildvcs=false", "-o", out}, args...)
	command := exec.CommandContext(ctx, "go", flags...)
	command.Dir = dir
	command.Env = append(goEnvironment(), env...)
	output, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("go %s\nin %s: %w\n%s", strings.Join(flags, " "), dir, err, withoutDownloads(output))
	}
	return nil
}

// goEnvironment is the caller's, without variables that would change the result.
func goEnvironment() []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "GOWORK=") || strings.HasPrefix(v, "GOFLAGS=") || strings.HasPrefix(v, "PWD=")
	})
	return append(env, "CGO_ENABLED=0", "GOFLAGS=")
}

func withoutDownloads(output []byte) string {
	var kept []string
	for line := range strings.Lines(string(output)) {
		if !strings.HasPrefix(line, "go: downloading ") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

// contentKey hashes a module's files and the build options.
func contentKey(dir string, flags []string) (string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return "", err
	}
	files = append(files, filepath.Join(dir, "go.mod"), filepath.Join(dir, "go.sum"))
	return cache.Key(files, runtime.GOOS, runtime.GOARCH, runtime.Version(), flags)
}

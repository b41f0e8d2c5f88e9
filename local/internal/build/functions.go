package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"

	"taskwire.dev/tools/function"
)

// Functions builds every function; the binaries are named after the functions.
func (b *Builder) Functions(ctx context.Context, functions []function.Function) error {
	if len(functions) == 0 {
		return nil
	}
	scaffold, err := b.cached(ctx, program{module: "scaffold", name: "scaffold", target: ".", title: "Build func's scaffolding"})
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, f := range functions {
		group.Go(func() error {
			return b.step(ctx, "Build "+f.Name, func() error { return b.function(ctx, scaffold, f) })
		})
	}
	return group.Wait()
}

// function writes the main program that `func build` writes and compiles it in the function's own workspace,
// the committed .func/go.work, as `func build` does.
func (b *Builder) function(ctx context.Context, scaffold string, f function.Function) error {
	workspace := filepath.Join(f.Dir, ".func", "go.work")
	if _, err := os.Stat(workspace); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s is missing: copy it from another function", workspace)
	}
	if output, err := exec.CommandContext(ctx, scaffold, f.Dir).CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, output)
	}
	args := []string{"-trimpath", "-ldflags", "-s -w"}
	if len(b.Tags) > 0 {
		args = append(args, "-tags", strings.Join(b.Tags, ","))
	}
	return b.compile(ctx, filepath.Join(f.Dir, ".func", "build"), filepath.Join(b.Bin, f.Name), nil, append(args, ".")...)
}

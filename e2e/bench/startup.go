package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"taskwire.dev/e2e/stack"
)

// startUp is how long `make up` takes.
type startUp struct {
	Warm time.Duration // everything was built, the system is down
	Cold time.Duration // a fresh clone without any cache; 0 if it was not measured
}

// startUp stops the system and starts it again, with its data.
func (b *bench) startUp(ctx context.Context, o options) (out startUp, err error) {
	if !o.up {
		return out, fmt.Errorf("the stack must be started here: without -up=false")
	}
	if err := b.stack.Down(ctx); err != nil {
		return out, err
	}
	begun := time.Now()
	if err := b.stack.Up(ctx, upArgs(o)...); err != nil {
		return out, err
	}
	out.Warm = time.Since(begun)
	if o.cold {
		out.Cold, err = b.coldStart(ctx, o)
	}
	return out, err
}

// coldStart clones the commit and starts it with empty caches of Go's builds, npm and Taskwire. Go's modules are downloaded before, since
// how long that takes is the network's matter.
func (b *bench) coldStart(ctx context.Context, o options) (took time.Duration, err error) {
	dir, err := os.MkdirTemp("", "taskwire-cold")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	clone := filepath.Join(dir, "clone")
	if output, err := exec.CommandContext(ctx, "git", "clone", "--quiet", b.stack.Root(), clone).CombinedOutput(); err != nil {
		return 0, fmt.Errorf("git clone: %w: %s", err, output)
	}
	for name, folder := range map[string]string{"GOCACHE": "go", "XDG_CACHE_HOME": "cache", "npm_config_cache": "npm"} {
		restore, err := setenv(name, filepath.Join(dir, folder))
		if err != nil {
			return 0, err
		}
		defer restore()
	}
	begun := time.Now()
	build := exec.CommandContext(ctx, "make", "-C", clone, ".local/bin/taskwire-local")
	if output, err := build.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("build the runner: %w: %s", err, output)
	}
	cold, err := stack.In(clone, "bench-cold")
	if err != nil {
		return 0, err
	}
	defer func() { _ = cold.Reset(context.WithoutCancel(ctx)) }()
	err = cold.Up(ctx, "--base", fmt.Sprint(o.spareBase()))
	return time.Since(begun), err
}

// setenv sets a variable, for the programs that are started from here, until it is restored.
func setenv(name, value string) (restore func(), err error) {
	old, had := os.LookupEnv(name)
	return func() {
		if had {
			_ = os.Setenv(name, old)
		} else {
			_ = os.Unsetenv(name)
		}
	}, os.Setenv(name, value)
}

func (s *startUp) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n### Starting\n\n`make up` of what was built before, with the data of this run: **%.1f s**.", s.Warm.Seconds())
	if s.Cold > 0 {
		fmt.Fprintf(b, " In a fresh clone, with empty caches except Go's modules: **%.0f s**.", s.Cold.Seconds())
	}
	b.WriteString("\n")
}

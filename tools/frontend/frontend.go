// Package frontend builds the dashboard's pages.
package frontend

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"taskwire.dev/tools/cache"
)

const (
	// keyFile, in functions/dashboard/dist, records which sources it was built from.
	keyFile = ".key"
	// lockFile pins every package of the frontend.
	lockFile = "package-lock.json"
)

// ErrNoNode is the error when the dashboard must be built and Node.js is missing.
var ErrNoNode = errors.New("there is no Node.js, which builds the dashboard (https://nodejs.org)")

// Builder builds the pages of one repository.
type Builder struct {
	Root string
	// Step does work under a name, as progress.Reporter does.
	Step func(ctx context.Context, name string, work func() error) error
}

// Build puts the built dashboard where functions/dashboard embeds it. Each state of the sources is built once, into the
// user's cache.
func (b Builder) Build(ctx context.Context) error {
	source := filepath.Join(b.Root, "frontend")
	target := filepath.Join(b.Root, "functions", "dashboard", "dist")
	if _, err := os.Stat(filepath.Join(source, lockFile)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	key, err := sourceKey(source)
	if err != nil {
		return err
	}
	if have, err := os.ReadFile(filepath.Join(target, keyFile)); err == nil && string(have) == key {
		return nil
	}
	cached := filepath.Join(cache.Dir(b.Root), "frontend-"+key)
	if _, err := os.Stat(cached); errors.Is(err, fs.ErrNotExist) {
		if _, err := exec.LookPath("npm"); err != nil {
			return ErrNoNode
		}
		if err := b.packages(ctx, source); err != nil {
			return err
		}
		err = b.Step(ctx, "Build the dashboard", func() error { return b.export(ctx, source, cached, key) })
		if err != nil {
			return err
		}
	}
	if err := replaceFiles(target, cached, key); err != nil {
		return err
	}
	_ = cache.Keep(cached, kept) // what it cannot remove only takes space
	return nil
}

// kept is how many builds stay in the cache, of some 8 MB each: enough to change between branches.
const kept = 10

// Packages installs what the frontend's tests need, and returns the folder to run them in.
func (b Builder) Packages(ctx context.Context) (string, error) {
	source := filepath.Join(b.Root, "frontend")
	return source, b.packages(ctx, source)
}

// packages installs the packages of the lock file, unless they are there.
func (b Builder) packages(ctx context.Context, source string) error {
	stamp := filepath.Join(source, "node_modules", ".taskwire-lock")
	want, err := cache.Key([]string{filepath.Join(source, lockFile)})
	if err != nil {
		return err
	}
	if have, err := os.ReadFile(stamp); err == nil && string(have) == want {
		return nil
	}
	return b.Step(ctx, "Get the dashboard's packages", func() error {
		if err := npm(ctx, source, nil, "ci", "--no-progress"); err != nil {
			return err
		}
		return os.WriteFile(stamp, []byte(want), 0o644)
	})
}

// export builds into a temporary folder that is renamed when it is complete.
func (b Builder) export(ctx context.Context, source, cached, key string) error {
	fresh := fmt.Sprintf("%s.%d", cached, os.Getpid())
	defer func() { _ = os.RemoveAll(fresh) }()
	if err := npm(ctx, source, []string{"TASKWIRE_BUILD_ID=" + key}, "run", "build", "--", fresh); err != nil {
		return err
	}
	err := os.Rename(fresh, cached)
	if _, found := os.Stat(cached); found == nil {
		return nil // another checkout of the same sources was faster
	}
	return err
}

func npm(ctx context.Context, dir string, env []string, args ...string) error {
	command := exec.CommandContext(ctx, "npm", args...)
	command.Dir = dir
	command.Env = append(append(os.Environ(), "NEXT_TELEMETRY_DISABLED=1", "CI=1"), env...)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("npm %s: %w\n%s", strings.Join(args, " "), err, output)
	}
	return nil
}

// replaceFiles makes target contain the files of source, and nothing else but its .gitignore. The key is written last.
func replaceFiles(target, source, key string) error {
	entries, err := os.ReadDir(target)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Name() == ".gitignore" {
			continue
		}
		if err := os.RemoveAll(filepath.Join(target, entry.Name())); err != nil {
			return err
		}
	}
	if err := os.CopyFS(target, os.DirFS(source)); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(target, keyFile), []byte(key), 0o644)
}

// sourceKey hashes everything that the frontend is built from, without its tests and the output of its tools.
func sourceKey(source string) (string, error) {
	hash := sha256.New()
	err := filepath.WalkDir(source, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(source, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			switch name {
			case "node_modules", ".next", "out", "e2e", "test-results", filepath.Join("src", "messages"):
				return fs.SkipDir
			}
			return nil
		}
		if strings.Contains(entry.Name(), ".test.") || entry.Name() == "next-env.d.ts" {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fmt.Fprintf(hash, "%s %d\n", filepath.ToSlash(name), len(content))
		hash.Write(content)
		return nil
	})
	return hex.EncodeToString(hash.Sum(nil))[:16], err
}

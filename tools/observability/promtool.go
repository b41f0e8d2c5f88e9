package observability

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"taskwire.dev/tools/cache"
)

// TestRules runs promtool's checks of the rules, and their tests.
func TestRules(ctx context.Context, root string) error {
	promtool, err := findPromtool(ctx, root)
	if err != nil {
		return err
	}
	rules, err := ruleFiles(root)
	if err != nil {
		return err
	}
	tests, err := testFiles(root)
	if err != nil {
		return err
	}
	for _, args := range [][]string{append([]string{"check", "rules"}, rules...), append([]string{"test", "rules"}, tests...)} {
		if err := run(ctx, root, promtool, args...); err != nil {
			return err
		}
	}
	return nil
}

// findPromtool finds promtool, or unpacks it from Debian's package into the user's cache. Installed, the package would also start a
// Prometheus server.
func findPromtool(ctx context.Context, root string) (string, error) {
	if path, err := exec.LookPath("promtool"); err == nil {
		return path, nil
	}
	path := filepath.Join(cache.Dir(root), "promtool")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return "", errors.New("missing: promtool. Install Prometheus with this system's package manager")
	}
	dir, err := os.MkdirTemp("", "promtool")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	// As root apt would drop its rights for the download, and could then not write here.
	if err := run(ctx, dir, "apt-get", "-o", "APT::Sandbox::User=root", "download", "prometheus"); err != nil {
		return "", fmt.Errorf("%w\nIf the package is not found, run apt-get update", err)
	}
	packages, _ := filepath.Glob(filepath.Join(dir, "*.deb"))
	if len(packages) != 1 {
		return "", fmt.Errorf("apt-get download prometheus left the packages %q", packages)
	}
	if err := run(ctx, dir, "dpkg-deb", "--extract", packages[0], "unpacked"); err != nil {
		return "", err
	}
	program, err := os.ReadFile(filepath.Join(dir, "unpacked", "usr", "bin", "promtool"))
	if err != nil {
		return "", err
	}
	// Renamed when it is whole: another run never sees a part.
	fresh := fmt.Sprintf("%s.%d", path, os.Getpid())
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	if err := os.WriteFile(fresh, program, 0o755); err != nil {
		return "", err
	}
	return path, os.Rename(fresh, path)
}

func run(ctx context.Context, dir, program string, args ...string) error {
	command := exec.CommandContext(ctx, program, args...)
	command.Dir = dir
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", filepath.Base(program), args[0], err, output)
	}
	return nil
}

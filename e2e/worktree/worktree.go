// Package worktree has working trees of other commits of the repository, whose stacks run beside that of this one.
package worktree

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// CheckOut makes a working tree of a commit, or takes the one that an earlier call has made, and builds its runner. The tree is left,
// so that the next run builds less; `git worktree remove` deletes it.
func CheckOut(ctx context.Context, root, revision string) (string, error) {
	commit, err := exec.CommandContext(ctx, "git", "-C", root, "rev-parse", "--short=12", revision+"^{commit}").Output()
	if err != nil {
		return "", fmt.Errorf("%s is no commit of this repository: %w", revision, err)
	}
	tree := filepath.Join(root, ".local", "worktrees", string(commit[:len(commit)-1]))
	if _, err := os.Stat(tree); err != nil {
		if output, err := exec.CommandContext(ctx, "git", "-C", root, "worktree", "add", "--detach", tree, revision).CombinedOutput(); err != nil {
			return "", fmt.Errorf("check out %s: %w\n%s", revision, err, output)
		}
	}
	if output, err := exec.CommandContext(ctx, "make", "-C", tree, ".local/bin/taskwire-local").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the runner of %s: %w\n%s", revision, err, output)
	}
	return tree, nil
}

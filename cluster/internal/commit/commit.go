// Package commit names what is built: the commit of the working tree, and whether files differ from it.
package commit

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// Commit is the commit that a working tree is at.
type Commit struct {
	// Hash is the full one.
	Hash string
	Time time.Time
	// Changed are the files that differ from the commit or are not in it; ignored files do not count.
	Changed []string
}

// ErrNone is the error outside a git repository, as in an unpacked archive.
var ErrNone = errors.New("not in a git repository with a commit")

// Read asks git.
func Read(ctx context.Context, root string) (Commit, error) {
	head, err := git(ctx, root, "log", "-1", "--format=%H %cI")
	if err != nil {
		return Commit{}, fmt.Errorf("%w: %w", ErrNone, err)
	}
	hash, at, _ := strings.Cut(strings.TrimSpace(head), " ")
	c := Commit{Hash: hash}
	if c.Time, err = time.Parse(time.RFC3339, at); err != nil {
		return Commit{}, err
	}
	c.Time = c.Time.UTC()
	status, err := git(ctx, root, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all")
	if err != nil {
		return Commit{}, err
	}
	for line := range strings.SplitSeq(status, "\x00") {
		if len(line) > 3 { // two letters of state, and a space
			c.Changed = append(c.Changed, line[3:])
		}
	}
	return c, nil
}

func git(ctx context.Context, root string, args ...string) (string, error) {
	output, err := exec.CommandContext(ctx, "git", append([]string{"-C", root}, args...)...).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return "", fmt.Errorf("git %s: %s", args[0], strings.TrimSpace(string(exit.Stderr)))
	}
	return string(output), err
}

const dirty = "-dirty"

// String is the full hash, with "-dirty" if files have changed; empty outside of a repository.
func (c Commit) String() string {
	if len(c.Changed) > 0 {
		return c.Hash + dirty
	}
	return c.Hash
}

// Tag is the tag of images: twelve characters of the hash, with "-dirty" if files have changed; "latest" outside of a
// repository.
func (c Commit) Tag() string {
	if c.Hash == "" {
		return "latest"
	}
	tag := c.Hash[:min(12, len(c.Hash))]
	if len(c.Changed) > 0 {
		return tag + dirty
	}
	return tag
}

// Clean is an error if files have changed; it names some of them. What is said to be built from the commit: "a production
// deployment".
func (c Commit) Clean(what string) error {
	if len(c.Changed) == 0 {
		return nil
	}
	const few = 5
	shown := c.Changed[:min(few, len(c.Changed))]
	more := ""
	if len(c.Changed) > few {
		more = fmt.Sprintf("\n  and %d more", len(c.Changed)-few)
	}
	return fmt.Errorf("%s is built from a commit, and these files differ from %.12s: commit or stash them\n  %s%s",
		what, c.Hash, strings.Join(shown, "\n  "), more)
}

// LinkerFlags are the flags of `go build -ldflags` that strip symbols and write the commit into a program.
func (c Commit) LinkerFlags() string {
	if c.Hash == "" {
		return "-s -w"
	}
	return "-s -w -X taskwire.dev/shared/version.linked=" + c.String()
}

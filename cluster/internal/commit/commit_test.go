package commit_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"taskwire.dev/cluster/internal/commit"
)

func TestRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := commit.Read(t.Context(), dir); !errors.Is(err, commit.ErrNone) {
		t.Errorf("outside a repository: %v", err)
	}
	git(t, dir, "init", "--quiet")
	write(t, dir, ".gitignore", "/dist/\n")
	write(t, dir, "a file", "1")
	git(t, dir, "add", ".")
	git(t, dir, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "one")
	write(t, dir, "dist/ignored", "1")
	c, err := commit.Read(t.Context(), dir)
	if err != nil || len(c.Hash) != 40 || c.Time.IsZero() || c.Clean("x") != nil || c.String() != c.Hash || c.Tag() != c.Hash[:12] {
		t.Fatalf("%+v, %v", c, err)
	}
	write(t, dir, "a file", "2")
	write(t, dir, "folder/new", "1")
	c, err = commit.Read(t.Context(), dir)
	if err != nil || !slices.Equal(c.Changed, []string{"a file", "folder/new"}) {
		t.Fatalf("%+v, %v", c, err)
	}
	err = c.Clean("a release")
	if err == nil || !strings.Contains(err.Error(), "a release is built from a commit") || !strings.Contains(err.Error(), "folder/new") {
		t.Errorf("%v", err)
	}
	if c.Tag() != c.Hash[:12]+"-dirty" || c.String() != c.Hash+"-dirty" {
		t.Errorf("%s, %s", c, c.Tag())
	}
}

func TestClean_NamesOnlySome(t *testing.T) {
	t.Parallel()
	err := commit.Commit{Hash: strings.Repeat("a", 40), Changed: strings.Fields("a b c d e f g")}.Clean("a release")
	if err == nil || !strings.HasSuffix(err.Error(), "e\n  and 2 more") {
		t.Errorf("%v", err)
	}
}

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	if output, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir}, args...)...).CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, output)
	}
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

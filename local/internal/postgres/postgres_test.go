package postgres

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"taskwire.dev/shared/eventually"
)

func TestDropStaleLock_KeepsOnlyThatOfTheServerOnThisData(t *testing.T) {
	t.Parallel()
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Fatal(err)
	}
	named := filepath.Join(t.TempDir(), "postgres")
	if err := os.Symlink(sleep, named); err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	for _, test := range []struct {
		name, folder string
		kept         bool
	}{
		{"ours", data, true},
		{"another server's", t.TempDir(), false},
	} {
		command := exec.CommandContext(t.Context(), named)
		command.Args = []string{"sleep", "600"}
		command.Dir = test.folder
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
		eventually.True(t, "the process works in its folder", func() bool { return worksIn(command.Process.Pid, test.folder) })
		lock := filepath.Join(data, "postmaster.pid")
		if err := os.WriteFile(lock, fmt.Appendf(nil, "%d\n%s\n", command.Process.Pid, data), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := dropStaleLock(data, "postmaster.pid"); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(lock); (err == nil) != test.kept {
			t.Errorf("%s: %v; want it kept: %t", test.name, err, test.kept)
		}
	}
}

// The repository was moved after its first start, so that the link's target has the name of another path.
func TestRemove_FollowsTheLinkAndLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	wanted, target := filepath.Join(dir, "pg"), filepath.Join(dir, "elsewhere", "of-the-former-path")
	for _, folder := range []string{target, target + ".new", wanted + ".new"} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{target + ".new.password", wanted + ".new.password"} {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(target, wanted); err != nil {
		t.Fatal(err)
	}
	if err := Remove(wanted); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{wanted, wanted + ".new", wanted + ".new.password", target, target + ".new", target + ".new.password"} {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is left: %v", path, err)
		}
	}
}

package build_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"taskwire.dev/tools/function"
)

// TestFuncBuildsEveryFunction proves that what runs here is what `func` ships, from nothing but what is
// committed.
func TestFuncBuildsEveryFunction(t *testing.T) {
	if _, err := exec.LookPath("func"); err != nil {
		t.Skip("func is not on the PATH")
	}
	clone := filepath.Join(t.TempDir(), "clone")
	run(t, ".", "git", "clone", "--quiet", "../../..", clone)
	functions, err := function.Discover(clone)
	if err != nil {
		t.Fatal(err)
	}
	if len(functions) == 0 {
		t.Fatal("no functions")
	}
	for _, f := range functions {
		t.Run(f.Name, func(t *testing.T) {
			run(t, f.Dir, "func", "build", "--builder=host", "--registry", "localhost:5001/taskwire")
		})
	}
}

func run(t *testing.T, dir string, command ...string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), command[0], command[1:]...)
	c.Dir, c.Env = dir, append(os.Environ(), "GOWORK=", "GOFLAGS=")
	if output, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", command, err, output)
	}
}

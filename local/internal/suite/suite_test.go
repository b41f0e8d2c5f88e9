package suite

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"taskwire.dev/local/internal/profile"
)

func TestWorkspace_InAFolderWithASpace(t *testing.T) {
	t.Setenv("GOWORK", "") // the folder's
	root := filepath.Join(t.TempDir(), "my clone")
	var want []string
	for _, module := range []string{"one", "two"} {
		dir := filepath.Join(root, module)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module "+module+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		want = append(want, dir)
	}
	if err := os.WriteFile(filepath.Join(root, "go.work"), []byte("go 1.26\n\nuse (\n\t./one\n\t./two\n)\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := &suite{profile: profile.Profile{Root: root}}
	if got, err := s.workspace(t.Context()); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
}

// Every package runs once: in turn, beside the tutorial, on the second stack, or as a check beside others.
func TestInOrder(t *testing.T) {
	t.Parallel()
	all := []string{
		"x/e2e", "x/e2e/bench", "x/e2e/chaos", "x/e2e/chaos/verdict", "x/e2e/lostbroker", "x/e2e/memory", "x/e2e/observe", "x/e2e/reminders",
		"x/e2e/security", "x/e2e/tutorial",
	}
	want := order{
		first:          []string{"x/e2e"},
		rest:           []string{"x/e2e/lostbroker", "x/e2e/bench", "x/e2e/security"},
		besideTutorial: []string{"x/e2e/memory", "x/e2e/reminders"},
		chaos:          []string{"x/e2e/chaos", "x/e2e/chaos/verdict"},
	}
	if got := inOrder(all); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

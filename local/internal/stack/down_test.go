package stack

import (
	"os"
	"strings"
	"testing"

	"taskwire.dev/local/internal/profile"
	"taskwire.dev/tools/progress"
)

// While another command works, its data must not be deleted; and while a reset deletes, no other command may begin.
func TestReset_TakesTheLock(t *testing.T) {
	t.Parallel()
	p, err := profile.New(t.TempDir(), profile.Test, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Prepare(); err != nil {
		t.Fatal(err)
	}
	report := progress.New(os.Stderr)
	t.Cleanup(report.Close)
	unlock, err := p.Lock()
	if err != nil {
		t.Fatal(err)
	}
	err = Reset(t.Context(), p, report)
	if err == nil || !strings.Contains(err.Error(), "another command is working") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(p.Run()); err != nil {
		t.Errorf("it was deleted under the other command: %v", err)
	}
	// Deleted as in a reset, by the holder of the lock.
	if err := os.RemoveAll(p.Dir()); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Lock(); err == nil {
		t.Error("the lock was deleted with the profile")
	}
	unlock()
	if err := p.Prepare(); err != nil {
		t.Fatal(err)
	}
	if err := Reset(t.Context(), p, report); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(p.Dir()); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
}

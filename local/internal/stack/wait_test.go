package stack

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"taskwire.dev/local/internal/supervise"
)

func TestNotHealthy_ShowsTheEndOfTheLog(t *testing.T) {
	t.Parallel()
	log := filepath.Join(t.TempDir(), "tasks.log")
	if err := os.WriteFile(log, []byte(strings.Repeat("long ago\n", 1000)+"first\nsecond\nno such database\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := notHealthy([]supervise.Status{
		{Name: "tasks", Reason: "exit status 1", Log: log}, {Name: "auth", Reason: "starting", Log: log + ".none"},
	})
	const want = "not healthy:\n  tasks: exit status 1\n    first\n    second\n    no such database\n  auth: starting\nTheir logs: make logs F=NAME"
	if err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
}

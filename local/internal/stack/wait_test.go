package stack

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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

// A script that waits for a misspelled name would go on at once.
func TestWait_ForANameThatNoPartHas(t *testing.T) {
	t.Parallel()
	s := onFreePorts(t)
	client := serve(t, s)
	part := supervise.Part{
		Name: "gateway", Path: "/bin/sleep", Args: []string{"60"}, Dir: "/", Log: filepath.Join(s.profile.Logs(), "gateway.log"),
		Probe: "tcp://127.0.0.1:1", Grace: time.Second,
	}
	if err := client.Ensure(t.Context(), []supervise.Part{part}); err != nil {
		t.Fatal(err)
	}
	err := Wait(t.Context(), client, []string{"gatewya"}, time.Minute)
	if err == nil || !strings.Contains(err.Error(), `no part is named "gatewya"`) {
		t.Errorf("error %v", err)
	}
}

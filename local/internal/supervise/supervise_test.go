package supervise_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"taskwire.dev/local/internal/proc"
	"taskwire.dev/local/internal/supervise"
	"taskwire.dev/shared/eventually"
)

// TestMain lets the test binary act as the supervisor's process, so that it can be killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("SUPERVISE_DIR"); dir != "" {
		if err := supervise.Serve(context.Background(), dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// bench is a supervisor whose parts are shell scripts.
type bench struct {
	t   *testing.T
	dir string
	*supervise.Supervisor
}

func setup(t *testing.T) *bench {
	t.Helper()
	dir := t.TempDir()
	b := &bench{t: t, dir: dir, Supervisor: supervise.New(dir)}
	t.Cleanup(b.Close)
	return b
}

// part is a script that is healthy as soon as it listens nowhere: the probe is a file's port of its own.
func part(dir, name, script string, stage int) supervise.Part {
	return supervise.Part{
		Name: name, Stage: stage, Path: "/bin/sh", Args: []string{"-c", script}, Dir: dir,
		Env: []string{"PATH=/usr/bin:/bin"}, Log: filepath.Join(dir, name+".log"),
		Probe: "tcp://127.0.0.1:1", Grace: 2 * time.Second,
	}
}

const lives = `trap 'echo stopped $NAME >> order; exit 0' TERM; while :; do sleep 0.02; done`

func (b *bench) status(name string) supervise.Status {
	for _, s := range b.Status() {
		if s.Name == name {
			return s
		}
	}
	return supervise.Status{}
}

func (b *bench) ensure(parts ...supervise.Part) {
	b.t.Helper()
	if err := b.Ensure(parts); err != nil {
		b.t.Fatal(err)
	}
	for _, p := range parts {
		eventually.True(b.t, p.Name+" runs", func() bool { return b.status(p.Name).State == "running" })
	}
}

func TestKilledPart_IsStartedAgainAndCounted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.ensure(part(b.dir, "one", lives, 0))
	for round := 1; round <= 3; round++ {
		pid := b.status("one").PID
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		eventually.True(t, "another process runs", func() bool {
			s := b.status("one")
			return s.PID != 0 && s.PID != pid && s.Restarts == round
		})
	}
}

func TestPartThatCannotRun_IsTriedAgainWithTheReasonShown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if err := b.Ensure([]supervise.Part{part(b.dir, "broken", "exit 3", 0)}); err != nil {
		t.Fatal(err)
	}
	eventually.True(t, "it has died twice", func() bool {
		s := b.status("broken")
		return s.Restarts >= 2 && !s.Healthy && strings.Contains(s.Reason, "exit status 3")
	})
}

func TestClose_StopsTheLastStageFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var parts []supervise.Part
	for i, name := range []string{"database", "function", "sidecar"} {
		p := part(b.dir, name, lives, i)
		p.Env = append(p.Env, "NAME="+name)
		parts = append(parts, p)
	}
	b.ensure(parts...)
	b.ready("database", "function", "sidecar")
	b.Close()
	order, err := os.ReadFile(filepath.Join(b.dir, "order"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "stopped sidecar\nstopped function\nstopped database\n"; string(order) != want {
		t.Errorf("order:\n%swant:\n%s", order, want)
	}
}

// ready waits until each script is past its trap: the shell then has a child, its sleep.
func (b *bench) ready(names ...string) {
	b.t.Helper()
	for _, name := range names {
		eventually.True(b.t, name+" has set its trap", func() bool { return len(proc.Descendants(b.status(name).PID)) > 0 })
	}
}

func TestPartThatIgnoresSIGTERM_IsKilledAfterItsGrace(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := part(b.dir, "stubborn", `trap '' TERM; while :; do sleep 0.02; done`, 0)
	p.Grace = 50 * time.Millisecond
	b.ensure(p)
	b.ready("stubborn")
	id, err := proc.Identify(b.status("stubborn").PID)
	if err != nil {
		t.Fatal(err)
	}
	b.Close()
	if id.Alive() {
		t.Error("it still runs")
	}
}

func TestEnsure_RestartsOnlyWhatHasChanged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	same, changed := part(b.dir, "same", lives, 0), part(b.dir, "changed", lives, 0)
	b.ensure(same, changed)
	before, old := b.status("same").PID, b.status("changed").PID
	changed.Revision = "another binary"
	b.ensure(same, changed)
	eventually.True(t, "the changed part is another process", func() bool {
		pid := b.status("changed").PID
		return pid != 0 && pid != old
	})
	if after := b.status("same"); after.PID != before || after.Restarts != 0 {
		t.Errorf("the unchanged part was restarted: %+v", after)
	}
	if n := b.status("changed").Restarts; n != 0 {
		t.Errorf("a wanted restart was counted as a death: %d", n)
	}
}

func TestStop_HoldsAPartDownUntilStart(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.ensure(part(b.dir, "one", lives, 0))
	id, err := proc.Identify(b.status("one").PID)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Stop(t.Context(), "one", syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if s := b.status("one"); id.Alive() || s.State != "stopped" || s.PID != 0 {
		t.Errorf("it was not held down: %+v", s)
	}
	if err := b.Start("one"); err != nil {
		t.Fatal(err)
	}
	eventually.True(t, "it runs again", func() bool { return b.status("one").State == "running" })
	if err := b.Stop(t.Context(), "nobody", 0); err == nil {
		t.Error("stopping an unknown part succeeded")
	}
}

func TestPrune_EndsWhatIsNoLongerNamed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.ensure(part(b.dir, "kept", lives, 0), part(b.dir, "gone", lives, 0))
	b.Prune([]string{"kept"})
	var names []string
	for _, s := range b.Status() {
		names = append(names, s.Name)
	}
	if !slices.Equal(names, []string{"kept"}) {
		t.Errorf("parts %v", names)
	}
}

// supervisorProcess starts the test binary as a supervisor of dir.
func supervisorProcess(t *testing.T, dir string) (*exec.Cmd, *supervise.Client) {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), "SUPERVISE_DIR="+dir)
	var output bytes.Buffer
	command.Stderr = &output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	client := supervise.Connect(dir)
	eventually.True(t, "the supervisor answers", func() bool { _, err := client.Report(t.Context()); return err == nil })
	return command, client
}

func TestKilledSupervisor_LeavesNothingBehind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	command, client := supervisorProcess(t, dir)
	if err := client.Ensure(t.Context(), []supervise.Part{part(dir, "a", lives, 0), part(dir, "b", lives, 1)}); err != nil {
		t.Fatal(err)
	}
	var ids []proc.ID
	eventually.True(t, "both run", func() bool {
		ids = nil
		report, err := client.Report(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range report.Parts {
			if id, err := proc.Identify(s.PID); err == nil && s.PID != 0 {
				ids = append(ids, id)
			}
		}
		return len(ids) == 2 && len(supervise.Orphans(dir)) == 2
	})
	if err := command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait()
	if left := supervise.Orphans(dir); len(left) != 2 {
		t.Fatalf("orphans %v", left)
	}
	if ended := supervise.EndOrphans(dir); !slices.Equal(ended, []string{"b", "a"}) {
		t.Errorf("ended %v, want the last stage first", ended)
	}
	for _, id := range ids {
		if id.Alive() {
			t.Errorf("process %d still runs", id.PID)
		}
	}
	// The socket left by the killed supervisor causes no error.
	_, client = supervisorProcess(t, dir)
	if err := client.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestEndOrphans_SparesAStrangerWithTheSameNumber(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stranger := exec.Command("/bin/sleep", "60")
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stranger.Process.Kill(); _ = stranger.Wait() })
	id, err := proc.Identify(stranger.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	id.Start-- // an earlier process with this number
	content, err := json.Marshal(map[string]any{"pid": id.PID, "start": id.Start, "boot": id.Boot, "name": "old"})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "old.pid.json"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	if ended := supervise.EndOrphans(dir); len(ended) != 0 {
		t.Errorf("ended %v", ended)
	}
	if _, err := proc.Identify(id.PID); err != nil {
		t.Error("the stranger was killed")
	}
}

func TestControlSocket_WorksInADeepFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), strings.Repeat("deep/", 30))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	_, client := supervisorProcess(t, dir)
	if err := client.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
}

package supervise_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"taskwire.dev/local/internal/proc"
	"taskwire.dev/local/internal/supervise"
	"taskwire.dev/shared/eventually"
)

// A command that comes while everything stops must know, because the ports are still taken and no part is accepted.
func TestReport_WhileEverythingStops(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- supervise.Serve(ctx, dir) }()
	client := supervise.Connect(dir)
	now := func() supervise.Report {
		report, err := client.Report(t.Context())
		if err != nil {
			return supervise.Report{}
		}
		return report
	}
	eventually.True(t, "the supervisor answers", func() bool { return now().PID != 0 })
	b := &bench{t: t, dir: dir}
	if err := client.Ensure(t.Context(), []supervise.Part{slowToStop(dir)}); err != nil {
		t.Fatal(err)
	}
	b.awaitFile("ready")
	if now().Stopping {
		t.Error("it is stopping at first")
	}
	stop()
	eventually.True(t, "it says that it is stopping", func() bool { return now().Stopping })
	b.allowEnd()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// Interrupted while it stops a part that is no longer needed, `make up` needs it again. Each process has a record, by which it is ended
// if the supervisor is killed.
func TestEnsure_WaitsForAPrunedPartOfThatName(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.ensure(slowToStop(b.dir))
	old := b.status("slow").PID
	b.awaitFile("ready")
	pruned := make(chan struct{})
	go func() { defer close(pruned); b.Prune(nil) }()
	eventually.True(t, "the part is no longer listed", func() bool { return len(b.Status()) == 0 })
	if err := b.Ensure([]supervise.Part{part(b.dir, "slow", lives, 0)}); err != nil {
		t.Fatal(err)
	}
	if s := b.status("slow"); s.State != "waiting" {
		t.Errorf("it runs beside the old one: %+v", s)
	}
	b.allowEnd()
	<-pruned
	eventually.True(t, "the new process runs", func() bool { s := b.status("slow"); return s.PID != 0 && s.PID != old })
	if left := supervise.Orphans(b.dir); !slices.Equal(left, []string{"slow"}) {
		t.Errorf("records of %v", left)
	}
}

// Nothing may outlive the supervisor.
func TestClose_WaitsForPrunedParts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.ensure(slowToStop(b.dir))
	id, err := proc.Identify(b.status("slow").PID)
	if err != nil {
		t.Fatal(err)
	}
	b.awaitFile("ready")
	go b.Prune(nil)
	eventually.True(t, "the part is no longer listed", func() bool { return len(b.Status()) == 0 })
	closed := make(chan struct{})
	go func() { defer close(closed); b.Close() }()
	b.awaitFile("stopping")
	select {
	case <-closed:
		t.Error("it did not wait")
	default:
	}
	b.allowEnd()
	<-closed
	if id.Alive() {
		t.Error("the part still runs")
	}
}

// slowToStop is a part that stops only once it may.
func slowToStop(dir string) supervise.Part {
	p := part(dir, "slow", `
trap 'touch stopping; while [ ! -e may-end ]; do sleep 0.02; done; exit 0' TERM
touch ready
while :; do sleep 0.02; done`, 0)
	p.Grace = time.Minute
	return p
}

// awaitFile waits until a script has made the file.
func (b *bench) awaitFile(name string) {
	b.t.Helper()
	eventually.True(b.t, name+" is there", func() bool { _, err := os.Stat(filepath.Join(b.dir, name)); return err == nil })
}

// allowEnd lets the process of [slowToStop] exit.
func (b *bench) allowEnd() {
	b.t.Helper()
	if err := os.WriteFile(filepath.Join(b.dir, "may-end"), nil, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

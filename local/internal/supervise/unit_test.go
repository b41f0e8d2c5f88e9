package supervise

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// A stop returns even if the process exits on its own just before it is stopped.
func TestStopped_OfAProcessThatDiesMeanwhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		u := &unit{part: Part{Name: "tasks"}, wanted: true, active: true, wake: make(chan struct{})}
		u.want(false, 0) // after run has read that the unit is still wanted
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		stopped := make(chan error, 1)
		go func() { stopped <- u.stopped(ctx) }()
		synctest.Wait()
		u.died("exit status 1")
		if err := <-stopped; err != nil {
			t.Error(err)
		}
	})
}

// An exit does not cut its own restart backoff short; a request does.
func TestDied_LeavesThePauseAlone(t *testing.T) {
	t.Parallel()
	u := &unit{part: Part{Name: "tasks"}, wanted: true, active: true, wake: make(chan struct{})}
	changed := u.died("exit status 1")
	select {
	case <-changed:
		t.Error("the exit ended the backoff")
	default:
	}
	u.want(false, 0)
	<-changed
}

// A part that was killed and held down, and is wanted again, ends later as it should.
func TestReplace_ForgetsTheSignalOfAnEarlierStop(t *testing.T) {
	t.Parallel()
	u := &unit{part: Part{Name: "tasks"}, wanted: true, wake: make(chan struct{})} // it waits for its restart
	u.want(false, syscall.SIGKILL)
	u.replace(u.part)
	if !u.wanted || u.stopWith != 0 {
		t.Errorf("wanted %t, to stop with %v; want the part's own signal", u.wanted, u.stopWith)
	}
}

// watched is a running unit that the watcher has found healthy and now probes at the steady pace; the caller is in a synctest bubble.
func watched(t *testing.T, probe string) *unit {
	t.Helper()
	u := &unit{part: Part{Name: "tasks", Probe: probe}, wanted: true, active: true, current: &process{}, wake: make(chan struct{})}
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go u.watch(ctx)
	time.Sleep(eager)
	synctest.Wait()
	if !u.isHealthy() {
		t.Fatal("it is not healthy at first")
	}
	return u
}

func (u *unit) isHealthy() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.healthy
}

// listen returns the probe of a port that accepts connections: the kernel does, up to its backlog.
func listen(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return "tcp://" + l.Addr().String()
}

// The process that replaces one killed just after a probe is probed as soon as it runs, not after the pause of a healthy part.
func TestWatch_ProbesAReplacementAtOnce(t *testing.T) {
	t.Parallel()
	probe := listen(t)
	synctest.Test(t, func(t *testing.T) {
		u := watched(t, probe)
		u.died("signal: killed")
		time.Sleep(firstBackoff)
		u.set(&process{}, "starting")
		synctest.Wait() // without any time passing
		if !u.isHealthy() {
			t.Error("it is not healthy again")
		}
	})
}

// A part that fails a probe is probed at the pace of one that has not been healthy yet.
func TestWatch_ProbesAFailingPartEagerly(t *testing.T) {
	t.Parallel()
	probe := listen(t)
	synctest.Test(t, func(t *testing.T) {
		u := watched(t, probe)
		probeAt := func(address string) {
			u.mu.Lock()
			defer u.mu.Unlock()
			u.part.Probe = address
		}
		probeAt("tcp://127.0.0.1:1") // nothing listens there
		time.Sleep(steady)
		synctest.Wait()
		if u.isHealthy() {
			t.Fatal("it is healthy although the probe fails")
		}
		probeAt(probe)
		time.Sleep(eager)
		synctest.Wait()
		if !u.isHealthy() {
			t.Error("it is not healthy again")
		}
	})
}

// The log of a part that keeps failing is cut, too: it grows fastest.
func TestWatch_CutsTheLogOfAFailingPart(t *testing.T) {
	t.Parallel()
	probe := listen(t)
	log := filepath.Join(t.TempDir(), "tasks.log")
	synctest.Test(t, func(t *testing.T) {
		u := watched(t, probe)
		u.mu.Lock()
		u.part.Probe, u.part.Log = "tcp://127.0.0.1:1", log // nothing listens there
		u.mu.Unlock()
		time.Sleep(steady)
		synctest.Wait()
		if u.isHealthy() {
			t.Fatal("it is healthy although the probe fails")
		}
		if err := os.WriteFile(log, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(log, maxLog+1); err != nil { // no blocks are written
			t.Fatal(err)
		}
		time.Sleep(2 * steady)
		synctest.Wait()
		for path, want := range map[string]int64{log: 0, log + ".1": maxLog + 1} {
			if info, err := os.Stat(path); err != nil || info.Size() != want {
				t.Errorf("%s: %v, %v, want %d bytes", path, info, err, want)
			}
		}
	})
}

package stack

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"taskwire.dev/local/internal/proc"
	"taskwire.dev/local/internal/profile"
	"taskwire.dev/local/internal/supervise"
	"taskwire.dev/shared/eventually"
	"taskwire.dev/tools/function"
	"taskwire.dev/tools/progress"
)

// TestMain lets the test binary act as a function that listens on a port.
func TestMain(m *testing.M) {
	if address := os.Getenv("TEST_LISTEN"); address != "" {
		l, err := net.Listen("tcp", address)
		for err == nil {
			_, err = l.Accept()
		}
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// onFreePorts is a stack with one function, in slot 1, on ports that are free.
func onFreePorts(t *testing.T) *Stack {
	t.Helper()
	report := progress.New(os.Stderr)
	t.Cleanup(report.Close)
	s := &Stack{
		report: report, options: Options{DatabaseURL: "x", RedisURL: "x", KafkaBrokers: "x"},
		functions: []function.Function{{Name: "added"}}, slots: map[string]int{"added": 1},
	}
	for base := 15000; base > 10000; base -= 1000 {
		p, err := profile.New(t.TempDir(), "some", base, 0)
		if err != nil {
			t.Fatal(err)
		}
		s.profile = p
		if len(s.takenPorts(nil)) == 0 && proc.Free(p.FunctionPort(0)) {
			return s
		}
	}
	t.Fatal("no ports are free")
	return nil
}

// serve runs a supervisor of the stack until the test ends.
func serve(t *testing.T, s *Stack) *supervise.Client {
	t.Helper()
	if err := s.profile.Prepare(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- supervise.Serve(ctx, s.profile.Run()) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	client := supervise.Connect(s.profile.Run())
	eventually.True(t, "the supervisor answers", func() bool { _, err := client.Report(t.Context()); return err == nil })
	return client
}

// The stack runs a function that this run does not have, because it was renamed. If another part has its port now, it stops first.
// What is not in the way, such as a database that is replaced by another, stops only when nothing uses it any more.
func TestLaunch_StopsARemovedPartOnlyForItsPort(t *testing.T) {
	t.Parallel()
	for slot, stops := range []bool{false, true} {
		s := onFreePorts(t)
		client := serve(t, s)
		port := s.profile.FunctionPort(slot)
		part := supervise.Part{
			Name: "removed", Stage: 1, Path: os.Args[0], Dir: "/", Env: []string{"TEST_LISTEN=" + loopback(port)},
			Log: filepath.Join(s.profile.Logs(), "removed.log"), Port: port, Probe: "tcp://" + loopback(port), Grace: time.Second,
		}
		if err := client.Ensure(t.Context(), []supervise.Part{part}); err != nil {
			t.Fatal(err)
		}
		if err := Wait(t.Context(), client, nil, healthyWithin); err != nil {
			t.Fatal(err)
		}
		if err := s.launch(t.Context()); err != nil {
			t.Fatal(err)
		}
		report, err := client.Report(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if stopped := len(report.Parts) == 0; stopped != stops || proc.Free(port) != stops {
			t.Errorf("in slot %d: parts %+v", slot, report.Parts)
		}
		if err := client.Prune(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
}

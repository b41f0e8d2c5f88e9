package proc_test

import (
	"net"
	"os"
	"strings"
	"testing"

	"taskwire.dev/local/internal/proc"
)

func TestTakenPort_NamesTheProcess(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if proc.Free(port) {
		t.Error("a taken port was called free")
	}
	holder, found := proc.FindListener(port)
	if !found || holder.PID != os.Getpid() || holder.Port != port {
		t.Errorf("holder %+v, found %v, want process %d", holder, found, os.Getpid())
	}
	if text := holder.String(); !strings.Contains(text, "proc.test") {
		t.Errorf("%q does not name the program", text)
	}
	_ = listener.Close()
	if _, found := proc.FindListener(port); found || !proc.Free(port) {
		t.Error("a free port was called taken")
	}
}

func TestTakenPort_OnEveryAddress(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Skip("this machine has no IPv6 loopback address, on which the test occupies a port")
	}
	defer func() { _ = listener.Close() }()
	port := listener.Addr().(*net.TCPAddr).Port
	if proc.Free(port) {
		t.Error("a port that is taken at ::1 was called free")
	}
	holder, found := proc.FindListener(port)
	if !found || holder.PID != os.Getpid() {
		t.Errorf("holder %+v, found %v", holder, found)
	}
}

func TestMemory_OfThisProcess(t *testing.T) {
	t.Parallel()
	if bytes := proc.Memory(os.Getpid()); bytes < 1<<20 || bytes > 1<<33 {
		t.Errorf("%d bytes", bytes)
	}
}

// Package redistest gives a test its own Redis, from the installed redis-server.
package redistest

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Server is a Redis of one test.
type Server struct {
	URL  string
	path string
	stop func()
}

// watch starts Redis and ends it when its standard input closes, which happens when the testing process ends,
// even by SIGKILL.
const watch = `
redis-server --port 0 --unixsocket "$1" --save "" --appendonly no >"$1.log" 2>&1 &
read -r _
kill -KILL $!
rm -f "$1"
`

// New starts a Redis that ends with the test.
func New(t testing.TB) *Server {
	t.Helper()
	// Not t.TempDir, whose path may be too long for a socket's, of at most 107 bytes.
	dir, err := os.MkdirTemp("/tmp", "redistest")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s := &Server{path: filepath.Join(dir, "redis.sock"), stop: func() {}}
	s.URL = "unix://" + s.path
	s.Start(t)
	t.Cleanup(s.Stop)
	return s
}

// Start starts it again after Stop, empty.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	cmd := exec.Command("/bin/sh", "-c", watch, "sh", s.path)
	lifeline, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.stop = func() {
		_ = lifeline.Close()
		_ = cmd.Wait()
		s.stop = func() {}
	}
	for deadline := time.Now().Add(10 * time.Second); ; {
		conn, err := net.Dial("unix", s.path)
		if err == nil {
			_ = conn.Close()
			return
		}
		if time.Now().After(deadline) {
			log, _ := os.ReadFile(s.path + ".log")
			t.Fatalf("redis-server did not start: %v\n%s", err, log)
		}
		time.Sleep(5 * time.Millisecond) // between two looks at whether it answers
	}
}

// Stop kills it.
func (s *Server) Stop() { s.stop() }

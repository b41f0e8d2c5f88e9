package stack

import (
	"net"
	"slices"
	"strings"
	"testing"

	"taskwire.dev/local/internal/profile"
	"taskwire.dev/local/internal/supervise"
	"taskwire.dev/tools/function"
)

// A port that another process has is taken, also if the part that needs it runs already, on another port; the ports that it runs on
// are its own.
func TestTakenPorts_OfARunningPart(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	port := listener.Addr().(*net.TCPAddr).Port
	p, err := profile.New("/repo", "some", 17000, port)
	if err != nil {
		t.Fatal(err)
	}
	s := &Stack{profile: p, functions: []function.Function{{Name: "gateway"}}, slots: map[string]int{"gateway": 0}}
	for name, c := range map[string]struct {
		running []supervise.Status
		taken   bool
	}{
		"nothing runs":         {nil, true},
		"it runs on the port":  {[]supervise.Status{{Name: "gateway", Port: port}}, false},
		"it runs on another":   {[]supervise.Status{{Name: "gateway", Port: port + 1}}, true},
		"another runs on that": {[]supervise.Status{{Name: "tasks", Port: port}}, true},
	} {
		taken := slices.ContainsFunc(s.takenPorts(c.running), func(line string) bool { return strings.HasSuffix(line, "(needed by gateway)") })
		if taken != c.taken {
			t.Errorf("%s: taken is %t", name, taken)
		}
	}
}

// All ports of a part are its own if its main port has not moved.
func TestTakenPorts_OfAPartWithSeveral(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	p, err := profile.New("/repo", "some", listener.Addr().(*net.TCPAddr).Port-13, 0) // the controller's port
	if err != nil {
		t.Fatal(err)
	}
	s := &Stack{profile: p, options: Options{Apache: true, InfraOnly: true}}
	for port, want := range map[int]bool{p.BrokerPort(): false, p.BrokerPort() + 1000: true} {
		running := []supervise.Status{{Name: "broker", Port: port}}
		taken := slices.ContainsFunc(s.takenPorts(running), func(line string) bool { return strings.HasSuffix(line, "(needed by broker)") })
		if taken != want {
			t.Errorf("the broker runs on %d: taken is %t", port, taken)
		}
	}
}

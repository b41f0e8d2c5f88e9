package proc

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Listener is the process that listens on a port.
type Listener struct {
	Port int
	// PID is 0 when the process belongs to another user and cannot be inspected.
	PID  int
	Name string
}

func (l Listener) String() string {
	if l.PID == 0 {
		return fmt.Sprintf("port %d is taken by a process of another user", l.Port)
	}
	return fmt.Sprintf("port %d is taken by process %d, %s", l.Port, l.PID, l.Name)
}

// Free reports whether no process has the port on a loopback address of this machine. Both count: clients of "localhost" try ::1
// first, and would reach the other process there.
func Free(port int) bool {
	for _, address := range []string{"127.0.0.1", "::1"} {
		listener, err := net.Listen("tcp", net.JoinHostPort(address, strconv.Itoa(port)))
		if errors.Is(err, syscall.EADDRINUSE) {
			return false
		}
		if err == nil { // a machine may have only one of them
			_ = listener.Close()
		}
	}
	return true
}

// FindListener finds the process that listens on a port; false when there is none.
func FindListener(port int) (Listener, bool) {
	inodes := map[string]bool{}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		content, err := os.ReadFile(table)
		if err != nil {
			continue
		}
		for _, line := range strings.Split(string(content), "\n") {
			fields := strings.Fields(line)
			// 0A is LISTEN in the kernel's list of TCP states.
			if len(fields) > 9 && fields[3] == "0A" && portOf(fields[1]) == port {
				inodes["socket:["+fields[9]+"]"] = true
			}
		}
	}
	if len(inodes) == 0 {
		return Listener{}, false
	}
	links, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, link := range links {
		target, err := os.Readlink(link)
		if err != nil || !inodes[target] {
			continue
		}
		pid, err := strconv.Atoi(strings.Split(link, "/")[2])
		if err == nil {
			return Listener{Port: port, PID: pid, Name: Name(pid)}, true
		}
	}
	return Listener{Port: port}, true
}

// portOf reads the port of "0100007F:1F90".
func portOf(address string) int {
	_, text, _ := strings.Cut(address, ":")
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != 2 {
		return -1
	}
	return int(binary.BigEndian.Uint16(raw))
}

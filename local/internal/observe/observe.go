// Package observe runs the programs that store what the stack reports about itself: VictoriaMetrics for metrics, vmalert
// for alert rules and Jaeger for traces. Each binds to loopback and has a memory limit.
package observe

import (
	"net"
	"strconv"

	"taskwire.dev/local/internal/proc"
)

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

func address(port int) string { return "http://" + loopback(port) }

// environment of a Go program whose heap should stay below a limit, such as "128MiB".
func environment(memory string) []string {
	return []string{"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "GOMEMLIMIT=" + memory, proc.GoThreads()}
}

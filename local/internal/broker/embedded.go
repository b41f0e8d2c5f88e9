// Package broker runs the laptop's Kafka, embedded or Apache's, and recreates lost topics.
package broker

import (
	"net"
	"strconv"
	"time"

	"taskwire.dev/local/internal/proc"
	"taskwire.dev/local/internal/supervise"
)

// Embedded is the broker of local/broker.
type Embedded struct {
	Binary string
	Data   string
	Port   int
	// Advertised is the port that clients are told.
	Advertised int
	Log        string
}

// Address is the address for clients.
func (b Embedded) Address() string { return loopback(b.Advertised) }

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// Part is the broker's process.
func (b Embedded) Part() (supervise.Part, error) {
	revision, err := supervise.Revision(b.Binary)
	if err != nil {
		return supervise.Part{}, err
	}
	return supervise.Part{
		Name:     "broker",
		Path:     b.Binary,
		Args:     []string{"-listen", loopback(b.Port), "-advertise", b.Address(), "-data", b.Data},
		Dir:      "/",
		Env:      []string{"PATH=/usr/bin:/bin", "LANG=C.UTF-8", proc.GoThreads()},
		Log:      b.Log,
		Port:     b.Port,
		Probe:    "kafka://" + loopback(b.Port),
		Grace:    15 * time.Second,
		Revision: revision,
	}, nil
}

// Package supervise keeps the parts of a stack running: it starts them in stages, restarts them when they exit, probes
// their health, and stops them in reverse order. It runs in a background process that the commands talk to over a unix
// socket.
package supervise

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Part is one process to keep running.
type Part struct {
	Name string `json:"name"`
	// Stage orders stopping: the highest first. Parts of one stage stop together.
	Stage int      `json:"stage"`
	Path  string   `json:"path"`
	Args  []string `json:"args"`
	Dir   string   `json:"dir"`
	// Env is the whole environment; nothing is inherited, so a secret in the caller's shell is not passed on.
	Env []string `json:"env"`
	Log string   `json:"log"`
	// UID and GID, when not 0, are what the process runs as.
	UID uint32 `json:"uid"`
	GID uint32 `json:"gid"`
	// Port is the part's main port, for display.
	Port int `json:"port"`
	// Probe is the address that responds when the part is healthy: see package probe.
	Probe string `json:"probe"`
	// Signal stops the part: "TERM" when empty, or "INT".
	Signal string `json:"signal"`
	// Grace is how long the part may take to stop before it is killed.
	Grace time.Duration `json:"grace"`
	// Revision changes when the binary or a file that it reads at start has changed.
	Revision string `json:"revision"`
}

// fingerprint differs whenever the running process must be replaced.
func (p Part) fingerprint() string {
	content, err := json.Marshal(p)
	if err != nil {
		return p.Name
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// Status is the visible state of a part, for users and tests.
type Status struct {
	Name     string  `json:"name"`
	PID      int     `json:"pid"`
	Port     int     `json:"port"`
	Healthy  bool    `json:"healthy"`
	Restarts int     `json:"restarts"`
	RSSMB    float64 `json:"rss_mb"`
	// State is "running", "waiting" (exited, to be restarted) or "stopped" (on request).
	State string `json:"state"`
	// Reason says why the part is not healthy.
	Reason string `json:"reason,omitempty"`
	// Log is the file that the part writes to.
	Log string `json:"log"`
}

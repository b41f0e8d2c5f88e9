// Package proc reads /proc: which process a number really is, how much memory it uses, and which one listens on a port.
package proc

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// ID identifies one process permanently: numbers are reused, numbers with a start time in one boot are not.
type ID struct {
	PID   int    `json:"pid"`
	Start uint64 `json:"start"`
	Boot  string `json:"boot"`
}

var bootID = sync.OnceValue(func() string {
	content, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return string(bytes.TrimSpace(content))
})

// Identify returns the identity of a living process.
func Identify(pid int) (ID, error) {
	fields, err := stat(pid)
	if err != nil {
		return ID{}, err
	}
	start, err := strconv.ParseUint(fields[19], 10, 64)
	if err != nil {
		return ID{}, fmt.Errorf("/proc/%d/stat: %w", pid, err)
	}
	return ID{PID: pid, Start: start, Boot: bootID()}, nil
}

// Alive reports whether this exact process still runs; a zombie does not.
func (id ID) Alive() bool {
	if id.PID <= 0 || id.Boot != bootID() {
		return false
	}
	fields, err := stat(id.PID)
	return err == nil && fields[0] != "Z" && fields[0] != "X" && fields[19] == strconv.FormatUint(id.Start, 10)
}

// Signal sends a signal to this exact process, or nothing when it has exited.
func (id ID) Signal(signal syscall.Signal) {
	if id.Alive() {
		_ = syscall.Kill(id.PID, signal)
	}
}

// End stops the process: signal first, SIGKILL after the grace period. It returns when the process has exited.
func (id ID) End(signal syscall.Signal, grace time.Duration) {
	id.Signal(signal)
	deadline := time.Now().Add(grace)
	killed := false
	for id.Alive() {
		if !killed && time.Now().After(deadline) {
			id.Signal(syscall.SIGKILL)
			killed = true
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// Name is the process's short name and command line, for display.
func Name(pid int) string {
	comm, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	name := strings.TrimSpace(string(comm))
	if exe, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid)); err == nil {
		name += " (" + strings.TrimSuffix(exe, " (deleted)") + ")"
	}
	return name
}

// Memory is the memory of the process and its descendants, in bytes. Shared pages count once: PostgreSQL's buffers
// appear in every backend.
func Memory(pid int) uint64 {
	var private, shared uint64
	for _, member := range append([]int{pid}, Descendants(pid)...) {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", member))
		if err != nil {
			continue
		}
		private += kilobytes(status, "RssAnon:")
		shared = max(shared, kilobytes(status, "RssFile:")+kilobytes(status, "RssShmem:"))
	}
	return private + shared
}

// Descendants lists the processes below pid, parents first.
func Descendants(pid int) []int {
	var all []int
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, task := range tasks {
		content, err := os.ReadFile(task)
		if err != nil {
			continue
		}
		for _, field := range strings.Fields(string(content)) {
			if child, err := strconv.Atoi(field); err == nil {
				all = append(append(all, child), Descendants(child)...)
			}
		}
	}
	return all
}

func kilobytes(status []byte, key string) uint64 {
	_, rest, found := bytes.Cut(status, []byte(key))
	if !found {
		return 0
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	fields := bytes.Fields(line)
	if len(fields) == 0 {
		return 0
	}
	n, _ := strconv.ParseUint(string(fields[0]), 10, 64)
	return n * 1024
}

// stat returns the fields of /proc/PID/stat starting with the state: the name before it may contain spaces.
func stat(pid int) ([]string, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil, err
	}
	end := bytes.LastIndexByte(content, ')')
	fields := strings.Fields(string(content[end+1:]))
	if end < 0 || len(fields) < 20 {
		return nil, fmt.Errorf("/proc/%d/stat: unexpected form", pid)
	}
	return fields, nil
}

package stack

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Usage is the resource usage of a part; a server of many processes, such as PostgreSQL, counts as one.
type Usage struct {
	Name string
	CPU  time.Duration // user and system, since the start of the part
	RSS  int64         // bytes resident now; shared pages of many processes count once
	Peak int64         // the maximum resident since ResetPeaks
}

// ticks of CPU time per second: USER_HZ is 100 on every Linux that Go runs on.
const ticks = 100

// Usages reads the usage of each part from /proc.
func (s *Stack) Usages(ctx context.Context) ([]Usage, error) {
	parts, err := s.Parts(ctx)
	if err != nil {
		return nil, err
	}
	children, err := processTree()
	if err != nil {
		return nil, err
	}
	usages := make([]Usage, 0, len(parts))
	for _, p := range parts {
		if p.PID == 0 {
			continue
		}
		u, err := usageOf(p.PID, children)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		u.Name = p.Name
		usages = append(usages, u)
	}
	return usages, nil
}

// Proportional is the proportional memory of all processes of all parts: a page that some of them share counts once.
func (s *Stack) Proportional(ctx context.Context) (bytes int64, processes int, err error) {
	parts, err := s.Parts(ctx)
	if err != nil {
		return 0, 0, err
	}
	children, err := processTree()
	if err != nil {
		return 0, 0, err
	}
	for _, p := range parts {
		if p.PID == 0 {
			continue
		}
		for _, pid := range append([]int{p.PID}, children[p.PID]...) {
			bytes += proportional(pid)
			processes++
		}
	}
	return bytes, processes, nil
}

// ResetPeaks resets Peak to what is resident now. It needs permission to write to the processes.
func (s *Stack) ResetPeaks(ctx context.Context) error {
	parts, err := s.Parts(ctx)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if p.PID != 0 {
			if err := ResetPeak(p.PID); err != nil {
				return err
			}
		}
	}
	return nil
}

// ResetPeak is ResetPeaks for one process.
func ResetPeak(pid int) error {
	// proc(5): 5 resets the peak resident set size.
	return os.WriteFile(proc(pid, "clear_refs"), []byte("5"), 0)
}

// UsageOf reads the usage of a process with its children, of a stack or not.
func UsageOf(pid int) (Usage, error) {
	children, err := processTree()
	if err != nil {
		return Usage{}, err
	}
	return usageOf(pid, children)
}

func usageOf(pid int, children map[int][]int) (Usage, error) {
	own, reaped, err := cpu(pid)
	if err != nil {
		return Usage{}, err
	}
	below := children[pid]
	if len(below) == 0 {
		rss, peak, err := resident(pid)
		return Usage{CPU: own, RSS: rss, Peak: peak}, err
	}
	u := Usage{CPU: own + reaped}
	for _, member := range append([]int{pid}, below...) {
		if member != pid {
			used, _, err := cpu(member)
			if err != nil {
				continue // it has just exited; its parent includes its usage
			}
			u.CPU += used
		}
		u.RSS += proportional(member)
	}
	u.Peak = u.RSS
	return u, nil
}

func proc(pid int, file string) string { return fmt.Sprintf("/proc/%d/%s", pid, file) }

// processTree maps each process to its children.
func processTree() (map[int][]int, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	tree := map[int][]int{}
	for _, path := range stats {
		fields, err := statFields(path)
		if err != nil {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		parent, _ := strconv.Atoi(fields[1])
		tree[parent] = append(tree[parent], pid)
	}
	return tree, nil
}

// statFields returns the fields after the name in proc_pid_stat(5): the state is the first.
func statFields(path string) ([]string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(string(content[bytes.LastIndexByte(content, ')')+1:]))
	if len(fields) < 20 {
		return nil, fmt.Errorf("%s is too short", path)
	}
	return fields, nil
}

// cpu returns the CPU time of a process, and of its children that have exited.
func cpu(pid int) (own, reaped time.Duration, err error) {
	fields, err := statFields(proc(pid, "stat"))
	if err != nil {
		return 0, 0, err
	}
	at := func(i int) time.Duration {
		n, _ := strconv.ParseInt(fields[i], 10, 64)
		return time.Duration(n) * time.Second / ticks
	}
	return at(11) + at(12), at(13) + at(14), nil
}

func resident(pid int) (rss, peak int64, err error) {
	content, err := os.ReadFile(proc(pid, "status"))
	if err != nil {
		return 0, 0, err
	}
	return kilobytes(content, "VmRSS:"), kilobytes(content, "VmHWM:"), nil
}

// proportional is the resident memory of a process, with each page divided by how many processes share it.
func proportional(pid int) int64 {
	content, err := os.ReadFile(proc(pid, "smaps_rollup"))
	if err != nil {
		return 0
	}
	return kilobytes(content, "Pss:")
}

func kilobytes(content []byte, name string) int64 {
	for line := range strings.Lines(string(content)) {
		if value, ok := strings.CutPrefix(line, name); ok {
			n, _ := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			return n << 10
		}
	}
	return 0
}

// CPU is the CPU time that each part has used between two readings, by name.
func CPU(before, after []Usage) map[string]time.Duration {
	used := map[string]time.Duration{}
	for _, u := range after {
		used[u.Name] = u.CPU
	}
	for _, u := range before {
		used[u.Name] -= u.CPU
	}
	return used
}

// SelfCPU is the CPU time of this process.
func SelfCPU() time.Duration {
	own, _, _ := cpu(os.Getpid())
	return own
}

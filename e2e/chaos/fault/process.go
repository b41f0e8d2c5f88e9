package fault

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"taskwire.dev/e2e/stack"
)

// family returns a process with all its descendants: PostgreSQL's sessions are separate processes.
func family(pid int) []int {
	children := map[int][]int{}
	entries, _ := os.ReadDir("/proc")
	for _, entry := range entries {
		child, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile(filepath.Join("/proc", entry.Name(), "stat"))
		if err != nil {
			continue
		}
		// The name, in brackets, may contain anything; after it come the state and the parent.
		fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
		parent, err := strconv.Atoi(string(fields[1]))
		if err == nil {
			children[parent] = append(children[parent], child)
		}
	}
	all := []int{pid}
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all
}

// signal sends a signal to processes, and ignores those that have exited.
func signal(pids []int, sig syscall.Signal) error {
	for _, pid := range pids {
		if err := syscall.Kill(pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("process %d: %w", pid, err)
		}
	}
	return nil
}

// supervisor finds the process that restarts the parts.
func supervisor(values stack.Values) (int, error) {
	content, err := os.ReadFile(filepath.Join(values.StateDir, "run", "supervisor.json"))
	if err != nil {
		return 0, err
	}
	var id struct{ PID int }
	if err := json.Unmarshal(content, &id); err != nil {
		return 0, err
	}
	if id.PID <= 1 {
		return 0, fmt.Errorf("the supervisor has no process: %s", content)
	}
	return id.PID, nil
}

// cutPower kills every process of the stack at once; none has time to write anything.
func cutPower(ctx context.Context, s *stack.Stack, values stack.Values) error {
	parts, err := s.Parts(ctx)
	if err != nil {
		return err
	}
	boss, err := supervisor(values)
	if err != nil {
		return err
	}
	all := []int{boss} // first, or it would restart the others
	for _, p := range parts {
		if p.PID != 0 {
			all = append(all, family(p.PID)...)
		}
	}
	if err := signal(all, syscall.SIGKILL); err != nil {
		return err
	}
	// The power returns when all have exited: a process that is still dying holds its ports.
	for _, pid := range all {
		for alive(pid) {
			select {
			case <-time.After(10 * time.Millisecond): // the polling interval
			case <-ctx.Done():
				return fmt.Errorf("process %d does not die of SIGKILL: %w", pid, ctx.Err())
			}
		}
	}
	return nil
}

// alive reports whether a process still holds anything: a zombie does not.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !bytes.Contains(stat, []byte(") Z "))
}

package stack

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"taskwire.dev/local/internal/supervise"
)

// Wait returns when every named part is healthy; no names mean all. A name that no part has is an error. It gives up early on a part
// that keeps exiting, since that will not improve.
func Wait(ctx context.Context, client *supervise.Client, names []string, timeout time.Duration) error {
	deadline := time.Now().Add(timeout)
	before := map[string]int{}
	for {
		report, err := client.Report(ctx)
		if err != nil {
			return err
		}
		if err := unknown(names, report.Parts); err != nil {
			return err
		}
		var waiting []supervise.Status
		for _, part := range report.Parts {
			if len(names) > 0 && !slices.Contains(names, part.Name) {
				continue
			}
			if _, seen := before[part.Name]; !seen {
				before[part.Name] = part.Restarts
			}
			if part.Healthy {
				continue
			}
			waiting = append(waiting, part)
			if part.Restarts-before[part.Name] >= 6 {
				deadline = time.Now()
			}
		}
		if len(waiting) == 0 {
			return nil
		}
		if !time.Now().Before(deadline) {
			return notHealthy(waiting)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// unknown fails if no part has one of the names.
func unknown(names []string, parts []supervise.Status) error {
	for _, name := range names {
		if !slices.ContainsFunc(parts, func(s supervise.Status) bool { return s.Name == name }) {
			return fmt.Errorf("no part is named %q: make status lists them", name)
		}
	}
	return nil
}

// notHealthy says why, with the end of each part's log: that of a test run is gone soon.
func notHealthy(parts []supervise.Status) error {
	var reasons strings.Builder
	for _, part := range parts {
		fmt.Fprintf(&reasons, "  %s: %s%s\n", part.Name, part.Reason, lastLines(part.Log))
	}
	return fmt.Errorf("not healthy:\n%sTheir logs: make logs F=NAME", reasons.String())
}

// lastLines returns the last lines of a log, each on a line after a newline.
func lastLines(path string) string {
	const most, size = 3, 4096
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }()
	if info, err := file.Stat(); err == nil && info.Size() > size {
		_, _ = file.Seek(-size, io.SeekEnd)
	}
	end, err := io.ReadAll(io.LimitReader(file, size))
	if err != nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(end)), "\n")
	return "\n    " + strings.Join(lines[max(0, len(lines)-most):], "\n    ")
}

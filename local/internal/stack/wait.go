package stack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"taskwire.dev/local/internal/supervise"
)

// Wait returns when every named part is healthy; no names mean all. It gives up early on a part that keeps exiting,
// since that will not improve.
func Wait(ctx context.Context, client *supervise.Client, names []string, timeout time.Duration) error {
	deadline := time.Now().Add(timeout)
	before := map[string]int{}
	for {
		report, err := client.Report(ctx)
		if err != nil {
			return err
		}
		var waiting []string
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
			waiting = append(waiting, fmt.Sprintf("  %s: %s", part.Name, part.Reason))
			if part.Restarts-before[part.Name] >= 6 {
				deadline = time.Now()
			}
		}
		if len(waiting) == 0 {
			return nil
		}
		if !time.Now().Before(deadline) {
			return fmt.Errorf("not healthy:\n%s\nTheir logs: make logs F=NAME", strings.Join(waiting, "\n"))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Package chaos kills every part of a running Taskwire under constant load, and then checks that nothing was lost,
// duplicated or reordered. `make test` starts the stack, built with failpoints.
package chaos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/stack"
	"taskwire.dev/e2e/world"
)

const (
	rate = 100 // writes a second
	// timeout is the time within which a part, and the events in flight, must recover.
	timeout = 45 * time.Second
)

// chaos is a stack under load.
type chaos struct {
	*stack.Stack
	*world.World
}

// openStack finds the running stack.
func openStack(t *testing.T) *stack.Stack {
	t.Helper()
	if os.Getenv("TASKWIRE_URL") == "" {
		t.Fatal("TASKWIRE_URL is not set: there is no stack to test. Run `make test`, which starts one.")
	}
	profile := os.Getenv("TASKWIRE_PROFILE")
	if profile == "" {
		profile = "test"
	}
	return check.Must(stack.Open(profile))(t)
}

// setup finds the running stack and puts it under load.
func setup(t *testing.T) *chaos {
	t.Helper()
	s := openStack(t)
	values := check.Must(s.Values(check.Within(t, timeout)))(t)
	return &chaos{s, world.Start(t, world.Place{
		GatewayURL: values.GatewayURL, DatabaseURL: values.Database["owner"], KafkaBrokers: values.KafkaBrokers,
		Rate: rate, RecoveryTimeout: timeout,
	})}
}

// failpoint arms a failpoint of the tasks function and waits until the function has crashed at it.
func (w *chaos) failpoint(ctx context.Context, name string) error {
	before, err := w.WaitHealthy(ctx, "tasks")
	if err != nil {
		return err
	}
	dir, err := environment(before.PID, "FAILPOINT_DIR")
	if err != nil {
		return err
	}
	armed := filepath.Join(dir, name)
	if err := os.WriteFile(armed, nil, 0o600); err != nil {
		return err
	}
	err = world.Again(ctx, func() error {
		if _, err := os.Stat(armed); err == nil {
			return errors.New("no function reached the failpoint: were they built with the tag failpoint?")
		}
		return nil
	})
	if err != nil {
		return errors.Join(err, os.Remove(armed))
	}
	_, err = w.WaitReplaced(ctx, before)
	return err
}

// environment reads a variable of a running process.
func environment(pid int, name string) (string, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	if err != nil {
		return "", err
	}
	for variable := range bytes.SplitSeq(content, []byte{0}) {
		if value, ok := strings.CutPrefix(string(variable), name+"="); ok {
			return value, nil
		}
	}
	return "", fmt.Errorf("process %d has no %s", pid, name)
}

package cluster

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// testStart is how long the pod may take to start, of which its image is most.
const testStart = 5 * time.Minute

func (t *Target) lookAtTest(ctx context.Context) (runPod, error) {
	var pod runPod
	exists, err := t.get(ctx, &pod, "pod", testPod)
	if err == nil && !exists {
		err = fmt.Errorf("somebody deleted the pod %s", testPod)
	}
	return pod, err
}

// follow copies the pod's log until it ends, and returns an error unless it succeeds. A log that breaks off, as it does when
// the API server or the kubelet restarts, is continued.
func (t *Target) follow(ctx context.Context, out io.Writer) error {
	for deadline := time.Now().Add(testStart); ; {
		pod, err := t.lookAtTest(ctx)
		if err != nil {
			return err
		}
		if pod.Status.Phase != "" && pod.Status.Phase != "Pending" {
			break
		}
		if reason := pod.stuck(); reason != "" || time.Now().After(deadline) {
			return fmt.Errorf("the pod %s does not start: %s", testPod, cmp.Or(reason, "it is still waiting"))
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	for last := (time.Time{}); ; {
		pod, err := t.lookAtTest(ctx)
		if err != nil {
			return err
		}
		copied := t.copyLog(ctx, out, &last)
		// What is copied after the end is all of the log; before it, the rest may be missing.
		if failure, ok := pod.ended(); ok {
			if failure != "" {
				return errors.Join(fmt.Errorf("tests failed: %s", failure), copied)
			}
			return copied
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

// copyLog copies the lines of the pod's log that came after last, and moves last on.
func (t *Target) copyLog(ctx context.Context, out io.Writer, last *time.Time) error {
	args := []string{"-n", Namespace, "logs", "--follow", "--timestamps", testPod}
	if !last.IsZero() { // it knows whole seconds only
		args = append(args, "--since-time="+last.UTC().Format(time.RFC3339))
	}
	command := exec.CommandContext(ctx, "kubectl", args...)
	command.Env, command.Stderr = t.environment(), os.Stderr
	pipe, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	for lines := bufio.NewReader(pipe); ; {
		line, err := lines.ReadString('\n')
		if err != nil { // also in the middle of a line, which comes again
			break
		}
		stamp, text, _ := strings.Cut(line, " ")
		if at, err := time.Parse(time.RFC3339Nano, stamp); err == nil && at.After(*last) {
			*last = at
			_, _ = io.WriteString(out, text)
		}
	}
	return command.Wait()
}

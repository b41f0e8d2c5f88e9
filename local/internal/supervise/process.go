package supervise

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"taskwire.dev/local/internal/proc"
)

// process is one run of a part.
type process struct {
	id      proc.ID
	command *exec.Cmd
	started time.Time
	exited  chan struct{} // closed when it has exited
	err     error         // its exit error; to be read after exited
	// replaced: it was ended on purpose, which does not count as a failure.
	replaced bool
}

// start runs the part, with its output appended to its log.
func start(part Part) (*process, error) {
	log, err := os.OpenFile(part.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	command := exec.Command(part.Path, part.Args...)
	command.Dir, command.Env = part.Dir, part.Env
	command.Stdout, command.Stderr = log, log
	// A separate process group: Ctrl-C in the caller's terminal should not reach it.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if part.UID != 0 {
		command.SysProcAttr.Credential = &syscall.Credential{Uid: part.UID, Gid: part.GID}
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	p := &process{command: command, started: time.Now(), exited: make(chan struct{})}
	p.id, err = proc.Identify(command.Process.Pid)
	if err != nil {
		// It has not been waited for, so it is at least a zombie: only /proc itself can be missing.
		_ = command.Process.Kill()
		_ = command.Wait()
		return nil, fmt.Errorf("identify process %d: %w", command.Process.Pid, err)
	}
	go func() {
		p.err = command.Wait()
		close(p.exited)
	}()
	return p, nil
}

// stop ends the process: the signal (the part's own when 0), and SIGKILL after the grace period.
func (p *process) stop(part Part, signal syscall.Signal) {
	if signal == 0 {
		signal = part.stopSignal()
	}
	_ = p.command.Process.Signal(signal)
	select {
	case <-p.exited:
	case <-time.After(part.Grace):
		_ = p.command.Process.Kill()
		<-p.exited
	}
}

// how describes how the process ended.
func (p *process) how() string {
	var exit *exec.ExitError
	switch {
	case p.err == nil:
		return "exited with status 0"
	case errors.As(p.err, &exit):
		return exit.Error()
	default:
		return p.err.Error()
	}
}

func (p Part) stopSignal() syscall.Signal {
	if p.Signal == "INT" {
		return syscall.SIGINT
	}
	return syscall.SIGTERM
}

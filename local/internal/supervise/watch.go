package supervise

import (
	"context"
	"io"
	"os"
	"time"

	"taskwire.dev/local/internal/probe"
)

const (
	eager   = 150 * time.Millisecond // between probes while a part is not healthy
	steady  = 3 * time.Second        // and while it is; a change of the unit ends the pause
	maxLog  = 64 << 20
	tooSlow = 2 * time.Second
)

// watch probes the part's health and keeps its log from filling the disk.
func (u *unit) watch(ctx context.Context) {
	checker := probe.Checker{}
	defer checker.Close()
	var sized time.Time
	for ctx.Err() == nil {
		u.mu.Lock()
		// Read under one lock, so that a process that is replaced during its probe ends the pause after it.
		part, p, changed := u.part, u.current, u.wake
		u.mu.Unlock()
		pause := eager
		if p != nil {
			attempt, cancel := context.WithTimeout(ctx, tooSlow)
			err := checker.Check(attempt, part.Probe)
			cancel()
			u.judge(p, err)
			if err == nil {
				pause = steady
			}
		}
		// A part that fails writes the most.
		if time.Since(sized) >= steady {
			rotate(part.Log)
			sized = time.Now()
		}
		select {
		case <-ctx.Done():
		case <-changed:
		case <-time.After(pause):
		}
	}
}

// judge records the result of a probe, unless its process has exited meanwhile.
func (u *unit) judge(p *process, err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.current != p || p.replaced {
		return
	}
	u.healthy = err == nil
	if err != nil {
		u.reason = err.Error()
	}
}

// rotate moves a log that has grown too large aside. The process keeps writing to the same file, which works because it
// was opened for appending.
func rotate(path string) {
	info, err := os.Stat(path)
	if err != nil || info.Size() < maxLog {
		return
	}
	from, err := os.Open(path)
	if err != nil {
		return
	}
	defer func() { _ = from.Close() }()
	to, err := os.OpenFile(path+".1", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	_, _ = io.Copy(to, from)
	_ = to.Close()
	_ = os.Truncate(path, 0)
}

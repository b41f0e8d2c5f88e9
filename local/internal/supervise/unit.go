package supervise

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"syscall"
	"time"

	"taskwire.dev/local/internal/proc"
)

const (
	firstBackoff = 200 * time.Millisecond
	lastBackoff  = 5 * time.Second
	// settled is how long a part must run before its next exit counts as the first again.
	settled = 20 * time.Second
)

// unit runs one part for as long as it is wanted.
type unit struct {
	records records
	cancel  context.CancelFunc
	done    chan struct{}

	mu       sync.Mutex
	part     Part
	wanted   bool
	stopWith syscall.Signal // the signal of a stop on request, if not the part's own
	current  *process
	active   bool // there is a process, or one is about to start
	restarts int
	healthy  bool
	reason   string
	wake     chan struct{} // closed and replaced at every change, to wake waiters
}

// newUnit starts a unit once after is closed, if it is not nil: a predecessor has the same ports and the same record.
func newUnit(part Part, records records, after <-chan struct{}) *unit {
	ctx, cancel := context.WithCancel(context.Background())
	u := &unit{
		records: records, cancel: cancel, done: make(chan struct{}),
		part: part, wanted: true, reason: "starting", wake: make(chan struct{}),
	}
	go func() {
		if after != nil {
			<-after
		}
		u.run(ctx)
	}()
	go u.watch(ctx)
	return u
}

// run is the unit's loop: start, wait for an exit or a request, repeat.
func (u *unit) run(ctx context.Context) {
	defer close(u.done)
	backoff := firstBackoff
	for ctx.Err() == nil {
		part, wanted, changed := u.begin()
		if !wanted {
			select {
			case <-ctx.Done():
			case <-changed:
			}
			continue
		}
		p, err := start(part)
		if err != nil {
			slog.Error("cannot start", "part", part.Name, "error", err)
			changed = u.set(nil, err.Error())
		} else {
			slog.Info("started", "part", part.Name, "pid", p.id.PID)
			if err := u.records.write(part, p.id); err != nil {
				slog.Error("cannot record", "part", part.Name, "error", err)
			}
			u.set(p, "starting")
			u.attend(ctx, p, part)
			u.records.remove(part.Name)
			if time.Since(p.started) > settled {
				backoff = firstBackoff
			}
			if _, still, _ := u.requested(); !still || ctx.Err() != nil || p.replaced {
				u.set(nil, "stopped")
				backoff = firstBackoff
				continue
			}
			slog.Warn("died", "part", part.Name, "pid", p.id.PID, "how", p.how())
			changed = u.died(p.how())
		}
		select {
		case <-ctx.Done():
		case <-changed:
		case <-time.After(backoff):
		}
		backoff = min(backoff*2, lastBackoff)
	}
}

// attend returns when the process has exited, or was stopped because it is no longer wanted as it is.
func (u *unit) attend(ctx context.Context, p *process, started Part) {
	for {
		part, wanted, changed := u.requested()
		if !wanted || ctx.Err() != nil || part.fingerprint() != started.fingerprint() {
			u.mu.Lock()
			signal := u.stopWith
			u.stopWith = 0
			p.replaced = true
			u.mu.Unlock()
			p.stop(started, signal)
			return
		}
		select {
		case <-p.exited:
			return
		case <-ctx.Done():
		case <-changed:
		}
	}
}

// requested returns the requested state, and a channel that closes when that or the unit's state changes.
func (u *unit) requested() (Part, bool, <-chan struct{}) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.part, u.wanted, u.wake
}

// begin is requested, and for a wanted unit also marks that a process is about to start.
func (u *unit) begin() (Part, bool, <-chan struct{}) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.active = u.wanted
	return u.part, u.wanted, u.wake
}

// set records the running process, or nil, and returns a channel that closes at the next change.
func (u *unit) set(p *process, reason string) <-chan struct{} {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.current, u.active, u.healthy, u.reason = p, p != nil, false, reason
	u.announce()
	return u.wake
}

// died records an unexpected exit and wakes callers of stopped, since a stop may have been requested just before. It returns a
// channel that closes at the next change, with which the restart backoff ends early.
func (u *unit) died(how string) <-chan struct{} {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.current, u.active, u.healthy, u.reason = nil, false, false, how
	u.restarts++
	u.announce()
	return u.wake
}

// announce wakes all waiters; the lock is held.
func (u *unit) announce() {
	close(u.wake)
	u.wake = make(chan struct{})
}

// replace sets another part to run; an unchanged one is left alone, but wanted again.
func (u *unit) replace(part Part) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.part.fingerprint() != part.fingerprint() {
		u.reason, u.healthy = "restarting", false
	} else if u.wanted {
		return
	}
	u.part, u.wanted, u.stopWith = part, true, 0 // no signal that an earlier stop named
	u.announce()
}

// want starts or stops the unit; signal 0 is the part's stop signal.
func (u *unit) want(wanted bool, signal syscall.Signal) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.wanted == wanted {
		return
	}
	u.wanted, u.stopWith = wanted, signal
	u.announce()
}

// stopped waits until an unwanted unit has no process.
func (u *unit) stopped(ctx context.Context) error {
	for {
		u.mu.Lock()
		idle, wake := !u.active, u.wake
		u.mu.Unlock()
		if idle {
			return nil
		}
		select {
		case <-wake:
		case <-ctx.Done():
			return fmt.Errorf("%s has not stopped: %w", u.part.Name, ctx.Err())
		}
	}
}

// close stops the unit for good.
func (u *unit) close() {
	u.cancel()
	<-u.done
}

func (u *unit) status() Status {
	u.mu.Lock()
	s := Status{Name: u.part.Name, Port: u.part.Port, Healthy: u.healthy, Restarts: u.restarts, Reason: u.reason, Log: u.part.Log}
	p, wanted := u.current, u.wanted
	u.mu.Unlock()
	switch {
	case p != nil:
		s.State, s.PID = "running", p.id.PID
		s.RSSMB = float64(proc.Memory(p.id.PID)/1024) / 1024
	case wanted:
		s.State = "waiting"
	default:
		s.State, s.Reason = "stopped", "stopped on request"
	}
	if s.Healthy {
		s.Reason = ""
	}
	return s
}

package supervise

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"syscall"
	"time"
)

// Supervisor holds the parts of one profile.
type Supervisor struct {
	records records

	mu      sync.Mutex
	units   []*unit // in the order in which they were first requested
	leaving []*unit // pruned, and not stopped yet
	closed  bool
}

// New returns a supervisor that records its processes in dir.
func New(dir string) *Supervisor { return &Supervisor{records: records{dir}} }

// Ensure starts new parts, replaces changed ones, and leaves the rest alone.
func (s *Supervisor) Ensure(parts []Part) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return fmt.Errorf("the supervisor is stopping")
	}
	for _, part := range parts {
		if u := s.find(part.Name); u != nil {
			u.replace(part)
		} else {
			s.units = append(s.units, newUnit(part, s.records, s.leavingAs(part.Name)))
		}
	}
	return nil
}

// Prune stops every part that is not named.
func (s *Supervisor) Prune(keep []string) {
	s.mu.Lock()
	var gone []*unit
	s.units = slices.DeleteFunc(s.units, func(u *unit) bool {
		if slices.Contains(keep, u.part.Name) {
			return false
		}
		gone = append(gone, u)
		return true
	})
	s.leaving = append(s.leaving, gone...)
	s.mu.Unlock()
	closeInOrder(gone)
	s.mu.Lock()
	s.leaving = slices.DeleteFunc(s.leaving, func(u *unit) bool { return slices.Contains(gone, u) })
	s.mu.Unlock()
}

// leavingAs returns what closes when the last part of that name has stopped, or nil. It requires the lock.
func (s *Supervisor) leavingAs(name string) <-chan struct{} {
	for _, u := range slices.Backward(s.leaving) {
		if u.part.Name == name {
			return u.done
		}
	}
	return nil
}

// Stop holds a part down; signal 0 is the part's own stop signal. It returns when the process has exited.
func (s *Supervisor) Stop(ctx context.Context, name string, signal syscall.Signal) error {
	u, err := s.named(name)
	if err != nil {
		return err
	}
	u.want(false, signal)
	return u.stopped(ctx)
}

// Start restarts a part that was held down.
func (s *Supervisor) Start(name string) error {
	u, err := s.named(name)
	if err != nil {
		return err
	}
	u.want(true, 0)
	return nil
}

// Status lists the parts in the order of their start.
func (s *Supervisor) Status() []Status {
	s.mu.Lock()
	units := slices.Clone(s.units)
	s.mu.Unlock()
	all := make([]Status, 0, len(units))
	for _, u := range units {
		all = append(all, u.status())
	}
	return all
}

// Close stops everything, the last stage first.
func (s *Supervisor) Close() {
	s.mu.Lock()
	s.closed = true
	units := slices.Concat(s.units, s.leaving)
	s.units = nil
	s.mu.Unlock()
	closeInOrder(units)
}

func (s *Supervisor) stopping() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

func (s *Supervisor) named(name string) (*unit, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.find(name); u != nil {
		return u, nil
	}
	return nil, fmt.Errorf("no part is named %q", name)
}

// find requires the lock.
func (s *Supervisor) find(name string) *unit {
	for _, u := range s.units {
		if u.part.Name == name {
			return u
		}
	}
	return nil
}

// closeInOrder stops units stage by stage, the highest first, so that a part never loses what it needs for a clean
// stop: sidecars stop delivering before the functions exit, and the database stops last.
func closeInOrder(units []*unit) {
	units = slices.Clone(units)
	slices.SortStableFunc(units, func(a, b *unit) int { return cmp.Compare(b.stage(), a.stage()) })
	for len(units) > 0 {
		stage := units[0].stage()
		var group sync.WaitGroup
		for len(units) > 0 && units[0].stage() == stage {
			u := units[0]
			units = units[1:]
			group.Go(u.close)
		}
		group.Wait()
	}
}

func (u *unit) stage() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.part.Stage
}

// Grace is how long a client should wait for everything to stop.
const Grace = 90 * time.Second

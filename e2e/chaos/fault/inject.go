package fault

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"taskwire.dev/e2e/stack"
)

// Injector injects the faults of the schedule.
type Injector struct {
	Stack  *stack.Stack
	Values stack.Values
	// Up are the arguments that start the stack again after a fault has killed all of it.
	Up    []string
	Disks *Disks
	Net   *Net
}

// Can returns which of these kinds can be injected, or an error if none can. The caller adds the processes.
func (i *Injector) Can(kinds []Kind) (Can, error) {
	can := Can{Kinds: kinds, Disks: i.Disks.Parts(), Links: i.Net.Names()}
	return can, can.Restrict()
}

// Dial connects users to the gateway: through the link, if there is one, whatever address they use.
func (i *Injector) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	if at := i.Net.Address("all to gateway"); at != "" {
		address = at
	}
	return (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, network, address)
}

// Do injects a fault, and returns when it is over; its effects may last longer.
func (i *Injector) Do(ctx context.Context, f Fault) error {
	switch f.Kind {
	case Kill:
		return i.signal(ctx, f.Part, syscall.SIGKILL)
	case Terminate:
		return i.signal(ctx, f.Part, syscall.SIGTERM)
	case Pause:
		return i.pause(ctx, f)
	case Away:
		return i.while(ctx, f.For,
			func() error { return i.Stack.Hold(ctx, f.Part) },
			func() error { return i.Stack.Release(context.WithoutCancel(ctx), f.Part) })
	case AtCommit:
		return i.atCommit(ctx, f.Part)
	case Supervisor:
		boss, err := supervisor(i.Values)
		if err != nil {
			return err
		}
		return errors.Join(signal([]int{boss}, syscall.SIGKILL), i.Stack.Up(ctx, i.Up...))
	case PowerCut:
		if err := cutPower(ctx, i.Stack, i.Values); err != nil {
			return err
		}
		return i.Stack.Up(ctx, i.Up...)
	case Flush:
		return flush(ctx, i.Values.RedisURL)
	case Clock:
		return i.while(ctx, f.For, func() error { return i.setClock(f.By) }, func() error { return os.Remove(i.Values.ClockFile) })
	case DiskFull:
		return i.while(ctx, f.For, func() error { return i.Disks.Fill(f.Part) }, func() error { return i.Disks.Empty(f.Part) })
	case Cut, Slow, Stall:
		return i.while(ctx, f.For, func() error { return i.Net.Disturb(f.Part, f.Kind) }, func() error { return i.Net.Calm(f.Part) })
	}
	return fmt.Errorf("nobody knows how to make %s", f)
}

// while does something, and undoes it later whatever happens meanwhile.
func (i *Injector) while(ctx context.Context, d time.Duration, do, undo func() error) error {
	if err := do(); err != nil {
		return errors.Join(err, undo())
	}
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
	return undo()
}

// running returns a part's process, which another fault may just have ended.
func (i *Injector) running(ctx context.Context, part string) (int, error) {
	p, err := i.Stack.WaitHealthy(ctx, part)
	return p.PID, err
}

func (i *Injector) signal(ctx context.Context, part string, sig syscall.Signal) error {
	pid, err := i.running(ctx, part)
	if err != nil {
		return err
	}
	if part == stack.Postgres && sig == syscall.SIGTERM {
		sig = syscall.SIGINT // for PostgreSQL, SIGTERM means waiting until every client has disconnected
	}
	return signal([]int{pid}, sig)
}

func (i *Injector) pause(ctx context.Context, f Fault) error {
	pid, err := i.running(ctx, f.Part)
	if err != nil {
		return err
	}
	stopped := family(pid)
	return i.while(ctx, f.For,
		func() error { return signal(stopped, syscall.SIGSTOP) },
		func() error { return signal(stopped, syscall.SIGCONT) })
}

// atCommit arms the failpoint, and returns when a process has died of it.
func (i *Injector) atCommit(ctx context.Context, function string) error {
	armed := filepath.Join(i.Values.Functions[function].FailpointDir, "after-commit")
	if err := os.WriteFile(armed, nil, 0o600); err != nil {
		return err
	}
	for {
		if _, err := os.Stat(armed); errors.Is(err, os.ErrNotExist) {
			return nil
		}
		select {
		case <-time.After(20 * time.Millisecond): // the polling interval
		case <-ctx.Done():
			return errors.Join(ctx.Err(), os.Remove(armed))
		}
	}
}

// setClock moves the clock of all functions at once.
func (i *Injector) setClock(by time.Duration) error {
	fresh := i.Values.ClockFile + ".new"
	if err := os.WriteFile(fresh, []byte(by.String()), 0o600); err != nil {
		return err
	}
	return os.Rename(fresh, i.Values.ClockFile)
}

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"taskwire.dev/e2e/stack"
)

// step is one thing that happens to the stack. do returns when it ended: what comes after that is recovery.
type step struct {
	name string
	// instant says that the step has no length worth a figure.
	instant bool
	do      func(context.Context) (ended time.Time, err error)
}

func steps(w *world, o options) []step {
	all := []step{
		{name: "normal operation", do: func(ctx context.Context) (time.Time, error) { return wait(ctx, o.calm) }},
		{name: "the database is unavailable", do: func(ctx context.Context) (time.Time, error) { return w.away(ctx, stack.Postgres) }},
		{name: "the broker is unavailable", do: func(ctx context.Context) (time.Time, error) { return w.away(ctx, stack.Broker) }},
		{name: "the gateway is told to end, as on a drained node", instant: true, do: func(ctx context.Context) (time.Time, error) { return w.replace(ctx, w.stack.Terminate) }},
		{name: "the gateway is killed, as on a lost node", instant: true, do: func(ctx context.Context) (time.Time, error) { return w.replace(ctx, w.stack.Kill9) }},
	}
	if w.values.Database["superuser"] == "" {
		w.note("Backup and restore were left out: the stack uses a PostgreSQL that is not its own, and the rehearsal may not drop a database there.")
		return all
	}
	return append(all,
		step{name: "a backup is made", do: w.makeBackup},
		step{name: "normal operation after the backup", do: func(ctx context.Context) (time.Time, error) { return wait(ctx, o.calm) }},
		step{name: "all data is lost and the backup restored", do: w.disaster},
	)
}

// done is a step that was performed.
type done struct {
	step
	began, ended, well time.Time
	lost               int
	felt               felt
}

// perform does a step and waits until all is well again.
func (w *world) perform(ctx context.Context, s step) (done, error) {
	d := done{step: s, began: time.Now()}
	var err error
	if d.ended, err = s.do(ctx); err != nil {
		return d, err
	}
	if err := w.well(ctx); err != nil {
		return d, err
	}
	d.well = time.Now()
	lost, err := w.lost(ctx)
	d.lost = len(lost)
	return d, err
}

func wait(ctx context.Context, d time.Duration) (time.Time, error) {
	select {
	case <-ctx.Done():
		return time.Now(), ctx.Err()
	case <-time.After(d):
		return time.Now(), nil
	}
}

// away kills a server and starts it again later.
func (w *world) away(ctx context.Context, server string) (ended time.Time, err error) {
	if err := w.stack.Hold(ctx, server); err != nil {
		return ended, err
	}
	ended, err = wait(ctx, w.options.outage)
	return ended, errors.Join(err, w.stack.Release(context.WithoutCancel(ctx), server))
}

// replace ends the gateway in some way, and waits until it runs again: its start is a part of the recovery.
func (w *world) replace(ctx context.Context, end func(context.Context, string) (stack.Part, error)) (ended time.Time, err error) {
	before, err := end(ctx, "gateway")
	if err != nil {
		return ended, err
	}
	ended = time.Now()
	ctx, cancel := context.WithTimeout(ctx, w.options.timeout)
	defer cancel()
	_, err = w.stack.WaitReplaced(ctx, before)
	return ended, err
}

func (w *world) makeBackup(ctx context.Context) (ended time.Time, err error) {
	folder, err := os.MkdirTemp("", "taskwire-rehearsal-")
	if err != nil {
		return ended, err
	}
	w.backup.folder, w.backup.began = folder, time.Now()
	err = w.stack.Backup(ctx, w.backup.file())
	return time.Now(), err
}

// disaster drops the database, restores the backup, and waits until every stream was told to reload.
func (w *world) disaster(ctx context.Context) (ended time.Time, err error) {
	if err := w.values.DropDatabase(ctx); err != nil {
		return ended, err
	}
	resets := make([]int, len(w.listeners))
	for i, l := range w.listeners {
		resets[i] = l.Report().Resets
	}
	dropped := time.Now()
	if err := w.stack.Restore(ctx, w.backup.file(), "--force"); err != nil {
		return ended, err
	}
	ended = time.Now()
	limited, cancel := context.WithTimeout(ctx, w.options.timeout)
	defer cancel()
	for i, l := range w.listeners {
		err := again(limited, func() error {
			if l.Report().Resets == resets[i] {
				return errors.New("a stream was not told to reload")
			}
			return nil
		})
		if err != nil {
			return ended, err
		}
	}
	return ended, w.forget(ctx, dropped)
}

// forget drops from what must be there the writes of the time between the backup and the disaster.
func (w *world) forget(ctx context.Context, dropped time.Time) error {
	missing, err := w.lost(ctx)
	if err != nil {
		return err
	}
	between := func(t time.Time) bool { return t.After(w.backup.began) && t.Before(dropped) }
	w.mu.Lock()
	defer w.mu.Unlock()
	gone := 0
	for _, id := range missing {
		if between(w.tasks[id].at) {
			delete(w.tasks, id)
			gone++
		}
	}
	for id, at := range w.completed {
		if between(at) {
			delete(w.completed, id)
		}
	}
	w.note("The disaster came %.0f s after the backup began. The %d tasks that were written since are gone, as expected, and are not counted as lost. "+
		"Every stream was told to reload (`sync.reset`).", dropped.Sub(w.backup.began).Seconds(), gone)
	return nil
}

// backup is where the backup is, and since when writes may be missing from it.
type backup struct {
	folder string
	began  time.Time
}

func (b backup) file() string { return filepath.Join(b.folder, "backup.zip") }

// upgrade upgrades from an earlier version and steps back, as `make upgrade-test` does, and returns its table.
func upgrade(ctx context.Context, root, from string) (string, error) {
	c := exec.CommandContext(ctx, "go", "run", "./e2e/upgrade", "-from", from)
	c.Dir = root
	var table bytes.Buffer
	c.Stdout, c.Stderr = io.MultiWriter(&table, os.Stderr), os.Stderr
	if err := c.Run(); err != nil {
		return table.String(), fmt.Errorf("upgrade from %s: %w", from, err)
	}
	return table.String(), nil
}

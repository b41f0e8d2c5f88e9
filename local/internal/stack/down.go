package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"taskwire.dev/local/internal/postgres"
	"taskwire.dev/local/internal/profile"
	"taskwire.dev/local/internal/supervise"
	"taskwire.dev/tools/progress"
)

// Down stops everything, including what a killed supervisor has left. It is not an error if nothing runs.
func Down(ctx context.Context, p profile.Profile, report *progress.Reporter) error {
	unlock, err := p.Lock()
	if err != nil {
		return err
	}
	defer unlock()
	return down(ctx, p, report)
}

func down(ctx context.Context, p profile.Profile, report *progress.Reporter) error {
	dir := p.Run()
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		report.Say("Profile %s is not running.", p.Name)
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, supervise.Grace)
	defer cancel()
	client := supervise.Connect(dir)
	_, err := client.Report(ctx)
	if err == nil {
		return report.Do("Stop everything", func() error { return client.Shutdown(ctx) })
	}
	// A supervisor that does not respond must not restart what is ended next.
	if id, alive := supervise.Running(dir); alive {
		id.End(syscall.SIGKILL, time.Second)
	}
	if len(supervise.Orphans(dir)) == 0 {
		report.Say("Profile %s is not running.", p.Name)
		return nil
	}
	return report.Do("Stop what a killed supervisor left", func() error {
		supervise.EndOrphans(dir)
		return nil
	})
}

// Reset stops everything and deletes the profile's state: its data, its logs and its secrets.
func Reset(ctx context.Context, p profile.Profile, report *progress.Reporter) error {
	unlock, err := p.Lock()
	if err != nil {
		return err
	}
	defer unlock()
	if err := down(ctx, p, report); err != nil {
		return err
	}
	return report.Do("Delete "+filepath.Join(".local", p.Name), func() error {
		if err := postgres.Remove(filepath.Join(p.Dir(), "pg")); err != nil {
			return err
		}
		if err := os.RemoveAll(p.Dir()); err != nil {
			return fmt.Errorf("%w (was it started by another user?)", err)
		}
		return os.RemoveAll(p.Bin())
	})
}

package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"taskwire.dev/local/internal/profile"
	"taskwire.dev/local/internal/supervise"
	"taskwire.dev/tools/progress"
)

// Operate runs the operators' program taskwire on the stack's database.
func (v Values) Operate(ctx context.Context, role string, args ...string) error {
	command := exec.CommandContext(ctx, filepath.Join(v.Bin, "taskwire"), args...)
	command.Env = []string{"PATH=/usr/bin:/bin", "DATABASE_URL=" + v.Database[role], "REDIS_URL=" + v.RedisURL, "TASKWIRE_RELEASE=" + commit(ctx, v.Root)}
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	return command.Run()
}

// commit names the working tree, for the manifest of a backup.
func commit(ctx context.Context, root string) string {
	command := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty", "--abbrev=12")
	command.Dir = root
	output, err := command.Output()
	if err != nil {
		return "unknown"
	}
	return string(output[:len(output)-1])
}

// Source is what to restore.
type Source struct {
	File string
	// Force stops functions that run, and replaces data that is there.
	Force bool
	// Republish is how long before the backup consumers may have been behind.
	Republish time.Duration
}

// Restore replaces the database of a profile with a backup. A stack that runs is stopped except for its servers, and started again
// afterwards; with force, since its users notice. Of one that is down only the servers are started meanwhile.
func Restore(ctx context.Context, p profile.Profile, options Options, from Source, report *progress.Reporter) error {
	client := supervise.Connect(p.Run())
	running, err := client.Report(ctx)
	if errors.Is(err, supervise.ErrDown) {
		options.InfraOnly = true
		values, err := Up(ctx, p, options, report)
		if err != nil {
			return err
		}
		if err := errors.Join(restore(ctx, values, from), Down(context.WithoutCancel(ctx), p, report)); err != nil {
			return err
		}
		report.Say("Profile %s is restored: make up starts it.", p.Name)
		return nil
	}
	if err != nil {
		return err
	}
	if !from.Force {
		return fmt.Errorf("profile %s is running; FORCE=1 (--force) stops its functions, replaces all its data with the backup, and starts them again", p.Name)
	}
	unlock, err := p.Lock()
	if err != nil {
		return err
	}
	defer unlock()
	values, err := ReadValues(p)
	if err != nil {
		return err
	}
	// Before users notice anything.
	if err := values.Operate(ctx, "owner", "verify", from.File); err != nil {
		return fmt.Errorf("verify %s: %w", from.File, err)
	}
	names := values.applications(running)
	err = report.Do(fmt.Sprintf("Stop %d functions and sidecars", len(names)), func() error {
		return forAll(names, func(name string) error { return client.Stop(ctx, name, false) })
	})
	if err != nil {
		return errors.Join(err, forAll(names, func(name string) error { return client.Start(context.WithoutCancel(ctx), name) }))
	}
	err = restore(ctx, values, from)
	// Also after a failure: then the data is what it was.
	return errors.Join(err, report.Do("Start them again", func() error {
		ctx := context.WithoutCancel(ctx)
		if err := forAll(names, func(name string) error { return client.Start(ctx, name) }); err != nil {
			return err
		}
		return Wait(ctx, client, nil, time.Minute)
	}))
}

// applications returns the running parts that use the database: functions, their sidecars, and the part that restores topics.
func (v Values) applications(running supervise.Report) (names []string) {
	for _, part := range running.Parts {
		if _, ok := v.Functions[strings.TrimSuffix(part.Name, "-dapr")]; ok || part.Name == topicsPart {
			names = append(names, part.Name)
		}
	}
	return names
}

func restore(ctx context.Context, values Values, from Source) error {
	args := []string{"restore", from.File, "--republish", from.Republish.String()}
	if from.Force {
		args = append(args, "--force")
	}
	if err := values.Operate(ctx, "owner", args...); err != nil {
		return fmt.Errorf("restore %s: %w", from.File, err)
	}
	return nil
}

// forAll calls do for all names at once.
func forAll(names []string, do func(name string) error) error {
	var group errgroup.Group
	for _, name := range names {
		group.Go(func() error { return do(name) })
	}
	return group.Wait()
}

// Package command is the command line.
package command

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"taskwire.dev/local/internal/profile"
	"taskwire.dev/local/internal/stack"
	"taskwire.dev/local/internal/supervise"
	"taskwire.dev/tools/progress"
	"taskwire.dev/tools/repository"
)

// place is the stack that a command works on.
type place struct {
	profile string
	port    int
	base    int
}

// Execute runs the command line and returns the exit code.
func Execute() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := root().ExecuteContext(ctx); err != nil {
		return 1
	}
	return 0
}

func root() *cobra.Command {
	at := &place{}
	c := &cobra.Command{
		Use:           "taskwire-local",
		Short:         "Runs Taskwire on one machine, without a container engine",
		SilenceUsage:  true,
		SilenceErrors: false,
	}
	c.CompletionOptions.HiddenDefaultCmd = true
	c.PersistentFlags().StringVar(&at.profile, "profile", profile.Development,
		"which stack: each has its own data, ports and binaries")
	c.AddCommand(
		upCommand(at), downCommand(at), resetCommand(at),
		statusCommand(at), logsCommand(at), valuesCommand(at), linksCommand(at),
		stopCommand(at), startCommand(at), waitCommand(at),
		superviseCommand(), restoreTopicsCommand(), testCommand(), rebuildCheckCommand(at), republishCommand(at),
		backupCommand(at), restoreCommand(at), mailCommand(at),
	)
	return c
}

// open finds the profile. Only `up` needs to know the ports.
func (a *place) open() (profile.Profile, error) {
	dir, err := repository.Root()
	if err != nil {
		return profile.Profile{}, err
	}
	p, err := profile.New(dir, a.profile, a.base, a.port)
	if err != nil {
		return profile.New(dir, a.profile, 1, 1)
	}
	return p, nil
}

// values returns what the last `up` of the profile wrote.
func (a *place) values() (stack.Values, error) {
	p, err := a.open()
	if err != nil {
		return stack.Values{}, err
	}
	return stack.ReadValues(p)
}

// client talks to the profile's supervisor.
func (a *place) client() (*supervise.Client, error) {
	p, err := a.open()
	if err != nil {
		return nil, err
	}
	return supervise.Connect(p.Run()), nil
}

func newReport() *progress.Reporter { return progress.New(os.Stdout) }

package command

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"taskwire.dev/local/internal/broker"
	"taskwire.dev/local/internal/stack"
	"taskwire.dev/shared/memory"
	"taskwire.dev/tools/topics"
)

// restoreTopicsCommand is the part "topics". DATABASE_URL is the owner's.
func restoreTopicsCommand() *cobra.Command {
	var listen, brokers, list, marker, taskwire string
	c := &cobra.Command{
		Use:    "restore-topics",
		Short:  "Recreate topics that the broker has lost, and republish their events (internal: `up` starts it)",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
			memory.ReleaseStartup()
			wanted, err := topics.Read(list)
			if err != nil {
				return err
			}
			restorer := &broker.TopicRestorer{
				Brokers: strings.Split(brokers, ","), Topics: wanted, Marker: marker,
				Republish: func(ctx context.Context) error {
					return republish(ctx, taskwire, os.Environ(), "--since", stack.TopicRetention)
				},
			}
			server := &http.Server{Addr: listen, Handler: restorer, ReadHeaderTimeout: 5 * time.Second}
			go func() {
				restorer.Run(c.Context())
				_ = server.Close()
			}()
			if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		},
	}
	flags := c.Flags()
	flags.StringVar(&listen, "listen", "", "loopback address that answers whether all topics are there")
	flags.StringVar(&brokers, "brokers", "", "the broker's addresses")
	flags.StringVar(&list, "topics", "", "the list of topics")
	flags.StringVar(&marker, "marker", "", "file that says that events must be published again")
	flags.StringVar(&taskwire, "taskwire", "", "the program taskwire")
	return c
}

func republishCommand(at *place) *cobra.Command {
	var since, user string
	c := &cobra.Command{
		Use:   "republish",
		Short: "Publish the events of the audit log again, with their ids (needs a stack that is up)",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			values, err := at.values()
			if err != nil {
				return err
			}
			args := []string{"--since", since}
			if user != "" {
				args = append(args, "--user", user)
			}
			env := []string{"PATH=/usr/bin:/bin", "DATABASE_URL=" + values.Database["owner"]}
			return republish(c.Context(), filepath.Join(values.Bin, "taskwire"), env, args...)
		},
	}
	c.Flags().StringVar(&since, "since", "", "a moment (2026-11-26T08:00:00Z) or a duration before now (36h)")
	c.Flags().StringVar(&user, "user", "", "only this user's: an id or an email address")
	_ = c.MarkFlagRequired("since")
	return c
}

func republish(ctx context.Context, program string, env []string, args ...string) error {
	command := exec.CommandContext(ctx, program, append([]string{"republish"}, args...)...)
	command.Env = env
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	return command.Run()
}

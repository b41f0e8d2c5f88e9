package command

import (
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"taskwire.dev/local/internal/supervise"
	"taskwire.dev/shared/memory"
)

// superviseCommand is the background process; --profile is only there to be seen in process lists.
func superviseCommand() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:    "supervise",
		Short:  "Keep the parts running (internal: `up` starts it)",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
			memory.ReleaseStartup()
			return supervise.Serve(c.Context(), dir)
		},
	}
	c.Flags().StringVar(&dir, "dir", "", "run folder of the profile")
	_ = c.MarkFlagRequired("dir")
	return c
}

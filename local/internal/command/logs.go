package command

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"taskwire.dev/local/internal/logs"
)

func logsCommand(at *place) *cobra.Command {
	var view logs.View
	var level string
	c := &cobra.Command{
		Use:   "logs [NAME...]",
		Short: "Show the end of the logs of every part, or of the named ones",
		Long: `Show the end of the logs of every part, or of the named ones.

With --level or --trace, only lines of JSON that match are shown: those of functions. The whole logs are searched, and
the lines of all parts are in the order of their times.`,
		RunE: func(c *cobra.Command, args []string) error {
			p, err := at.open()
			if err != nil {
				return err
			}
			if level != "" {
				var lowest slog.Level
				if err := lowest.UnmarshalText([]byte(level)); err != nil {
					return fmt.Errorf("--level %q: want debug, info, warn or error", level)
				}
				view.Level = lowest
			}
			view.Trace = traceID(view.Trace)
			var paths []string
			for _, name := range args {
				paths = append(paths, filepath.Join(p.Logs(), filepath.Base(name)+".log"))
			}
			if len(paths) == 0 {
				paths, _ = filepath.Glob(filepath.Join(p.Logs(), "*.log"))
			}
			if len(paths) == 0 {
				return fmt.Errorf("profile %s has no logs yet", at.profile)
			}
			err = logs.Show(c.Context(), c.OutOrStdout(), paths, view)
			var unknown logs.UnknownError
			if errors.As(err, &unknown) {
				known, _ := filepath.Glob(filepath.Join(p.Logs(), "*.log"))
				for i, path := range known {
					known[i] = strings.TrimSuffix(filepath.Base(path), ".log")
				}
				return fmt.Errorf("%w; there are %s", err, strings.Join(known, ", "))
			}
			return err
		},
	}
	flags := c.Flags()
	flags.BoolVarP(&view.Follow, "follow", "f", false, "keep printing new lines")
	flags.IntVarP(&view.Lines, "lines", "n", 20, "how many lines of each log first")
	flags.StringVar(&level, "level", "", "the lowest level to show: debug, info, warn or error")
	flags.StringVar(&view.Trace, "trace", "", "only lines of this trace: its id, or a traceparent")
	flags.BoolVar(&view.JSON, "json", false, "JSON lines as they were written, for jq")
	return c
}

// traceID takes the id out of a traceparent, such as 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.
func traceID(text string) string {
	if parts := strings.Split(text, "-"); len(parts) == 4 {
		return parts[1]
	}
	return text
}

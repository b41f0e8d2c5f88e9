package command

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"taskwire.dev/local/internal/logs"
)

func logsCommand(at *place) *cobra.Command {
	var follow bool
	var lines int
	c := &cobra.Command{
		Use:   "logs [NAME...]",
		Short: "Show the end of the logs of every part, or of the named ones",
		RunE: func(c *cobra.Command, args []string) error {
			p, err := at.open()
			if err != nil {
				return err
			}
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
			err = logs.Show(c.Context(), c.OutOrStdout(), paths, lines, follow)
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
	c.Flags().BoolVarP(&follow, "follow", "f", false, "go on as lines are written")
	c.Flags().IntVarP(&lines, "lines", "n", 20, "how many lines of each log first")
	return c
}

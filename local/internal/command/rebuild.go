package command

import (
	"os"
	"os/exec"
	"path/filepath"

	"github.com/spf13/cobra"
)

func rebuildCheckCommand(at *place) *cobra.Command {
	return &cobra.Command{
		Use:   "rebuild-check",
		Short: "Replay the audit log into an empty schema, and fail when a task differs (needs a stack that is up)",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			values, err := at.values()
			if err != nil {
				return err
			}
			check := exec.CommandContext(c.Context(), filepath.Join(values.Bin, "migrate"), "rebuild-check")
			check.Env = []string{"PATH=/usr/bin:/bin", "DATABASE_URL=" + values.Database["owner"]}
			check.Stdout, check.Stderr = os.Stdout, os.Stderr
			return check.Run()
		},
	}
}

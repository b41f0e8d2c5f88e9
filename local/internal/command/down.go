package command

import (
	"github.com/spf13/cobra"

	"taskwire.dev/local/internal/stack"
)

func downCommand(at *place) *cobra.Command {
	return &cobra.Command{
		Use:   "down",
		Short: "Stop everything, including what a killed supervisor left behind",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := at.open()
			if err != nil {
				return err
			}
			report := newReport()
			defer report.Close()
			return stack.Down(c.Context(), p, report)
		},
	}
}

func resetCommand(at *place) *cobra.Command {
	return &cobra.Command{
		Use:   "reset",
		Short: "Stop everything and delete the profile's data, logs and secrets",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := at.open()
			if err != nil {
				return err
			}
			report := newReport()
			defer report.Close()
			return stack.Reset(c.Context(), p, report)
		},
	}
}

package command

import (
	"time"

	"github.com/spf13/cobra"

	"taskwire.dev/local/internal/stack"
)

func stopCommand(at *place) *cobra.Command {
	var kill bool
	c := &cobra.Command{
		Use:   "stop NAME",
		Short: "Hold one part down until `start NAME`, to see what the others do without it",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			client, err := at.client()
			if err != nil {
				return err
			}
			return client.Stop(c.Context(), args[0], kill)
		},
	}
	c.Flags().BoolVar(&kill, "kill", false, "with SIGKILL, without a clean shutdown")
	return c
}

func startCommand(at *place) *cobra.Command {
	return &cobra.Command{
		Use:   "start NAME",
		Short: "Start a part that was stopped",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			client, err := at.client()
			if err != nil {
				return err
			}
			return client.Start(c.Context(), args[0])
		},
	}
}

func waitCommand(at *place) *cobra.Command {
	var timeout time.Duration
	c := &cobra.Command{
		Use:   "wait [NAME...]",
		Short: "Wait until the named parts, or all, are healthy",
		RunE: func(c *cobra.Command, args []string) error {
			client, err := at.client()
			if err != nil {
				return err
			}
			return stack.Wait(c.Context(), client, args, timeout)
		},
	}
	c.Flags().DurationVar(&timeout, "timeout", time.Minute, "how long")
	return c
}

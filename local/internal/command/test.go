package command

import (
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"taskwire.dev/local/internal/profile"
	"taskwire.dev/local/internal/suite"
)

func testCommand() *cobra.Command {
	var options suite.Options
	var broker string
	c := &cobra.Command{
		Use:   "test",
		Short: "Run every test: units and integration beside real servers, then the whole stack end to end",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if !slices.Contains([]string{"", "embedded", "kafka"}, broker) {
				return fmt.Errorf("--broker %q: want embedded or kafka", broker)
			}
			options.Apache = broker == "kafka"
			p, err := profileFor(&place{profile: profile.Test})
			if err != nil {
				return err
			}
			report := newReport()
			defer report.Close()
			return suite.Run(c.Context(), p, options, report)
		},
	}
	flags := c.Flags()
	flags.StringVar(&broker, "broker", os.Getenv("BROKER"), "embedded or kafka")
	flags.StringVar(&options.Run, "run", "", "only the end-to-end tests that match, as with go test")
	flags.BoolVar(&options.KeepUp, "keep-up", false, "leave the stack running afterwards")
	return c
}

package command

import (
	"encoding/json"
	"os"

	"github.com/spf13/cobra"

	"taskwire.dev/local/internal/stack"
)

func linksCommand(at *place) *cobra.Command {
	var options stack.Options
	c := &cobra.Command{
		Use:   "links",
		Short: "List where a proxy must listen between the parts of a stack that is started with --proxied",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := profileFor(at)
			if err != nil {
				return err
			}
			links, err := stack.Links(p, options)
			if err != nil {
				return err
			}
			encoder := json.NewEncoder(os.Stdout)
			encoder.SetIndent("", "  ")
			return encoder.Encode(links)
		},
	}
	c.Flags().IntVar(&at.base, "base", 0, "first of the ports, as for up")
	c.Flags().IntVar(&options.Copies, "copies", 1, "of every function, as for up")
	return c
}

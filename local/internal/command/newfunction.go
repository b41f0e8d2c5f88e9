package command

import (
	"time"

	"github.com/spf13/cobra"

	"taskwire.dev/local/internal/newfunction"
	"taskwire.dev/tools/repository"
)

func newFunctionCommand() *cobra.Command {
	var f newfunction.Function
	c := &cobra.Command{
		Use:   "new-function",
		Short: "Make a function that receives events, tested and ready to be deployed",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			root, err := repository.Root()
			if err != nil {
				return err
			}
			written, err := newfunction.Make(root, f, time.Now())
			for _, path := range written {
				c.Println(path)
			}
			return err
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.Name, "name", "", "of the function, such as webhook-notifier")
	flags.StringVar(&f.Topic, "topic", "task-events", "that it listens to")
	flags.StringVar(&f.Type, "type", "task.completed", "of the events that it is for")
	return c
}

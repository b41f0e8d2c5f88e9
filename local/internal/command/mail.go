package command

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"taskwire.dev/local/internal/mailpit"
	"taskwire.dev/local/internal/supervise"
)

func mailCommand(at *place) *cobra.Command {
	var limit int
	c := &cobra.Command{
		Use:   "mail",
		Short: "Print the mail that was sent: nothing leaves this machine",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			client, err := at.client()
			if err != nil {
				return err
			}
			if _, err := client.Report(c.Context()); errors.Is(err, supervise.ErrDown) {
				return notRunning(at)
			} else if err != nil {
				return err
			}
			values, err := at.values()
			if err != nil {
				return err
			}
			if values.MailURL == "" {
				return fmt.Errorf("profile %s runs without functions, so nothing sends mail; make up starts them", values.Profile)
			}
			mails, err := mailpit.List(c.Context(), values.MailURL, limit)
			if err != nil {
				return err
			}
			if len(mails) == 0 {
				fmt.Println("No mail yet.")
			}
			for _, m := range mails {
				var to []string
				for _, one := range m.To {
					to = append(to, one.Address)
				}
				fmt.Printf("%s  to %s: %s\n\n%s\n", m.Date.Local().Format("2006-01-02 15:04:05"), strings.Join(to, ", "), m.Subject, m.Text)
			}
			return nil
		},
	}
	c.Flags().IntVar(&limit, "limit", 10, "how many, the newest last")
	return c
}

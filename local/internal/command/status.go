package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"taskwire.dev/local/internal/supervise"
)

// errUnhealthy makes `status` exit with 1 after it has shown an unhealthy part.
var errUnhealthy = errors.New("not everything is healthy")

func statusCommand(at *place) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "status",
		Short: "Show every part: process, port, health, restarts, memory",
		Long: `Show every part: process, port, health, restarts since up, resident memory.
Exits with 1 when nothing runs, or not everything is healthy. With --json, the list says what is not, and the
exit code is 0 as long as something runs.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			client, err := at.client()
			if err != nil {
				return err
			}
			report, err := client.Report(c.Context())
			if errors.Is(err, supervise.ErrDown) {
				if asJSON {
					fmt.Println("[]")
				}
				return notRunning(at)
			}
			if err != nil {
				return err
			}
			if asJSON {
				encoder := json.NewEncoder(os.Stdout)
				encoder.SetIndent("", "  ")
				return encoder.Encode(report.Parts)
			}
			return table(report.Parts)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "a JSON list")
	return c
}

// notRunning distinguishes a stack that is down from one whose supervisor was killed.
func notRunning(at *place) error {
	p, err := at.open()
	if err != nil {
		return err
	}
	if orphans := supervise.Orphans(p.Run()); len(orphans) > 0 {
		return fmt.Errorf("the supervisor of profile %s was killed, and %s still run: make up starts anew, make down ends them",
			p.Name, strings.Join(orphans, ", "))
	}
	return fmt.Errorf("profile %s is not running: make up", p.Name)
}

func table(parts []supervise.Status) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PART\tPID\tPORT\tHEALTH\tRESTARTS\tMEMORY")
	var result error
	for _, part := range parts {
		health := "healthy"
		if !part.Healthy {
			health = part.State + ": " + part.Reason
			result = errUnhealthy
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%.80s\t%d\t%.0f MB\n", part.Name, part.PID, part.Port, health, part.Restarts, part.RSSMB)
	}
	_ = w.Flush()
	return result
}

func valuesCommand(at *place) *cobra.Command {
	c := &cobra.Command{
		Use:   "values",
		Short: "Print addresses and credentials of the stack as JSON, for tests",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			values, err := at.values()
			if err != nil {
				return err
			}
			encoder := json.NewEncoder(os.Stdout)
			encoder.SetIndent("", "  ")
			encoder.SetEscapeHTML(false)
			return encoder.Encode(values)
		},
	}
	c.Flags().Bool("json", true, "print JSON, which is the only format")
	return c
}

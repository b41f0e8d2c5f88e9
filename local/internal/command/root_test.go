package command

import (
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// TestFlags_HaveNoBackQuotes: pflag shows a word in back-quotes as the name of the flag's value.
func TestFlags_HaveNoBackQuotes(t *testing.T) {
	t.Parallel()
	for _, c := range root().Commands() {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if strings.Contains(f.Usage, "`") {
				t.Errorf("%s --%s: %s", c.Name(), f.Name, f.Usage)
			}
		})
	}
}

//go:build failpoint

package clock

import (
	"os"
	"strings"
	"time"
)

// offset is how far a test has moved the clock: the duration (time.ParseDuration) in the file that CLOCK_FILE names.
// It is read each time, so that all processes of a stack move together at once. Writers rename a whole
// file into place; without the file nothing is moved.
func offset() time.Duration {
	content, err := os.ReadFile(os.Getenv("CLOCK_FILE"))
	if err != nil {
		return 0
	}
	moved, err := time.ParseDuration(strings.TrimSpace(string(content)))
	if err != nil {
		panic("CLOCK_FILE: " + err.Error()) // a test that moves nothing must not pass
	}
	return moved
}

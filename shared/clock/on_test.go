//go:build failpoint

package clock_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"taskwire.dev/shared/clock"
)

func TestTheFileMovesTheClock(t *testing.T) {
	file := filepath.Join(t.TempDir(), "clock")
	t.Setenv("CLOCK_FILE", file)
	for _, moved := range []time.Duration{0, 36 * time.Hour, -time.Hour} {
		if moved != 0 {
			if err := os.WriteFile(file, []byte(moved.String()+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		before := time.Now()
		if got := clock.Now().Sub(before); got < moved-time.Millisecond || got > moved+time.Minute {
			t.Errorf("moved by %v, want %v", got, moved)
		}
	}
}

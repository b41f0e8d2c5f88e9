package main

import (
	"os"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/stack"
)

// TestAttacks runs the short form of every attack on the stack of `make test`. Only slow connections are timed here, and only roughly:
// `make security` reports how long another user waited, and fails above a second.
func TestAttacks(t *testing.T) {
	profile := os.Getenv("TASKWIRE_PROFILE")
	if profile == "" {
		t.Fatal("TASKWIRE_PROFILE is not set: there is no stack to attack. Run `make test`, which starts one.")
	}
	s := check.Must(stack.Open(profile))(t)
	b := check.Must(open(t.Context(), s, false))(t)
	report := func(t *testing.T, at attack, try func() *fight) {
		t.Helper()
		t.Run(at.name, func(t *testing.T) {
			began := time.Now()
			f := try()
			t.Logf("%.1f s: %s", time.Since(began).Seconds(), f.line())
			for _, broken := range f.broken() {
				t.Error(broken)
			}
		})
	}
	t.Run("quiet", func(t *testing.T) {
		for _, f := range b.quietly(t.Context()) {
			report(t, f.attack, func() *fight { return f })
		}
	})
	for i, at := range attacks {
		if !at.quiet {
			// One after the other: the effects of one must not be attributed to another.
			report(t, at, func() *fight { return b.fight(t.Context(), i, at) })
		}
	}
}

package suite

import (
	"slices"
	"testing"
)

// Every package runs once: alone, beside the tutorial, or as a check beside others.
func TestInOrder(t *testing.T) {
	t.Parallel()
	all := []string{"x/e2e", "x/e2e/chaos", "x/e2e/lostbroker", "x/e2e/memory", "x/e2e/observe", "x/e2e/reminders", "x/e2e/security", "x/e2e/tutorial"}
	first, last := inOrder(all)
	if want := []string{"x/e2e", "x/e2e/lostbroker", "x/e2e/chaos", "x/e2e/security"}; !slices.Equal(first, want) {
		t.Errorf("alone: %v, want %v", first, want)
	}
	if want := []string{"x/e2e/memory", "x/e2e/reminders"}; !slices.Equal(last, want) {
		t.Errorf("beside the tutorial: %v, want %v", last, want)
	}
}

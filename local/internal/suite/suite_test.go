package suite

import (
	"reflect"
	"testing"
)

// Every package runs once: in turn, beside the tutorial, on the second stack, or as a check beside others.
func TestInOrder(t *testing.T) {
	t.Parallel()
	all := []string{
		"x/e2e", "x/e2e/bench", "x/e2e/chaos", "x/e2e/chaos/verdict", "x/e2e/lostbroker", "x/e2e/memory", "x/e2e/observe", "x/e2e/reminders",
		"x/e2e/security", "x/e2e/tutorial",
	}
	want := order{
		first:          []string{"x/e2e"},
		rest:           []string{"x/e2e/lostbroker", "x/e2e/bench", "x/e2e/security"},
		besideTutorial: []string{"x/e2e/memory", "x/e2e/reminders"},
		chaos:          []string{"x/e2e/chaos", "x/e2e/chaos/verdict"},
	}
	if got := inOrder(all); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

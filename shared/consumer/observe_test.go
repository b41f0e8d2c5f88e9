package consumer

import (
	"fmt"
	"testing"
)

func TestKnown_TypesThatAreNotPublishedAreOneLabel(t *testing.T) {
	t.Parallel()
	labels := map[string]bool{}
	for i := range 2000 {
		for _, prefix := range []string{"task.", "sync.", "reminder.", "account.", ""} {
			labels[known(fmt.Sprintf("%s%d", prefix, i))] = true
		}
	}
	if len(labels) != 1 || !labels["other"] {
		t.Errorf("%d labels", len(labels))
	}
	for _, published := range []string{"task.created", "account.notice", "account.deleted", "reminder.digest", "sync.view-changed"} {
		if got := known(published); got != published {
			t.Errorf("%s is counted as %s", published, got)
		}
	}
}

package e2e

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// TestFairness_ASuccessorComesWhileAnotherUsersImportIsPublished: one user imports thousands of tasks. The events of
// another user must not wait behind them: between a completion and the record of its successor only a part of the
// import's events may reach the topic.
func TestFairness_ASuccessorComesWhileAnotherUsersImportIsPublished(t *testing.T) {
	t.Parallel()
	const batches, size, writers = 40, 100, 4
	heavy, other := newUser(t), newUser(t)
	due := time.Now().Add(48 * time.Hour).UTC().Truncate(time.Second)
	task := check.Must(other.CreateTask(t.Context(), client.Fields{
		"title": "Water the plants", "due_at": due, "timezone": "UTC", "recurrence": client.Fields{"rrule": "FREQ=DAILY"},
	}))(t)
	awaitRecords(t, taskEvents, other, 1)
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for b := range batches / writers {
				operations := make([]client.Operation, size)
				for i := range operations {
					operations[i] = client.Operation{Op: "create", Task: client.Fields{"title": fmt.Sprint("Import ", b, " ", i)}}
				}
				if _, err := heavy.Batch(t.Context(), operations...); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	start := time.Now()
	next := other.complete(t, task.ID)
	records := awaitRecords(t, taskEvents, other, 3) // created, completed, and the successor created
	if next == nil {
		t.Fatal("the series has ended")
	}
	came := records[2].Timestamp
	t.Logf("the successor's event came after %v", came.Sub(start))
	first := 0
	for _, r := range awaitRecords(t, taskEvents, heavy, batches*size) {
		if between(r, start, came) {
			first++
		}
	}
	if most := batches * size / 4; first > most {
		t.Errorf("%d events of the import preceded the successor's, want at most %d", first, most)
	}
}

func between(r *kgo.Record, from, to time.Time) bool {
	return r.Timestamp.After(from) && r.Timestamp.Before(to)
}

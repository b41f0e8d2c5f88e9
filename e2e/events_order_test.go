package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// TestOrder_TwentyWriters: twenty writers change one user's tasks concurrently. The numbers 1..n have no gaps and
// follow the order of versions, in the history, on both topics (one partition) and on a live stream.
func TestOrder_TwentyWriters(t *testing.T) {
	t.Parallel()
	const writers, each = 20, 25
	u := newUser(t)
	stream := open(t, u)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(w)))
			task, err := u.CreateTask(t.Context(), client.Fields{"title": fmt.Sprint("Writer ", w)})
			for i := 1; i < each && err == nil; i++ {
				switch random.IntN(3) {
				case 0:
					_, err = u.CompleteTask(t.Context(), task.ID, i%2 == 1)
					if err == nil && i%2 == 0 {
						_, err = u.PatchTask(t.Context(), task.ID, client.Fields{"description": fmt.Sprint("reopened ", i)})
					}
				case 1:
					_, err = u.PatchTask(t.Context(), task.ID, client.Fields{"title": fmt.Sprint("Writer ", w, " change ", i)})
				default:
					_, err = u.CreateTask(t.Context(), client.Fields{"title": fmt.Sprint("Writer ", w, " task ", i)})
				}
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	history := check.Must(u.History(t.Context(), 0))(t)
	n := len(history)
	if n < writers*each/2 {
		t.Fatalf("only %d events", n)
	}
	versions := map[string]int64{}
	for i, e := range history {
		if e.Seq != int64(i+1) {
			t.Fatalf("event %d has seq %d", i+1, e.Seq)
		}
		if e.Task.Version != versions[e.TaskID]+1 {
			t.Fatalf("seq %d: version %d of the task follows %d", e.Seq, e.Task.Version, versions[e.TaskID])
		}
		if i > 0 && e.Time.Before(history[i-1].Time) {
			t.Fatalf("seq %d has an earlier time than its predecessor", e.Seq)
		}
		versions[e.TaskID] = e.Task.Version
	}
	for i, change := range stream.changes(t, n) {
		e := history[i]
		if change.Seq != e.Seq || change.TaskID != e.TaskID || "task."+change.ChangeType != e.EventType {
			t.Fatalf("on the stream, place %d: %+v", i+1, change)
		}
		same(t, "the task on the stream", change.Task, e.Task)
	}
	for _, topic := range []string{taskEvents, taskUpdates} {
		records := awaitRecords(t, topic, u, n)
		if len(records) != n {
			t.Fatalf("%s has %d events of %d", topic, len(records), n)
		}
		for i, record := range records {
			e := decode(t, record)
			if record.Partition != records[0].Partition {
				t.Fatalf("%s: partitions %d and %d for one user", topic, record.Partition, records[0].Partition)
			}
			if e.ID != history[i].ID || e.Sequence != fmt.Sprintf("%020d", i+1) {
				t.Fatalf("%s, place %d: %s with sequence %s", topic, i+1, e.ID, e.Sequence)
			}
			if topic == taskEvents {
				var data client.TaskData
				check.NoError(t, json.Unmarshal(e.Data, &data))
				same(t, "the task in the record", data.Task, history[i].Task)
				same(t, "changed_fields in the record", data.ChangedFields, history[i].ChangedFields)
			}
		}
	}
	checkReplay(t, u, history)
}

// checkReplay rebuilds the tasks from the audit log and compares them.
func checkReplay(t *testing.T, u *user, history []client.AuditEvent) {
	t.Helper()
	tasks := map[string]client.Task{}
	var all []client.Task
	for {
		for _, e := range history {
			if e.Task == nil {
				delete(tasks, e.TaskID)
				continue
			}
			tasks[e.TaskID] = *e.Task
		}
		all = check.Must(u.AllTasks(t.Context(), map[string][]string{"limit": {"200"}}, nil))(t)
		var last int64
		if len(history) > 0 {
			last = history[len(history)-1].Seq
		}
		// The successor of a completed recurring task is created a moment later: then the tasks are newer than the log.
		if history = check.Must(u.History(t.Context(), last))(t); len(history) == 0 {
			break
		}
	}
	if len(all) != len(tasks) {
		t.Fatalf("%d tasks, but %d in the log", len(all), len(tasks))
	}
	for _, task := range all {
		same(t, "a task and what the log says of it", task, tasks[task.ID])
	}
}

// TestOrder_OfABatch: each operation has its own number, and the numbers are consecutive whatever other clients write.
func TestOrder_OfABatch(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 5 {
				operations := make([]client.Operation, 10)
				for j := range operations {
					operations[j] = client.Operation{Op: "create", Task: client.Fields{"title": fmt.Sprint(w, " ", i)}}
				}
				if _, err := u.Batch(t.Context(), operations...); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	history := check.Must(u.History(t.Context(), 0))(t)
	if len(history) != 200 {
		t.Fatalf("%d events", len(history))
	}
	for chunk := range slices.Chunk(history, 10) {
		for _, e := range chunk {
			if e.Task.Title != chunk[0].Task.Title {
				t.Fatalf("seq %d is in the middle of another batch", e.Seq)
			}
		}
	}
	awaitRecords(t, taskEvents, u, 200)
}

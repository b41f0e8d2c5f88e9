package cluster

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// TestStream_IsToldOfChanges measures the time from sending a change to its frame on an open stream. A gateway that
// rejected its sidecar's hints would still deliver everything, but only seconds later, by reading the log.
func TestStream_IsToldOfChanges(t *testing.T) {
	at := place(t)
	ctx := check.Within(t, 2*timeout)
	ada, _ := newUser(ctx, t, at)
	awake(ctx, t, "tasks")
	stream := check.Must(ada.OpenStream(ctx, "", nil))(t)
	defer stream.Close()
	const changes = 50
	var after []time.Duration
	for seq := int64(1); seq <= changes; seq++ {
		sent := time.Now()
		check.Must(ada.CreateTask(ctx, client.Fields{"title": fmt.Sprintf("Number %d", seq)}))(t)
		for {
			frame := check.Must(stream.Next(ctx))(t)
			if frame.Event != "sync.task-changed" {
				continue
			}
			if change := check.Must(frame.Change())(t); change.Seq != seq {
				t.Fatalf("number %d came after %d", change.Seq, seq-1)
			}
			after = append(after, frame.Received.Sub(sent))
			break
		}
	}
	slices.Sort(after)
	measure(t, "streams", fmt.Sprintf("%d changes, one after the other, from sending each to its frame: half of them, nine tenths, all", changes),
		fmt.Sprintf("%d ms, %d ms, %d ms", after[changes/2-1].Milliseconds(), after[changes*9/10-1].Milliseconds(), after[changes-1].Milliseconds()))
}

package supervise

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// A stop returns even if the process exits on its own just before it is stopped.
func TestStopped_OfAProcessThatDiesMeanwhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		u := &unit{part: Part{Name: "tasks"}, wanted: true, active: true, wake: make(chan struct{})}
		u.want(false, 0) // after run has read that the unit is still wanted
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		stopped := make(chan error, 1)
		go func() { stopped <- u.stopped(ctx) }()
		synctest.Wait()
		u.died("exit status 1")
		if err := <-stopped; err != nil {
			t.Error(err)
		}
	})
}

// An exit does not cut its own restart backoff short; a request does.
func TestDied_LeavesThePauseAlone(t *testing.T) {
	t.Parallel()
	u := &unit{part: Part{Name: "tasks"}, wanted: true, active: true, wake: make(chan struct{})}
	changed := u.died("exit status 1")
	select {
	case <-changed:
		t.Error("the exit ended the backoff")
	default:
	}
	u.want(false, 0)
	<-changed
}

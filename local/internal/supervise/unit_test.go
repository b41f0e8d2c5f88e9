package supervise

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// A process that exits by itself while its unit is being stopped: whoever waits for the stop notices.
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

// The announcement of an exit does not cut short the pause before the next start, which waits for requests.
func TestDied_LeavesThePauseAlone(t *testing.T) {
	t.Parallel()
	u := &unit{part: Part{Name: "tasks"}, wanted: true, active: true, wake: make(chan struct{})}
	changed := u.died("exit status 1")
	select {
	case <-changed:
		t.Error("the exit counts as a request")
	default:
	}
	u.want(false, 0)
	<-changed
}

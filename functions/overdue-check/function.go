// Package function is the clock of reminders: on each tick it sends the reminders that are due, for tasks soon due and
// tasks overdue, and brings back notifications whose snooze has ended. It selects what has become due, not what is due
// at this moment, so a missed tick only causes a delay.
//
// The tick is a CloudEvent from a PingSource, or the empty POST of a Dapr cron binding.
package function

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"taskwire.dev/functions/overdue-check/internal/decide"
	"taskwire.dev/functions/overdue-check/internal/tick"
	"taskwire.dev/shared/clock"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fn"
	"taskwire.dev/shared/fn/publishing"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/userlog"
)

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	*fn.Base
	clock   *tick.Clock
	working sync.Mutex // held by the running tick
}

// New returns an instance that has not started.
func New() *Function {
	f := &Function{}
	f.Base = fn.New(f.start)
	return f
}

// start opens the function's connections.
func (f *Function) start(ctx context.Context, c publishing.Config) (http.Handler, error) {
	conns, err := publishing.Connect(ctx, f.Base, c)
	if err != nil {
		return nil, err
	}
	f.clock = tick.NewClock(tick.NewReminders(conns.Pool, conns.Committed), tick.NewNotifications(conns.Pool, userlog.New(conns.Pool, conns.Committed)),
		tick.NewStateGuard(conns.Sidecar), decide.Decide)

	rt := &httpapi.Router{}
	handle := dapr.FromSidecar(c.Sidecar, f.tick)
	rt.Route("POST /{$}", handle)
	rt.Route("POST /cron-overdue-check", handle)
	return rt, nil
}

// tickTimeout is how long a tick may work through what an outage has left. The next tick does the rest.
const tickTimeout = 4 * time.Minute

// tick does the work, and responds when it is done; a fault is a 5xx, and the next tick tries again. The work continues
// when the caller gives up waiting. A tick that finds another one running returns at once, so that ticks do not pile up
// in memory.
func (f *Function) tick(w http.ResponseWriter, r *http.Request) error {
	if !f.working.TryLock() {
		w.WriteHeader(http.StatusOK)
		return nil
	}
	defer f.working.Unlock()
	// func-go's 30 s for a request are for ordinary requests.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(tickTimeout + time.Minute))
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), tickTimeout)
	defer cancel()
	started := time.Now()
	done, err := f.clock.Tick(ctx, clock.Now())
	if done != (tick.Done{}) {
		slog.InfoContext(ctx, "ticked", "reminders", done.Sent, "returned", done.Returned, "took", time.Since(started))
	}
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// Package function is the clock of reminders: at each tick it sends what is due by now, tasks soon due and tasks
// overdue, and brings back notifications that were snoozed until now. It works on what is due since, never on what is due
// at this moment, so a tick that was missed costs a delay and nothing else.
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
	working sync.Mutex // held by the tick that is at work
}

// New returns an instance that has not started.
func New() *Function {
	f := &Function{}
	f.Base = fn.New(f.start)
	return f
}

// start opens what the function works with.
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

// tickTimeout is how long a tick may work off what an outage has left. What it does not get done is the next one's.
const tickTimeout = 4 * time.Minute

// tick does the work, and answers when it is done; a fault is answered with 5xx, and the next tick tries again. The work
// goes on when the caller has given up waiting. A tick that finds another at work leaves it to that one, so that ticks
// do not pile up in memory.
func (f *Function) tick(w http.ResponseWriter, r *http.Request) error {
	if !f.working.TryLock() {
		w.WriteHeader(http.StatusOK)
		return nil
	}
	defer f.working.Unlock()
	// func-go's 30 s for a request are for ordinary ones.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(tickTimeout + time.Minute))
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), tickTimeout)
	defer cancel()
	started := time.Now()
	done, err := f.clock.Tick(ctx, clock.Now())
	if done != (tick.Done{}) {
		slog.Info("ticked", "reminders", done.Sent, "returned", done.Returned, "took", time.Since(started))
	}
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

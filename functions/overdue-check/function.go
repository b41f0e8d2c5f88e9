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

	"taskwire.dev/shared/clock"
	"taskwire.dev/shared/config"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/publishing"
	"taskwire.dev/shared/reminder"
)

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	publishing.Base
	clock   *reminder.Clock
	working sync.Mutex // held by the tick that is at work
}

// New returns an instance that has not started.
func New() *Function { return &Function{} }

// Start opens what the function works with.
func (f *Function) Start(_ context.Context, env map[string]string) error {
	c, err := config.Load[publishing.Config](env)
	if err != nil {
		return err
	}
	if err := f.Connect(c); err != nil {
		return err
	}
	ledger := postgres.NewReminders(f.Pool(), f.Committed)
	f.clock = reminder.NewClock(ledger, ledger, dapr.NewReminderGuard(f.Sidecar()), reminder.Decide)

	rt := &httpapi.Router{}
	tick := dapr.FromSidecar(c.Sidecar, f.tick)
	rt.Route("POST /{$}", tick)
	rt.Route("POST /cron-overdue-check", tick)
	f.Open(rt)
	return nil
}

// patience is how long a tick may work off what an outage has left. What it does not get done is the next one's.
const patience = 4 * time.Minute

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
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(patience + time.Minute))
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), patience)
	defer cancel()
	started := time.Now()
	done, err := f.clock.Tick(ctx, clock.Now())
	if done != (reminder.Done{}) {
		slog.Info("ticked", "reminders", done.Sent, "returned", done.Returned, "took", time.Since(started))
	}
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

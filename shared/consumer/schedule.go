package consumer

import (
	"context"
	"net/http"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/fault"
)

// The schedule of deliveries. An event is given up only by its consumer, and only for what the consumer itself makes of it.
// So tries are counted here, within one delivery, where nothing that is away can use them up: neither a deliverer that has
// to begin anew, nor a consumer that is restarted. dapr/base/resiliency.yaml (a laptop) and eventing/base/delivery.yaml (a
// cluster) only say how what is left undone comes again; the tests of this package hold all three together.
const (
	// Tries is how often an event is handled that fails by a defect: a panic, or an error of no known kind.
	Tries = 4
	// Hold is how long a delivery waits for what is away, before it is left to come again. It is more than the pauses between
	// all tries, and with one more attempt less than the 30 s that func-go leaves for an answer.
	Hold = 10 * time.Second

	firstPause = time.Second // doubled after each attempt
	maxPause   = 4 * time.Second
)

// outcome is what becomes of an event.
type outcome int

const (
	done    outcome = iota
	again           // the event is to be delivered again: what its handler needs is away
	refused         // the event is poison
)

// attempt handles an event until its outcome is known or the delivery, which began at start, has waited long enough. It
// returns how often the event failed by itself.
func (c *Consumer) attempt(ctx context.Context, start time.Time, event cloudevents.Event) (result outcome, failures int, err error) {
	for pause := firstPause; ; pause = min(2*pause, maxPause) {
		err = c.call(ctx, event)
		switch {
		case err == nil:
			return done, failures, nil
		case ctx.Err() != nil:
			return again, failures, err // the deliverer has hung up: what failed because of it says nothing about the event
		case cloudevent.Status(err) == http.StatusUnprocessableEntity:
			return refused, failures + 1, err
		case fault.From(err).Code == fault.Internal:
			if failures++; failures == Tries {
				return refused, failures, err
			}
		}
		if time.Since(start)+pause > Hold {
			return again, failures, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return again, failures, err
		}
	}
}

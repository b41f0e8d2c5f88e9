package consumer

import (
	"context"
	"net/http"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/fault"
)

// The schedule of deliveries. Tries after the consumer's own errors are counted here, within one delivery, where an outage cannot
// use them up: neither a restarted sidecar or source nor a restarted consumer. An event that finds something unavailable for
// longer is given up after MaxWait, or by the source of a cluster. dapr/base/resiliency.yaml (laptop) and
// eventing/base/delivery.yaml (cluster) only configure redelivery; the tests of this package check that all three match.
const (
	// Tries is how often an event is handled that fails because of a bug: a panic, or an unknown error.
	Tries = 4
	// Hold is how long a delivery waits for something unavailable before it is left for redelivery. It is longer than the pauses
	// between all tries, and with one more attempt shorter than the 30 s that func-go allows for a response.
	Hold = 10 * time.Second

	firstPause = time.Second // doubled after each attempt
	maxPause   = 4 * time.Second
)

// outcome is the result for an event.
type outcome int

const (
	done    outcome = iota
	again           // the event must be redelivered: something that its handler needs is unavailable
	refused         // the event is poison
)

// attempt handles an event until its outcome is known or the delivery, which began at start, has waited for Hold. It returns how
// often the event failed because of a bug.
func (c *Consumer) attempt(ctx context.Context, start time.Time, event cloudevents.Event) (result outcome, failures int, err error) {
	for pause := firstPause; ; pause = min(2*pause, maxPause) {
		err = c.call(ctx, event)
		switch {
		case err == nil:
			return done, failures, nil
		case ctx.Err() != nil:
			return again, failures, err // the caller has disconnected: failures caused by that are not the event's
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

package consumer

import (
	"context"
	"log/slog"
	"net/http"
	"sync"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/deadletter"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
)

// Deliveries is how often an event is delivered before the consumer gives up on it: the first time, and the
// retries of dapr/base/resiliency.yaml. Giving up itself, and not leaving it to Dapr, is what makes the reason
// known: Dapr would only move the bare record to the dead-letter topic.
const Deliveries = 1 + 5

// maxDelivery is the most bytes of a delivery: bounded by the subscription's maxMessagesCount and by MaxBody,
// in truth far less.
const maxDelivery = 32 << 20

// parallel is how many users' events of one bulk are handled at the same time.
const parallel = 8

// subscription takes events of the topic from the sidecar.
func (c *Consumer) subscription(topic string) httpapi.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		delivery, err := dapr.ReadDelivery(w, r, maxDelivery)
		if err != nil {
			return fault.Wrap(fault.Unavailable, err, "the delivery did not arrive whole") // Dapr must not take it for done
		}
		delivery.Answer(w, c.receive(r.Context(), topic, delivery.Records))
		return nil
	}
}

// entry is a record of a delivery.
type entry struct {
	record []byte
	event  cloudevents.Event
	err    error // why the record is no event
}

// receive handles the records: those of one user one after another, in their order, those of different users
// at the same time.
func (c *Consumer) receive(ctx context.Context, topic string, records [][]byte) []dapr.Status {
	statuses := make([]dapr.Status, len(records))
	entries := make([]entry, len(records))
	lanes := map[string][]int{}
	for i, record := range records {
		e := entry{record: record}
		e.event, e.err = cloudevent.Parse(record)
		entries[i] = e
		user := e.user()
		lanes[user] = append(lanes[user], i)
	}
	var running sync.WaitGroup
	slots := make(chan struct{}, parallel)
	for _, lane := range lanes {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			if c.receiveTogether(ctx, entries, lane, statuses) {
				return
			}
			waiting := false // for an event of the same user that is to come again
			for _, i := range lane {
				statuses[i] = c.receiveOne(ctx, topic, entries[i], waiting)
				waiting = waiting || statuses[i] == dapr.Retry
			}
		})
	}
	running.Wait()
	return statuses
}

// receiveTogether handles all events of a lane at once, and reports whether that is done.
func (c *Consumer) receiveTogether(ctx context.Context, entries []entry, lane []int, statuses []dapr.Status) bool {
	if c.bulk == nil || len(lane) < 2 {
		return false
	}
	events := make([]cloudevents.Event, len(lane))
	for at, i := range lane {
		if _, redriven := entries[i].event.Extensions()[deadletter.ExtensionRedrive]; redriven || entries[i].err != nil {
			return false
		}
		events[at] = entries[i].event
	}
	if err := c.callBulk(ctx, events); err != nil {
		slog.DebugContext(ctx, "events to be handled one by one", "consumer", c.name, "reason", err)
		return false
	}
	for _, i := range lane {
		c.tries.forget(entries[i].key())
		statuses[i] = dapr.Success
	}
	return true
}

func (c *Consumer) callBulk(ctx context.Context, events []cloudevents.Event) (err error) {
	defer c.recovered(ctx, events[0].ID(), &err)
	return c.bulk(ctx, events)
}

// key is what the event is counted by.
func (e entry) key() string { return e.event.Source() + "\x00" + e.event.ID() }

func (e entry) user() string {
	user, _ := e.event.Extensions()["partitionkey"].(string)
	return user
}

// receiveOne handles one event, unless it has to wait for one before it. An event that is delivered for the last
// time waits for nothing: Dapr would move it to the dead letters untried.
func (c *Consumer) receiveOne(ctx context.Context, topic string, e entry, waiting bool) dapr.Status {
	key := e.key()
	try, err := 1, e.err
	if err == nil {
		if try = c.tries.next(key); waiting && try < Deliveries {
			return dapr.Retry
		}
		err = c.call(ctx, e.event)
	}
	if err == nil {
		c.tries.forget(key)
		return dapr.Success
	}
	if ctx.Err() != nil {
		return dapr.Retry // the sidecar has hung up: whatever failed because of it says nothing about the event
	}
	log := slog.With("consumer", c.name, "topic", topic, "type", e.event.Type(), "id", e.event.ID(), "try", try, "reason", err)
	if cloudevent.Status(err) != http.StatusUnprocessableEntity && try < Deliveries {
		log.WarnContext(ctx, "event to be tried again")
		return dapr.Retry
	}
	letter := deadletter.Letter{ID: uuid.NewString(), Consumer: c.name, Topic: topic, Reason: err.Error(), Attempts: try, Event: e.record}
	if parked := c.letters.Park(ctx, letter); parked != nil {
		log.ErrorContext(ctx, "dead letter not sent", "error", parked)
		return dapr.Retry
	}
	log.WarnContext(ctx, "event sent to the dead letters")
	c.tries.forget(key)
	return dapr.Success
}

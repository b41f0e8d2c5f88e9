package consumer

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/deadletter"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/memory"
	"taskwire.dev/shared/telemetry"
)

// maxDelivery is the maximal size of a delivery in bytes. The subscription's maxMessagesCount and MaxBody bound it too; real ones
// are far smaller.
const maxDelivery = 32 << 20

// parallel is how many users' events of one bulk are handled at the same time.
const parallel = 8

// subscription handles events of the topic from the sidecar.
func (c *Consumer) subscription(topic string) httpapi.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		delivery, err := dapr.ReadDelivery(w, r, maxDelivery)
		if err != nil {
			return fault.Wrap(fault.Unavailable, err, "the delivery is incomplete") // Dapr must redeliver it
		}
		delivery.Answer(w, c.receive(r.Context(), topic, delivery))
		return nil
	}
}

// entry is a record of a delivery.
type entry struct {
	record   []byte
	position *deadletter.Position
	event    cloudevents.Event
	err      error // why the record is not an event
}

// receive handles the records: those of one user in order, those of different users in parallel.
func (c *Consumer) receive(ctx context.Context, topic string, delivery dapr.Delivery) []dapr.Status {
	start := time.Now()
	statuses := make([]dapr.Status, len(delivery.Records))
	entries := make([]entry, len(delivery.Records))
	byUser := map[string][]int{}
	for i, record := range delivery.Records {
		if c.ignored(ctx, record) {
			statuses[i] = dapr.Success
			continue
		}
		e := entry{record: record, position: delivery.Positions[i]}
		e.event, e.err = cloudevent.Parse(record)
		entries[i] = e
		user := e.user()
		byUser[user] = append(byUser[user], i)
	}
	var running sync.WaitGroup
	slots := make(chan struct{}, parallel)
	for user, indexes := range byUser {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			// What a large change needs counts for its user: the delivery has one lease for all of them.
			ctx, lease := memory.Process().Begin(ctx)
			defer lease.End()
			memory.Identify(ctx, user)
			if time.Since(start) < Hold && c.receiveTogether(ctx, entries, indexes, statuses) {
				return
			}
			for at, i := range indexes {
				statuses[i] = c.receiveOne(ctx, topic, start, entries[i])
				if statuses[i] == dapr.Retry {
					for _, later := range indexes[at+1:] { // keep the user's order
						statuses[later] = dapr.Retry
					}
					return
				}
			}
		})
	}
	running.Wait()
	return statuses
}

// ignored reports whether the consumer ignores the record's event. One whose trace is recorded is handled as any other, so that the
// trace shows who has received it.
func (c *Consumer) ignored(ctx context.Context, record []byte) bool {
	if c.ignores == nil {
		return false
	}
	sketch, ok := cloudevent.Glance(record)
	if !ok || !c.ignores(sketch) || telemetry.Tracing() && sketch.Sampled() {
		return false
	}
	c.count(ctx, sketch.Type, outcomeDone)
	return true
}

// receiveTogether handles all events of one user with the BulkHandler, and reports whether it succeeded. It does not if the trace of one
// is recorded: what one call did could not be told apart by their traces.
func (c *Consumer) receiveTogether(ctx context.Context, entries []entry, indexes []int, statuses []dapr.Status) bool {
	if c.bulk == nil || len(indexes) < 2 {
		return false
	}
	events := make([]cloudevents.Event, len(indexes))
	for at, i := range indexes {
		if _, redriven := entries[i].event.Extensions()[deadletter.ExtensionRedrive]; redriven || entries[i].err != nil || recorded(entries[i].event) {
			return false
		}
		events[at] = entries[i].event
	}
	if err := c.callBulk(ctx, events); err != nil {
		slog.DebugContext(ctx, "bulk handler failed; handling events one by one", "consumer", c.name, "reason", err)
		return false
	}
	for _, i := range indexes {
		c.count(ctx, entries[i].event.Type(), outcomeDone)
		c.waiting.forget(entries[i].key())
		statuses[i] = dapr.Success
	}
	return true
}

func (c *Consumer) callBulk(ctx context.Context, events []cloudevents.Event) (err error) {
	defer c.recovered(ctx, events[0].ID(), &err)
	defer c.measure(ctx, time.Now())
	return c.bulk(ctx, events)
}

func (e entry) key() string { return e.event.Source() + "\x00" + e.event.ID() }

func (e entry) user() string {
	user, _ := e.event.Extensions()["partitionkey"].(string)
	return user
}

// receiveOne handles one event, unless the delivery has already waited for Hold.
func (c *Consumer) receiveOne(ctx context.Context, topic string, start time.Time, e entry) dapr.Status {
	if time.Since(start) >= Hold {
		return dapr.Retry
	}
	result, failures, err := refused, 1, e.err
	if err == nil {
		result, failures, err = c.attempt(ctx, start, e.event)
	}
	key := e.key()
	if result == done {
		c.count(ctx, e.event.Type(), outcomeDone)
		c.waiting.forget(key)
		return dapr.Success
	}
	log := slog.With("consumer", c.name, "topic", topic, "type", e.event.Type(), "id", e.event.ID(), "reason", err)
	if result == again && (ctx.Err() != nil || !c.waiting.long(key, c.ready(ctx))) {
		c.count(ctx, e.event.Type(), outcomeRetried)
		log.WarnContext(ctx, "event will be redelivered")
		return dapr.Retry
	}
	dead := deadletter.DeadLetter{
		ID: uuid.NewString(), Consumer: c.name, Topic: topic, Position: e.position, Reason: err.Error(), Unavailable: result == again,
		Attempts: failures, Event: e.record,
	}
	if err := c.deadLetters.Publish(ctx, dead); err != nil {
		log.ErrorContext(ctx, "cannot publish dead letter", "error", err)
		return dapr.Retry
	}
	c.count(ctx, e.event.Type(), outcomeDeadLetter)
	log.WarnContext(telemetry.WithTraceparent(ctx, traceparent(e.event)), "event became a dead letter", "unavailable", dead.Unavailable)
	c.waiting.forget(key)
	return dapr.Success
}

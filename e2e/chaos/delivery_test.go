package chaos

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/load"
	"taskwire.dev/e2e/stack"
	"taskwire.dev/e2e/world"
)

// TestWhatIsAway_SpendsNoTries delivers events while their consumer, and then the database, is unavailable for longer
// than an exponential policy with five retries lasts, and for less than a health check takes to notice. The events
// wait: none may become a dead letter. Poison among them becomes one, once, with all its details.
func TestWhatIsAway_SpendsNoTries(t *testing.T) {
	const consumer = "recurring-spawn"
	s := openStack(t)
	values := check.Must(s.Values(check.Within(t, timeout)))(t)
	db := check.Must(pgxpool.New(t.Context(), values.Database["owner"]))(t)
	t.Cleanup(db.Close)
	kafka := check.Must(kgo.NewClient(kgo.SeedBrokers(strings.Split(values.KafkaBrokers, ",")...)))(t)
	t.Cleanup(kafka.Close)
	account := check.Must(load.Register(check.Within(t, timeout), client.New(values.GatewayURL, http.DefaultTransport), 1))(t)[0]
	user := client.New(values.GatewayURL, http.DefaultTransport).As(account.Token).Patient()
	published := func() (n int64) {
		ends := check.Must(kadm.NewClient(kafka).ListEndOffsets(check.Within(t, timeout), "dead-letters"))(t)
		ends.Each(func(end kadm.ListedOffset) { n += end.Offset })
		return n
	}
	before := published()

	away := func(part string, lasts time.Duration, meanwhile func()) {
		ctx := check.Within(t, lasts+timeout)
		check.NoError(t, s.Hold(ctx, part))
		defer func() { check.NoError(t, s.Release(context.WithoutCancel(ctx), part)) }()
		over := time.After(lasts)
		meanwhile()
		<-over
	}
	complete := func() { check.NoError(t, completeRecurring(check.Within(t, timeout), user, 60)) }
	poison := client.Event{
		SpecVersion: "1.0", ID: rand.Text(), Source: "/chaos", Type: "task.completed", Subject: "nobody",
		Data: json.RawMessage(`{"task":{"recurrence":{}}}`),
	}
	record := &kgo.Record{
		Topic: "task-events", Key: []byte("nobody"), Value: check.Must(json.Marshal(poison))(t),
		Headers: []kgo.RecordHeader{{Key: "content-type", Value: []byte("application/cloudevents+json")}},
	}

	away(consumer, 8*time.Second, complete)
	away(stack.Sidecar(consumer), 8*time.Second, complete)
	// Stop the function first, so that the completions are not yet delivered when the database stops.
	away(consumer, 0, func() {
		complete()
		check.NoError(t, kafka.ProduceSync(t.Context(), record).FirstErr())
		check.NoError(t, s.Hold(t.Context(), stack.Postgres))
	})
	away(stack.Postgres, 15*time.Second, func() {})
	check.Must(s.WaitHealthy(check.Within(t, timeout), stack.Postgres))(t)
	back := time.Now()

	const open = `
SELECT count(*) FROM task t WHERE user_id = $1 AND completed_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM task n WHERE n.user_id = t.user_id AND n.series_id = t.id AND n.id <> t.id)`
	check.NoError(t, world.Again(check.Within(t, timeout), func() error {
		var n int
		if err := db.QueryRow(t.Context(), open, account.ID).Scan(&n); err != nil || n > 0 {
			return errors.Join(err, fmt.Errorf("%d completed tasks have no successor", n))
		}
		return nil
	}))
	t.Logf("everything that waited for the database was done %v after it was back", time.Since(back).Round(time.Millisecond))

	var letter struct {
		Consumer, Topic, Reason string
		Partition               int32
		Offset                  int64
	}
	check.NoError(t, world.Again(check.Within(t, timeout), func() error {
		const read = `SELECT consumer, topic, reason, record_partition, record_offset FROM dead_letter WHERE source = $1 AND event_id = $2 AND consumer = $3`
		return db.QueryRow(t.Context(), read, poison.Source, poison.ID, consumer).
			Scan(&letter.Consumer, &letter.Topic, &letter.Reason, &letter.Partition, &letter.Offset)
	}))
	if letter.Consumer != consumer || letter.Topic != record.Topic || letter.Partition != record.Partition || letter.Offset != record.Offset ||
		!strings.Contains(letter.Reason, "must be named") {
		t.Errorf("the poison is stored as %+v", letter)
	}
	// The function mcp also refuses it, because it needs the user of an event.
	var others int
	const foreign = `SELECT count(*) FROM dead_letter WHERE source <> $1 AND failed_at > $2`
	check.NoError(t, db.QueryRow(t.Context(), foreign, poison.Source, back.Add(-2*time.Minute)).Scan(&others))
	check.NoError(t, world.Again(check.Within(t, timeout), func() error {
		if n := published() - before; n < 2 {
			return fmt.Errorf("%d letters", n)
		}
		return nil
	}))
	if letters := published() - before; others > 0 || letters != 2 {
		t.Errorf("%d dead letters, want one of the poison for each of its two consumers; %d of other events", letters, others)
	}
}

package cluster

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/twmb/franz-go/pkg/kgo"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/shared/eventually"
)

// TestTwoRelays_OrderIsKept leaves in the outbox what killed functions would leave for many users, and sends eight
// concurrent ticks to two relays until it is empty. The topic has each user's events in order and complete, and without
// duplicates after deduplication by id.
func TestTwoRelays_OrderIsKept(t *testing.T) {
	at := place(t)
	ctx := check.Within(t, 2*timeout)
	const relay, topic, users, each = "outbox-relay", "task-updates", 16, 40
	needs(ctx, t, relay)
	f := function{name: relay, kind: serving}
	two(ctx, t, f)
	topics := listen(t, at, topic)
	db := check.Must(pgx.Connect(ctx, at.DatabaseURL))(t)
	defer db.Close(ctx)

	who := make([]string, users)
	left := &pgx.Batch{}
	for u := range users {
		check.NoError(t, db.QueryRow(ctx, `SELECT gen_random_uuid()::text`).Scan(&who[u]))
		for n := range each {
			event := client.Event{
				SpecVersion: "1.0", ID: fmt.Sprintf("%s-%d", who[u], n), Source: "/users/" + who[u] + "/tasks", Type: "sync.task-changed", Subject: rand.Text(),
				Data: json.RawMessage(fmt.Sprintf(`{"user_id":%q,"seq":0}`, who[u])),
			}
			left.Queue(`INSERT INTO outbox (shard, user_id, topic, payload, created_at) VALUES ($1, $2, $3, $4, now() - interval '1 minute')`,
				u%16, who[u], topic, check.Must(json.Marshal(event))(t))
		}
	}
	check.NoError(t, db.SendBatch(ctx, left).Close())

	eventually.Succeeds(ctx, t, "the outbox is empty", func() error {
		ticks(ctx, t, f)
		var waiting int
		err := db.QueryRow(ctx, `SELECT count(*) FROM outbox WHERE user_id::text = ANY($1)`, who).Scan(&waiting)
		if err == nil && waiting > 0 {
			err = fmt.Errorf("%d are left", waiting)
		}
		return err
	})
	again := 0
	for _, user := range who {
		records := check.Must(topics.Await(ctx, topic, user, func(r []*kgo.Record) bool { return len(firsts(r)) >= each }))(t)
		ids := firsts(records)
		for n, id := range ids {
			if want := fmt.Sprintf("%s-%d", user, n); id != want {
				t.Fatalf("event %d of a user is %s, want %s", n, id, want)
			}
		}
		again += len(records) - len(ids)
	}
	measure(t, "replicas", "two of "+relay, fmt.Sprintf("%d events of %d users, all in the topic in their order; %d were sent again", users*each, users, again))
}

// ticks sends eight ticks at once, as the clock does, which Knative spreads over the replicas. If one fails, a later
// one does its work.
func ticks(ctx context.Context, t *testing.T, f function) {
	t.Helper()
	var ticking sync.WaitGroup
	for range 8 {
		ticking.Go(func() {
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, f.address()+"/", strings.NewReader("{}"))
			if err != nil {
				t.Error(err)
				return
			}
			r.Header.Set("Content-Type", "application/json")
			answer, err := transport().RoundTrip(r)
			if err != nil {
				t.Log("a tick: ", err)
				return
			}
			_ = answer.Body.Close()
		})
	}
	ticking.Wait()
}

// firsts are the ids of the events, each at its first occurrence.
func firsts(records []*kgo.Record) (ids []string) {
	seen := map[string]bool{}
	for _, r := range records {
		var event client.Event
		if json.Unmarshal(r.Value, &event) == nil && !seen[event.ID] {
			seen[event.ID] = true
			ids = append(ids, event.ID)
		}
	}
	return ids
}

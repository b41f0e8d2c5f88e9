package cluster

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/twmb/franz-go/pkg/kgo"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// TestClockTicks_WhatACrashLeftIsPublished leaves in the outbox what a killed function would leave. Only the relay,
// called by its PingSource, publishes it.
func TestClockTicks_WhatACrashLeftIsPublished(t *testing.T) {
	at := place(t)
	ctx := check.Within(t, timeout)
	_, session := newUser(ctx, t, at)
	topics := check.Must(client.OpenTopics(strings.Split(at.KafkaBrokers, ","), []string{"task-updates"}, time.Now().Add(-time.Minute), nil))(t)
	defer topics.Close()

	event := client.Event{
		SpecVersion: "1.0", ID: rand.Text(), Source: "/users/" + session.User.ID + "/tasks", Type: "sync.task-changed", Subject: "none",
		Data: json.RawMessage(fmt.Sprintf(`{"user_id":%q,"seq":0}`, session.User.ID)),
	}
	db := check.Must(pgx.Connect(ctx, at.DatabaseURL))(t)
	defer db.Close(ctx)
	left := time.Now()
	_, err := db.Exec(ctx, `INSERT INTO outbox (shard, user_id, topic, payload) VALUES (0, $1, 'task-updates', $2)`,
		session.User.ID, check.Must(json.Marshal(event))(t))
	check.NoError(t, err)
	check.Must(topics.Await(ctx, "task-updates", session.User.ID, func(records []*kgo.Record) bool {
		for _, r := range records {
			if strings.Contains(string(r.Value), event.ID) {
				return true
			}
		}
		return false
	}))(t)
	measure(t, "through sleeping functions", "what a crash left in the outbox, to the topic, by a tick every 10 s", fmt.Sprintf("%.1f s", time.Since(left).Seconds()))
}

package function

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/functions/dead-letter/internal/pipeline"
	"taskwire.dev/shared/eventually"
)

func (b *bundle) measure(t *testing.T) (s pipeline.Snapshot) {
	t.Helper()
	status, body := b.ask(t, "GET", "/api/admin/pipeline")
	if err := json.Unmarshal([]byte(body), &s); err != nil || status != 200 || s.MeasuredAt.IsZero() {
		t.Fatalf("%d %s", status, body)
	}
	return s
}

func TestPipelineSaysWhatIsThere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if s := b.measure(t); s.Outbox.Waiting != 0 || s.Outbox.OldestAt != nil || s.Outbox.Topics == nil || s.DeadLetters.Consumers == nil || s.DeadLetters.FailedAt != nil {
		t.Errorf("of nothing: %+v", s)
	}
	for i, topic := range []string{"task-events", "task-events", "reminders"} {
		b.sql(t, `INSERT INTO outbox (shard, user_id, topic, payload, created_at) VALUES (0, $1, $2, '{}', '2026-11-24T08:00:00Z'::timestamptz + $3 * interval '1 minute')`, uuid.New(), topic, i)
	}
	b.publishDeadLetter(t, "mcp", "e1")
	b.publishDeadLetter(t, "recurring-spawn", "e2")
	b.deliver(t, []byte("no event"))
	letters, _ := b.list(t, "?consumer=mcp")
	if status, body := b.ask(t, "POST", "/api/admin/dead-letters/"+letters[0].ID.String()+"/redrive"); status != 200 {
		t.Fatal(status, body)
	}
	s := b.measure(t)
	// the redriven event is in the backlog too
	if o := s.Outbox; o.Waiting != 4 || len(o.Topics) != 2 || o.Topics[0].Topic != "reminders" || o.Topics[1].Waiting != 3 ||
		o.OldestAt.Format("15:04Z07:00") != "08:00Z" || o.Topics[0].OldestAt.Format("15:04Z07:00") != "08:02Z" {
		t.Errorf("the outbox: %+v", o)
	}
	d := s.DeadLetters
	if d.Open != 2 || d.Redriven != 1 || d.FailedAt == nil || len(d.Consumers) != 3 {
		t.Fatalf("dead letters: %+v", d)
	}
	if nobody, mcp := d.Consumers[0], d.Consumers[1]; nobody.Consumer != nil || nobody.Open != 1 || *mcp.Consumer != "mcp" || mcp.Open != 0 || mcp.Redriven != 1 {
		t.Errorf("consumers: %+v", d.Consumers)
	}
}

// TestPipelineSaysWhatItDoesNotKnow: without the broker and Redis the rest is returned quickly, and the next snapshot
// is complete again.
func TestPipelineSaysWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if s := b.measure(t); s.Broker == nil || len(s.Broker.Topics) != 4 || s.Broker.Groups == nil || s.Traffic == nil || len(s.Missing) != 0 {
		t.Fatalf("of nothing: %+v", s)
	}
	b.redis.Stop()
	b.kafka.Close()
	var s pipeline.Snapshot
	eventually.True(t, "broker and Redis are missing", func() bool { // an earlier measurement is still valid for a moment
		s = b.measure(t)
		return s.Broker == nil && s.Traffic == nil
	})
	if len(s.Missing) != 2 || s.Missing[0].Part != "broker" || s.Missing[1].Part != "traffic" || s.Outbox.Topics == nil {
		t.Errorf("%+v", s)
	}
	b.redis.Start(t)
	eventually.True(t, "the traffic is measured", func() bool { s = b.measure(t); return s.Traffic != nil })
	if s.Broker != nil || len(s.Missing) != 1 {
		t.Errorf("%+v", s)
	}
}

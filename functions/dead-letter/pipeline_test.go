package function

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/shared/pipeline"
)

func TestPipelineSaysWhatIsThere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	measure := func() (s pipeline.Snapshot) {
		status, body := b.ask(t, "GET", "/api/admin/pipeline")
		if err := json.Unmarshal([]byte(body), &s); err != nil || status != 200 || s.MeasuredAt.IsZero() {
			t.Fatalf("%d %s", status, body)
		}
		return s
	}
	if s := measure(); s.Outbox.Waiting != 0 || s.Outbox.OldestAt != nil || s.Outbox.Topics == nil || s.DeadLetters.Consumers == nil || s.DeadLetters.FailedAt != nil {
		t.Errorf("of nothing: %+v", s)
	}
	for i, topic := range []string{"task-events", "task-events", "reminders"} {
		b.sql(t, `INSERT INTO outbox (shard, user_id, topic, payload, created_at) VALUES (0, $1, $2, '{}', '2026-11-24T08:00:00Z'::timestamptz + $3 * interval '1 minute')`, uuid.New(), topic, i)
	}
	b.park(t, "mcp", "e1")
	b.park(t, "recurring-spawn", "e2")
	b.deliver(t, []byte("no event"))
	letters, _ := b.list(t, "?consumer=mcp")
	if status, body := b.ask(t, "POST", "/api/admin/dead-letters/"+letters[0].ID.String()+"/redrive"); status != 200 {
		t.Fatal(status, body)
	}
	s := measure()
	// the event that was redriven waits too
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

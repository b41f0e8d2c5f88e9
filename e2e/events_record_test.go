package e2e

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudevents/sdk-go/protocol/kafka_sarama/v2"
	"github.com/cloudevents/sdk-go/v2/binding"
	"github.com/twmb/franz-go/pkg/kgo"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// awaitRecords waits for n records of a user on a topic, without redeliveries.
func awaitRecords(t *testing.T, topic string, u *user, n int) []*kgo.Record {
	t.Helper()
	records, err := openTopics(t).Await(check.Within(t, timeout), topic, u.ID, func(r []*kgo.Record) bool { return len(once(r)) >= n })
	if err != nil {
		t.Fatalf("%d of %d records on %s: %v", len(once(records)), n, topic, err)
	}
	return once(records)
}

// once removes redelivered events, as every consumer must (same source and id).
func once(records []*kgo.Record) []*kgo.Record {
	seen := map[string]bool{}
	var out []*kgo.Record
	for _, r := range records {
		var e client.Event
		if json.Unmarshal(r.Value, &e) == nil && !seen[e.Source+" "+e.ID] {
			seen[e.Source+" "+e.ID] = true
			out = append(out, r)
		}
	}
	return out
}

func decode(t *testing.T, r *kgo.Record) (e client.Event) {
	t.Helper()
	if err := json.Unmarshal(r.Value, &e); err != nil {
		t.Fatalf("%v in %s", err, r.Value)
	}
	return e
}

func newTraceparent() string {
	b := make([]byte, 24)
	for i := range b {
		b[i] = byte(1 + rand.IntN(255))
	}
	return "00-" + hex.EncodeToString(b[:16]) + "-" + hex.EncodeToString(b[16:]) + "-01"
}

// TestRecord_IsAStructuredCloudEvent reads raw records: the CloudEvents SDK's Kafka binding recognises them by their
// only header, the key is the user, and the attributes are those of the contract.
func TestRecord_IsAStructuredCloudEvent(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	trace := newTraceparent()
	r := do(t, u.Client, client.Request{
		Method: "POST", Path: "/api/todos", JSON: client.Fields{"title": "Traced ✓"}, Header: map[string]string{"traceparent": trace},
	})
	var task client.Task
	check.NoError(t, r.Decode("create", 201, &task))
	audit := u.lastEvent(t)

	partition := map[int32]bool{}
	for _, topic := range []string{taskEvents, taskUpdates} {
		record := awaitRecords(t, topic, u, 1)[0]
		if len(record.Headers) != 1 || record.Headers[0].Key != "content-type" || string(record.Headers[0].Value) != "application/cloudevents+json" {
			t.Fatalf("%s: headers %v", topic, record.Headers)
		}
		message := kafka_sarama.NewMessage(record.Value, string(record.Headers[0].Value), map[string][]byte{
			"content-type": record.Headers[0].Value,
		})
		if message.ReadEncoding() != binding.EncodingStructured {
			t.Fatalf("%s: the binding sees encoding %v", topic, message.ReadEncoding())
		}
		event := check.Must(binding.ToEvent(t.Context(), message))(t)
		check.NoError(t, event.Validate())
		e := decode(t, record)
		if e.ID != audit.ID || e.Source != "/users/"+u.ID+"/tasks" || e.Subject != task.ID || !e.Time.Equal(audit.Time) ||
			e.DataContentType != "application/json" || e.PartitionKey != u.ID || e.Sequence != fmt.Sprintf("%020d", 1) {
			t.Fatalf("%s: %s", topic, record.Value)
		}
		if e.Traceparent[:36] != trace[:36] {
			t.Fatalf("%s: traceparent %s is not of the trace %s", topic, e.Traceparent, trace)
		}
		partition[record.Partition] = true
	}
	data := client.TaskData{}
	check.NoError(t, json.Unmarshal(decode(t, awaitRecords(t, taskEvents, u, 1)[0]).Data, &data))
	same(t, "the data", data, client.TaskData{
		EventType: "task.created", TaskID: task.ID, UserID: u.ID, Seq: 1, Actor: "user:" + u.ID, Task: &task, ChangedFields: audit.ChangedFields,
	})
	update := client.UpdateData{}
	check.NoError(t, json.Unmarshal(decode(t, awaitRecords(t, taskUpdates, u, 1)[0]).Data, &update))
	same(t, "the update", update, client.UpdateData{
		ChangeType: "created", TaskID: task.ID, UserID: u.ID, Seq: 1, ChangedFields: []string{"title", "position"}, Timestamp: audit.Time,
	})
}

// TestRecord_IsTheAnswerByteForByte: the response to a command is the event in the outbox, and the record must be
// identical.
func TestRecord_IsTheAnswerByteForByte(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	first := do(t, u.Client, command("task.create", "", `{"title":"<&> \u2028 ✓ \"quoted\"","description":"\ttab"}`).Binary())
	expectStatus(t, first, 200)
	id := decode(t, &kgo.Record{Value: first.Body}).Subject
	answers := []string{string(first.Body)}
	for _, e := range []client.Event{
		command("task.update", id, `{"priority":"urgent","tags":["a","b"],"due_at":"2026-12-01T09:00:00+01:00"}`),
		command("task.complete", id, ""), command("task.reopen", id, ""), command("task.delete", id, ""),
	} {
		r := do(t, u.Client, e.Structured())
		expectStatus(t, r, 200)
		answers = append(answers, string(r.Body))
	}
	for i, record := range awaitRecords(t, taskEvents, u, len(answers)) {
		if string(record.Value) != answers[i] {
			t.Fatalf("record %d differs:\n%s\n%s", i, record.Value, answers[i])
		}
	}
}

// TestTraceparent: the event's takes precedence over the request's; a malformed one starts a new trace.
func TestTraceparent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		header, extension string
		carried           bool // that of the extension, or else of the header
	}{
		"header":              {newTraceparent(), "", true},
		"extension":           {"", newTraceparent(), true},
		"extension before":    {newTraceparent(), newTraceparent(), true},
		"malformed header":    {"00-xyz-1-01", "", false},
		"all zeroes":          {"00-00000000000000000000000000000000-0000000000000000-01", "", false},
		"malformed extension": {newTraceparent(), "nonsense", false},
		"nothing":             {"", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newUser(t)
			e := command("task.create", "", `{"title":"Traced"}`)
			e.Traceparent = c.extension
			r := e.Binary()
			r.Header["traceparent"] = c.header
			sent := c.extension
			if sent == "" {
				sent = c.header
			}
			answer, _ := send(t, u, r)
			record := decode(t, awaitRecords(t, taskUpdates, u, 1)[0])
			if record.Traceparent != answer.Traceparent || len(answer.Traceparent) != 55 {
				t.Fatalf("%q in the response, %q in the record", answer.Traceparent, record.Traceparent)
			}
			if c.carried && answer.Traceparent[:36] != sent[:36] {
				t.Fatalf("%s does not continue %s", answer.Traceparent, sent)
			}
		})
	}
}

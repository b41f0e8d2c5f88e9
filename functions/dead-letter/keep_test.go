package function

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"taskwire.dev/shared/deadletter"
)

func TestARefusalIsKeptWithReasonConsumerAndEveryByte(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.deliver(t, deadletter.DeadLetter{ID: "1", Consumer: "recurring-spawn", Topic: "task-events", Reason: "invalid: no BYDAY", Attempts: 3, Event: event("e1")}.Record())
	k := b.only(t)
	if text(k.Consumer) != "recurring-spawn" || text(k.Topic) != "task-events" || k.Reason != "invalid: no BYDAY" || k.Attempts != 3 || k.Status != "open" {
		t.Errorf("%+v", k)
	}
	if text(k.EventID) != "e1" || text(k.EventType) != "task.completed" || text(k.Subject) != "t1" || k.UserID.String() != user {
		t.Errorf("%+v", k)
	}
	if !bytes.Equal(k.Record, event("e1")) || !bytes.Contains(k.Event, []byte("12345678901234567890")) {
		t.Errorf("the event is %s", k.Record)
	}
}

func TestWhatDaprMovedByItselfIsKeptWithItsTopic(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.deliver(t, event("e1"), "__topic", "task-events", "__offset", "17")
	k := b.only(t)
	if k.Consumer != nil || text(k.Topic) != "task-events" || !strings.Contains(k.Reason, "dropped") || !bytes.Equal(k.Record, event("e1")) {
		t.Errorf("%+v", k)
	}
}

func TestWhatIsNoEventIsKept(t *testing.T) {
	t.Parallel()
	for name, record := range map[string]string{"bytes": "\x00\xff nonsense", "nothing": "", "JSON": `{"hello":"world"}`, "half": `{"specversion":"1.0"`} {
		b := setup(t)
		b.deliver(t, deadletter.DeadLetter{ID: "1", Consumer: "mcp", Topic: "task-events", Reason: "no CloudEvent", Event: []byte(record)}.Record())
		b.deliver(t, []byte(record), "__topic", "reminders")
		letters, _ := b.list(t, "")
		if len(letters) != 2 {
			t.Fatalf("%s: %d letters", name, len(letters))
		}
		for _, l := range letters {
			k := b.look(t, l.ID)
			if string(k.Record) != record || k.EventID != nil || k.Source != nil {
				t.Errorf("%s: %+v", name, k)
			}
			if status, body := b.ask(t, "POST", "/api/admin/dead-letters/"+k.ID.String()+"/redrive"); status != 409 {
				t.Errorf("%s: redriven: %d %s", name, status, body)
			}
		}
	}
}

func TestNothingHoldsUpWhatIsBehindIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	long := strings.Repeat("x", 10_000)
	for _, l := range []deadletter.DeadLetter{
		{ID: long, Consumer: long, Topic: long, Reason: "long", Attempts: 1, Event: event("e1")},
		{ID: "1", Consumer: "c", Topic: "t", Reason: "often", Attempts: 1 << 40, Event: event("e2")},
		{ID: "2", Consumer: "a\x00b", Topic: "\x00", Reason: "nul\x00", Attempts: -1, Event: event("e3")},
		{ID: "3", Consumer: "c", Topic: "t", Reason: "long names", Event: []byte(strings.Replace(string(event(long)), "task.completed", long, 1))},
	} {
		b.deliver(t, l.Record())
	}
	if letters, _ := b.list(t, ""); len(letters) != 4 {
		t.Errorf("%d letters, want 4", len(letters))
	}
}

// failed is what a KafkaSource adds to an event that it could not deliver.
func failed(consumer, code, data string, header ...string) []string {
	header = append(header, "ce-knativeerrordest", "http://"+consumer+".taskwire.svc.cluster.local", "Prefer", "reply",
		"ce-knativekafkapartition", "2", "ce-knativekafkaoffset", "40317")
	if code != "" {
		header = append(header, "ce-knativeerrorcode", code)
	}
	if data != "" {
		header = append(header, "ce-knativeerrordata", base64.StdEncoding.EncodeToString([]byte(data)))
	}
	return header
}

var (
	binary = []string{
		"Content-Type", "application/json", "ce-specversion", "1.0", "ce-id", "e1", "ce-source", "/users/u/tasks", "ce-type", "task.completed",
	}
	bare = []string{
		"ce-specversion", "1.0", "ce-id", "partition:2/offset:40317", "ce-subject", "partition:2#40317",
		"ce-source", "/apis/v1/namespaces/taskwire/kafkasources/mcp#task-events", "ce-type", "dev.knative.kafka.event",
	}
)

// The requests are those that the real data plane sends.
func TestKnativesDeadLetterSink(t *testing.T) {
	t.Parallel()
	const problem = `{"type":"x","status":422,"detail":"invalid: no BYDAY"}`
	const event = `{"specversion":"1.0","id":"e1","source":"/users/u/tasks","type":"task.completed","datacontenttype":"application/json","data":{"n":1}}`
	for name, c := range map[string]struct {
		header                  []string
		body                    string
		consumer, reason, topic string
		record                  string
	}{
		"binary":                      {failed("recurring-spawn", "422", problem, binary...), `{"n":1}`, "recurring-spawn", "422: invalid: no BYDAY", "(null)", event},
		"a record that is no event":   {failed("mcp", "422", "said plainly", append(bare, "Content-Type", "application/octet-stream")...), "nonsense", "mcp", "422: said plainly", "task-events", "nonsense"},
		"a record without a value":    {failed("mcp", "422", "no event", bare...), "", "mcp", "422: no event", "task-events", ""},
		"claims to be an event":       {failed("mcp", "422", "no event", append(bare, "Content-Type", "application/cloudevents+json")...), `{"a":1.5}`, "mcp", "422: no event", "task-events", `{"a":1.5}`},
		"claims to be a batch":        {failed("mcp", "422", "no event", append(bare, "Content-Type", "application/cloudevents-batch+json; charset=utf-8")...), `[]`, "mcp", "422: no event", "task-events", `[]`},
		"a content type of nothing":   {failed("mcp", "422", "no event", append(bare, "Content-Type", "nonsense;;")...), `x`, "mcp", "422: no event", "task-events", `x`},
		"an attribute of no event":    {failed("mcp", "422", "no event", append(bare, "ce-time", "yesterday")...), `x`, "mcp", "422: no event", "task-events", `x`},
		"its own source, once more":   {failed("dead-letter", "503", "the database", append(binary, "ce-deadletterid", "7", "ce-deadletterconsumer", "mcp", "ce-deadlettertopic", "task-events", "ce-deadletterreason", "why not", "ce-deadletterattempts", "6", "ce-deadletterpartition", "2", "ce-deadletteroffset", "40317")...), `{"n":1}`, "mcp", "why not", "task-events", event},
		"its own, of a record no one": {failed("dead-letter", "503", "", "Content-Type", "application/octet-stream", "ce-specversion", "1.0", "ce-id", "h", "ce-source", "/consumers/mcp", "ce-type", deadletter.TypeUnreadable, "ce-deadletterid", "8", "ce-deadletterconsumer", "mcp", "ce-deadlettertopic", "task-events", "ce-deadletterreason", "why not", "ce-deadletterpartition", "2", "ce-deadletteroffset", "40317"), "\x00\xff", "mcp", "why not", "task-events", "\x00\xff"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.sink(t, c.body, c.header...)
			k := b.only(t)
			if text(k.Consumer) != c.consumer || k.Reason != c.reason || text(k.Topic) != c.topic || k.Status != "open" {
				t.Errorf("%s, %q, %s, %s", text(k.Consumer), k.Reason, text(k.Topic), k.Status)
			}
			if k.Partition == nil || *k.Partition != 2 || k.Offset == nil || *k.Offset != 40317 {
				t.Errorf("at %v/%v", k.Partition, k.Offset)
			}
			if string(k.Record) != c.record {
				t.Errorf("the event is %s", k.Record)
			}
			// A redelivery of the same failure to the sink is not a second failure.
			b.sink(t, c.body, c.header...)
			if k := b.only(t); k.Failures != 1 {
				t.Errorf("twice: %d failures", k.Failures)
			}
		})
	}
	t.Run("no CloudEvent at all", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		b.sink(t, "hello", "Content-Type", "text/plain")
		if k := b.only(t); k.Consumer != nil || k.Reason != "what arrived at the dead-letter sink is no CloudEvent" || string(k.Record) != "hello" {
			t.Errorf("%+v", k)
		}
	})
}

// In a cluster the topic's source delivers dead letters to /keep.
func TestTheSourceOfTheTopicBringsLetters(t *testing.T) {
	t.Parallel()
	b := setup(t)
	header := append(binary, "ce-deadletterid", "7", "ce-deadletterconsumer", "mcp", "ce-deadlettertopic", "task-events", "ce-deadletterreason", "why not",
		"ce-knativekafkapartition", "0", "ce-knativekafkaoffset", "3", "dapr-api-token", appToken)
	for range 2 {
		if status, body := b.send(t, "POST", "/keep", `{"n":1}`, header...); status != 204 {
			t.Fatal(status, body)
		}
	}
	if k := b.only(t); text(k.Consumer) != "mcp" || k.Reason != "why not" || k.Offset != nil || k.Failures != 1 || len(b.published) > 0 {
		t.Errorf("%+v", k)
	}
}

// Records with equal content at different places are separate dead letters.
func TestWhatLooksAlikeIsNotOneLetter(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, topic := range []string{"task-events", "reminders"} {
		for offset := range 3 {
			at := &deadletter.Position{Offset: int64(offset)}
			b.deliver(t, deadletter.DeadLetter{ID: fmt.Sprint(topic, offset), Consumer: "mcp", Topic: topic, Position: at, Reason: "no event"}.Record())
		}
	}
	if letters, _ := b.list(t, ""); len(letters) != 6 {
		t.Errorf("%d letters, want 6", len(letters))
	}
}

// An event whose consumer was not running is healthy. It is redriven automatically, but not forever: a consumer that
// crashes on an event is not running either.
func TestWhatFoundNobodyIsSentAgainByItself(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "503", "502", "504", "429"} {
		b := setup(t)
		for failure := 1; failure <= 4; failure++ {
			header := failed("recurring-spawn", code, "", binary...)
			for i := range header {
				if header[i] == "40317" {
					header[i] = fmt.Sprint(failure) // a redriven event is a new record
				}
			}
			b.sink(t, `{"n":1}`, header...)
			want, open := failure, "redriven"
			if failure == 4 {
				want, open = 3, "open"
			}
			letters, _ := b.list(t, "?status=all")
			if sent := b.outbox(t); len(letters) != 1 || letters[0].Status != open || len(sent) != want {
				t.Fatalf("answered %q, failure %d: %+v, %d sent", code, failure, letters, len(sent))
			} else if !strings.Contains(string(sent[0].Payload), `"redriveconsumer":"recurring-spawn"`) || sent[0].Topic != "task-events" {
				t.Errorf("sent %s to %s", sent[0].Payload, sent[0].Topic)
			}
		}
	}
}

// Knative does not name the topic. The consumer has one, and also gets events of types that are not ours.
func TestWhatFoundNobodyIsSentToTheTopicOfItsConsumer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ consumer, eventType, topic string }{
		{"reminder-fan-in", "account.notice", "reminders"},
		{"recurring-spawn", "account.deleted", "task-events"},
		{"invoices", "invoice.paid", "task-events"},
		{"removed-since", "account.notice", "reminders"},
		{"removed-since", "account.deleted", "task-events"},
	} {
		b := setup(t)
		header := slices.Clone(binary)
		header[len(header)-1] = c.eventType
		b.sink(t, `{"n":1}`, failed(c.consumer, "503", "", header...)...)
		letters, _ := b.list(t, "?status=all")
		if sent := b.outbox(t); len(letters) != 1 || letters[0].Status != "redriven" || len(sent) != 1 || sent[0].Topic != c.topic {
			t.Errorf("%s of %s: %+v, sent %+v, want it on %s", c.eventType, c.consumer, letters, sent, c.topic)
		}
	}
}

func TestARedeliveryIsNoFailureAndAFailureIsNoNewLetter(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := deadletter.DeadLetter{ID: "1", Consumer: "mcp", Topic: "task-events", Reason: "first", Attempts: 1, Event: event("e1")}
	b.deliver(t, first.Record())
	b.deliver(t, first.Record())
	if k := b.only(t); k.Failures != 1 {
		t.Errorf("a redelivery counts: %+v", k)
	}
	id := b.only(t).ID
	if status, body := b.ask(t, "POST", "/api/admin/dead-letters/"+id.String()+"/redrive"); status != 200 {
		t.Fatal(status, body)
	}
	b.deliver(t, first.Record()) // the sidecar was killed and redelivers
	if k := b.look(t, id); k.Status != "redriven" {
		t.Errorf("an old delivery opens it again: %+v", k)
	}
	second := first
	second.ID, second.Reason, second.Attempts, second.Event = "2", "second", 2, b.outbox(t)[0].Payload
	b.deliver(t, second.Record())
	if k := b.only(t); k.ID != id || k.Status != "open" || k.Failures != 2 || k.Reason != "second" || k.Attempts != 2 || !bytes.Equal(k.Record, event("e1")) {
		t.Errorf("%+v", k)
	}
	// The same event at another consumer is a separate dead letter.
	other := first
	other.ID, other.Consumer = "3", "recurring-spawn"
	b.deliver(t, other.Record())
	if letters, _ := b.list(t, ""); len(letters) != 2 {
		t.Errorf("%d letters, want 2", len(letters))
	}
}

func TestALetterThatCannotBeKeptIsNotTakenForKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.db.Drop(t)
	if status, _ := b.send(t, "POST", "/internal/events/dead-letters", string(event("e1")), "dapr-api-token", appToken); status != 503 {
		t.Errorf("Dapr was answered with %d", status)
	}
	if status, _ := b.send(t, "POST", "/keep", string(event("e1")), "dapr-api-token", appToken, "Content-Type", "application/cloudevents+json"); status != 503 {
		t.Errorf("Knative was answered with %d", status)
	}
	// The sink needs no database, and the function starts as a sink without one.
	if status, _ := b.send(t, "POST", "/", string(event("e1")), "dapr-api-token", appToken, "Content-Type", "application/cloudevents+json"); status != 204 {
		t.Errorf("the sink answered with %d", status)
	}
	if ready, err := b.Ready(t.Context()); !ready || err != nil {
		t.Errorf("ready %v, %v", ready, err)
	}
}

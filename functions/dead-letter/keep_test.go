package function

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"taskwire.dev/shared/deadletter"
)

func TestARefusalIsKeptWithReasonConsumerAndEveryByte(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.deliver(t, deadletter.Letter{ID: "1", Consumer: "recurring-spawn", Topic: "task-events", Reason: "invalid: no BYDAY", Attempts: 3, Event: event("e1")}.Record())
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
	if k.Consumer != nil || text(k.Topic) != "task-events" || !strings.Contains(k.Reason, "no answer") || !bytes.Equal(k.Record, event("e1")) {
		t.Errorf("%+v", k)
	}
}

func TestWhatIsNoEventIsKept(t *testing.T) {
	t.Parallel()
	for name, record := range map[string]string{"bytes": "\x00\xff nonsense", "nothing": "", "JSON": `{"hello":"world"}`, "half": `{"specversion":"1.0"`} {
		b := setup(t)
		b.deliver(t, deadletter.Letter{ID: "1", Consumer: "mcp", Topic: "task-events", Reason: "no CloudEvent", Event: []byte(record)}.Record())
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
	for _, l := range []deadletter.Letter{
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

func TestKnativesDeadLetterSink(t *testing.T) {
	t.Parallel()
	problem := base64.StdEncoding.EncodeToString([]byte(`{"type":"x","status":422,"detail":"invalid: no BYDAY"}`))
	for name, c := range map[string]struct {
		header                  []string
		body                    string
		consumer, reason, topic string
		record                  string // "" is not compared
	}{
		"binary": {
			[]string{
				"Content-Type", "application/json", "ce-specversion", "1.0", "ce-id", "e1", "ce-source", "/users/u/tasks", "ce-type", "task.completed",
				"ce-knativeerrordest", "http://recurring-spawn.taskwire.svc.cluster.local", "ce-knativeerrorcode", "422", "ce-knativeerrordata", problem,
			},
			`{"n":1}`, "recurring-spawn", "422: invalid: no BYDAY", "(null)",
			`{"specversion":"1.0","id":"e1","source":"/users/u/tasks","type":"task.completed","datacontenttype":"application/json","data":{"n":1}}`,
		},
		"no answer": {
			[]string{
				"ce-specversion", "1.0", "ce-id", "e1", "ce-source", "/users/u/tasks", "ce-type", "task.completed",
				"ce-knativeerrordest", "http://mcp.taskwire.svc.cluster.local/", "ce-knativeerrorcode", "503",
			},
			``, "mcp", "it answered with 503", "(null)", "",
		},
		"a record that is no event": {
			[]string{
				"Content-Type", "application/octet-stream", "ce-specversion", "1.0", "ce-id", "partition:0/offset:1",
				"ce-source", "/apis/v1/namespaces/taskwire/kafkasources/mcp#task-events", "ce-type", "dev.knative.kafka.event",
				"ce-knativeerrordest", "http://mcp.taskwire.svc.cluster.local", "ce-knativeerrorcode", "422", "ce-knativeerrordata", "said plainly",
			},
			"nonsense", "mcp", "422: said plainly", "task-events", "nonsense",
		},
		"from the topic, by its own source": {
			[]string{
				"Content-Type", "application/json", "ce-specversion", "1.0", "ce-id", "e1", "ce-source", "/users/u/tasks", "ce-type", "task.completed",
				"ce-deadletterid", "7", "ce-deadletterconsumer", "mcp", "ce-deadlettertopic", "task-events", "ce-deadletterreason", "why not", "ce-deadletterattempts", "6",
			},
			`{"n":1}`, "mcp", "why not", "task-events",
			`{"specversion":"1.0","id":"e1","source":"/users/u/tasks","type":"task.completed","datacontenttype":"application/json","data":{"n":1}}`,
		},
		"no CloudEvent at all": {[]string{"Content-Type", "text/plain"}, "hello", "(null)", "what arrived at the dead-letter sink is no CloudEvent", "(null)", "hello"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			if status, _ := b.send(t, "POST", "/", c.body, c.header...); status != 404 {
				t.Errorf("without the token: %d", status)
			}
			if status, body := b.send(t, "POST", "/", c.body, append(c.header, "dapr-api-token", appToken)...); status != 204 {
				t.Fatalf("%d %s", status, body)
			}
			k := b.only(t)
			if text(k.Consumer) != c.consumer || k.Reason != c.reason || text(k.Topic) != c.topic {
				t.Errorf("%s, %q, %s", text(k.Consumer), k.Reason, text(k.Topic))
			}
			if c.record != "" && string(k.Record) != c.record {
				t.Errorf("the event is %s", k.Record)
			}
		})
	}
}

func TestARedeliveryIsNoFailureAndAFailureIsNoNewLetter(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := deadletter.Letter{ID: "1", Consumer: "mcp", Topic: "task-events", Reason: "first", Attempts: 1, Event: event("e1")}
	b.deliver(t, first.Record())
	b.deliver(t, first.Record())
	if k := b.only(t); k.Failures != 1 {
		t.Errorf("a redelivery counts: %+v", k)
	}
	id := b.only(t).ID
	if status, body := b.ask(t, "POST", "/api/admin/dead-letters/"+id.String()+"/redrive"); status != 200 {
		t.Fatal(status, body)
	}
	b.deliver(t, first.Record()) // the sidecar was killed, and brings it once more
	if k := b.look(t, id); k.Status != "redriven" {
		t.Errorf("an old delivery opens it again: %+v", k)
	}
	second := first
	second.ID, second.Reason, second.Attempts, second.Event = "2", "second", 2, b.outbox(t)[0].Payload
	b.deliver(t, second.Record())
	if k := b.only(t); k.ID != id || k.Status != "open" || k.Failures != 2 || k.Reason != "second" || k.Attempts != 2 || !bytes.Equal(k.Record, event("e1")) {
		t.Errorf("%+v", k)
	}
	// The same event at another consumer is another letter.
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
	b.pool.Close()
	if status, _ := b.send(t, "POST", "/internal/events/dead-letters", string(event("e1")), "dapr-api-token", appToken); status != 503 {
		t.Errorf("Dapr was answered with %d", status)
	}
	if status, _ := b.send(t, "POST", "/", string(event("e1")), "dapr-api-token", appToken, "Content-Type", "application/cloudevents+json"); status != 503 {
		t.Errorf("Knative was answered with %d", status)
	}
}

package record

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	cloudevents "github.com/cloudevents/sdk-go/v2"

	"taskwire.dev/shared/deadletter"
)

var events = map[string]string{
	"an event":             `{"specversion":"1.0","id":"1","source":"/x","type":"t","data":{"n":12345678901234567890, "s":"ü\u00fc"} }`,
	"no event":             `{"hello":1}`,
	"an empty object":      `{}`,
	"no JSON":              "\x00\xffnonsense",
	"nothing":              "",
	"a list":               `[1]`,
	"space before":         ` {"specversion":"1.0","id":"1","source":"/x","type":"t"}`,
	"half an event":        `{"specversion":"1.0","id":`,
	"extensions like ours": `{"deadletterreason":"theirs","specversion":"1.0","id":"1","source":"/x","type":"t"}`,
	"only like ours":       `{"deadletterreason":"theirs"}`,
}

func TestADeadLetterArrivesByteForByte(t *testing.T) {
	t.Parallel()
	for name, event := range events {
		sent := deadletter.DeadLetter{ID: "019", Consumer: "recurring-spawn", Topic: "task-events", Reason: `"bad" <rule>`, Attempts: 6, Event: []byte(event)}
		record := sent.Record()
		got := Read(record)
		if !bytes.Equal(got.Event, sent.Event) {
			t.Errorf("%s: %q came back as %q", name, event, got.Event)
		}
		if got.Event = sent.Event; got.ID != sent.ID || got.Consumer != sent.Consumer || got.Topic != sent.Topic || got.Reason != sent.Reason || got.Attempts != sent.Attempts {
			t.Errorf("%s: %+v came back as %+v", name, sent, got)
		}
		var e cloudevents.Event
		if err := json.Unmarshal(record, &e); name != "no event" && err != nil {
			t.Errorf("%s: the record is not a CloudEvent: %v: %s", name, err, record)
		}
	}
}

func TestARecordPublishedByDaprIsTheEvent(t *testing.T) {
	t.Parallel()
	for name, event := range events {
		if strings.Contains(name, "like ours") {
			continue
		}
		if got := Read([]byte(event)); string(got.Event) != event || got.Consumer != "" || got.Reason != "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestReasonsAreShortened(t *testing.T) {
	t.Parallel()
	l := deadletter.DeadLetter{Reason: strings.Repeat("ü", 5000) + "\xff", Event: []byte("x")}
	got := Read(l.Record()).Reason
	if len(got) > 1000 || !utf8.ValidString(got) || !strings.HasPrefix(got, "üüü") {
		t.Errorf("%d bytes", len(got))
	}
}

func FuzzRead(f *testing.F) {
	for _, event := range events {
		f.Add([]byte(event))
	}
	f.Fuzz(func(t *testing.T, event []byte) {
		Read(event)
		if got := Read(deadletter.DeadLetter{Consumer: "c", Event: event}.Record()); !bytes.Equal(got.Event, event) || got.Consumer != "c" {
			t.Errorf("%q came back as %+v", event, got)
		}
	})
}

func TestARedrivenEventIsTheOriginalAgain(t *testing.T) {
	t.Parallel()
	for name, event := range events {
		again := Redrive([]byte(event), "recurring-spawn")
		if got := Original(again); string(got) != event {
			t.Errorf("%s: %q came back as %q", name, event, got)
		}
	}
	again := Redrive([]byte(events["an event"]), "recurring-spawn")
	var e cloudevents.Event
	if err := json.Unmarshal(again, &e); err != nil || e.Extensions()[deadletter.ExtensionRedrive] != "recurring-spawn" || e.ID() != "1" || e.Source() != "/x" {
		t.Errorf("%s: %v", again, err)
	}
	if got := Redrive([]byte(events["an event"]), ""); string(got) != events["an event"] {
		t.Errorf("for everybody: %s", got)
	}
}

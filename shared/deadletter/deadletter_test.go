package deadletter

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	cloudevents "github.com/cloudevents/sdk-go/v2"
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

func TestALetterArrivesByteForByte(t *testing.T) {
	t.Parallel()
	for name, event := range events {
		sent := Letter{Consumer: "recurring-spawn", Topic: "task-events", Reason: `"bad" <rule>`, Attempts: 6, Event: []byte(event)}
		record := sent.Record()
		got := Open(record)
		if !bytes.Equal(got.Event, sent.Event) {
			t.Errorf("%s: %q came back as %q", name, event, got.Event)
		}
		if got.Event = sent.Event; got.Consumer != sent.Consumer || got.Topic != sent.Topic || got.Reason != sent.Reason || got.Attempts != sent.Attempts {
			t.Errorf("%s: %+v came back as %+v", name, sent, got)
		}
		var e cloudevents.Event
		if err := json.Unmarshal(record, &e); name != "no event" && err != nil {
			t.Errorf("%s: the record is no CloudEvent: %v: %s", name, err, record)
		}
	}
}

func TestARecordThatDaprPutThereByItselfIsTheEvent(t *testing.T) {
	t.Parallel()
	for name, event := range events {
		if strings.Contains(name, "like ours") {
			continue
		}
		if got := Open([]byte(event)); string(got.Event) != event || got.Consumer != "" || got.Reason != "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestAReasonIsKeptShort(t *testing.T) {
	t.Parallel()
	l := Letter{Reason: strings.Repeat("ü", 5000) + "\xff", Event: []byte("x")}
	got := Open(l.Record()).Reason
	if len(got) > maxReason+3 || !utf8.ValidString(got) || !strings.HasPrefix(got, "üüü") {
		t.Errorf("%d bytes", len(got))
	}
}

func FuzzOpen(f *testing.F) {
	for _, event := range events {
		f.Add([]byte(event))
	}
	f.Fuzz(func(t *testing.T, event []byte) {
		Open(event)
		if got := Open(Letter{Consumer: "c", Event: event}.Record()); !bytes.Equal(got.Event, event) || got.Consumer != "c" {
			t.Errorf("%q came back as %+v", event, got)
		}
	})
}

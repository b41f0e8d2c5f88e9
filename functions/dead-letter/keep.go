package function

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"

	"taskwire.dev/functions/dead-letter/internal/record"
	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/deadletter"
	"taskwire.dev/shared/httpapi"
)

// maxLetter is the maximal size of a delivery in bytes: an event in base64, in Dapr's envelope.
const maxLetter = 8 << 20

// fromDapr handles a record of the topic dead-letters from the sidecar. The subscription has no dead-letter topic, so
// that a record that cannot be stored now is redelivered until it is.
func (f *Function) fromDapr(w http.ResponseWriter, r *http.Request) error {
	delivery, err := dapr.ReadDelivery(w, r, maxLetter)
	if err != nil {
		return err
	}
	statuses := make([]dapr.Status, len(delivery.Records))
	for i, message := range delivery.Records {
		letter := record.Read(message)
		if letter.ID == "" {
			bareLetter(&letter, r.Header)
		}
		if err := f.letters.Add(r.Context(), letter); err != nil {
			slog.ErrorContext(r.Context(), "cannot store dead letter", "error", err)
			statuses[i] = dapr.Retry
			continue
		}
		statuses[i] = dapr.Success
	}
	delivery.Answer(w, statuses)
	return nil
}

// bareLetter completes a record that Dapr itself moved to the topic. Its headers still have the record's original
// place, but neither the consumer that dropped it nor the reason.
func bareLetter(l *deadletter.DeadLetter, h http.Header) {
	l.Reason = "a consumer dropped it without a reason (moved by Dapr)"
	if topic := h.Get("__topic"); topic != cloudevent.TopicDeadLetters {
		l.Topic, l.Position = topic, deadletter.ParsePosition(h.Get("__partition"), h.Get("__offset"))
	}
}

// fromSink handles what a KafkaSource sends to its dead-letter sink, and publishes it to the topic dead-letters. There
// is nothing behind the sink: when it fails, the record is lost. So it needs only the broker, from which the record
// comes.
func (f *Function) fromSink(w http.ResponseWriter, r *http.Request) error {
	letter, err := readRequest(w, r)
	if err != nil {
		return err
	}
	if err := f.topic.Publish(r.Context(), letter); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// fromSource handles what the KafkaSource of the topic dead-letters delivers, and stores it. Its own dead-letter sink
// is fromSink: what cannot be stored yet goes through the topic again.
func (f *Function) fromSource(w http.ResponseWriter, r *http.Request) error {
	letter, err := readRequest(w, r)
	if err != nil {
		return err
	}
	if err := f.letters.Add(r.Context(), letter); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// typeBareRecord and sourceKafka are how KafkaSource presents a record that is not a CloudEvent:
// /apis/v1/namespaces/NAMESPACE/kafkasources/NAME#TOPIC.
const (
	typeBareRecord = "dev.knative.kafka.event"
	sourceKafka    = "/kafkasources/"
)

// readRequest reads a dead letter from the extensions that Knative, or a consumer, added to the event. A source delivers in
// binary mode, so the record is rebuilt: its data and attributes are the same, the order of members may not be. An
// invalid event is a dead letter too, with as much as its headers contain.
func readRequest(w http.ResponseWriter, r *http.Request) (deadletter.DeadLetter, error) {
	body, err := httpapi.ReadBody(w, r, maxLetter)
	if err != nil {
		return deadletter.DeadLetter{}, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	event, invalid := cloudevent.FromRequest(w, r)
	read := func(name string) string { return r.Header.Get("ce-" + name) }
	if invalid == nil {
		read = func(name string) string { return attributeOf(event, name) }
	}
	l := history(read)
	_, topic, _ := strings.Cut(read("source"), "#")
	bare := read("type") == typeBareRecord && strings.Contains(read("source"), sourceKafka)
	if bare && l.Topic == "" {
		l.Topic = topic
	}
	switch {
	case invalid != nil:
		l.Event = body
	case bare, read("type") == deadletter.TypeUnreadable:
		l.Event = event.Data()
	default:
		l.Event = original(event)
	}
	if invalid != nil && l.Reason == noAnswer {
		l.Reason = "what arrived at the dead-letter sink is no CloudEvent"
	}
	return l, nil
}

// history is the part of the extensions about an event's failure.
func history(read func(name string) string) deadletter.DeadLetter {
	if read("deadletterreason") != "" {
		l := deadletter.DeadLetter{
			ID: cmp.Or(read("deadletterid"), uuid.NewString()), Reason: read("deadletterreason"), Consumer: read("deadletterconsumer"), Topic: read("deadlettertopic"),
			Position:    deadletter.ParsePosition(read("deadletterpartition"), read("deadletteroffset")),
			Unavailable: read("deadletterunavailable") == "true",
		}
		l.Attempts, _ = strconv.Atoi(read("deadletterattempts"))
		return l
	}
	l := deadletter.DeadLetter{
		ID: uuid.NewString(), Consumer: host(read("knativeerrordest")), Reason: reason(read),
		Position: deadletter.ParsePosition(read("knativekafkapartition"), read("knativekafkaoffset")),
	}
	if code := read("knativeerrorcode"); l.Consumer != "" {
		status, _ := strconv.Atoi(code)
		l.Unavailable = code == "" || status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout
	}
	if l.Consumer != "" && l.Position != nil {
		// A sink may receive the same failure twice.
		l.ID = uuid.NewSHA1(uuid.NameSpaceURL, fmt.Appendf(nil, "%s %s %s %d/%d", l.Consumer, read("source"), read("id"), l.Position.Partition, l.Position.Offset)).String()
	}
	return l
}

// original is the event without the extensions that describe its failure.
func original(event cloudevents.Event) []byte {
	event = event.Clone()
	for name := range event.Extensions() {
		if strings.HasPrefix(name, "knativeerror") || strings.HasPrefix(name, "knativekafka") || strings.HasPrefix(name, "deadletter") ||
			name == deadletter.ExtensionRedrive {
			event.SetExtension(name, nil)
		}
	}
	b, err := event.MarshalJSON()
	if err != nil {
		panic(err) // it was valid before
	}
	return b
}

// noAnswer is the reason when there was no response.
const noAnswer = "it gave no answer"

// reason is the consumer's last response: the detail of its problem, or the beginning of its body.
func reason(read func(name string) string) string {
	data := read("knativeerrordata")
	if raw, err := base64.StdEncoding.DecodeString(data); err == nil {
		data = string(raw)
	}
	var problem struct {
		Detail string `json:"detail"`
	}
	if json.Unmarshal([]byte(data), &problem) == nil && problem.Detail != "" {
		data = problem.Detail
	}
	code := read("knativeerrorcode")
	switch {
	case data == "" && code == "":
		return noAnswer
	case data == "":
		return "it answered with " + code
	case code == "":
		return data
	default:
		return code + ": " + data
	}
}

// attribute returns a context attribute of the event as text, "" when it has none.
func attributeOf(event cloudevents.Event, name string) string {
	switch name {
	case "id":
		return event.ID()
	case "source":
		return event.Source()
	case "type":
		return event.Type()
	}
	value, ok := event.Extensions()[name]
	if !ok {
		return ""
	}
	return fmt.Sprint(value)
}

// host returns the first label of a URL's host: the name of the function.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	name, _, _ := strings.Cut(u.Hostname(), ".")
	return name
}

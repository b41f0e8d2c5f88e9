package function

import (
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

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/deadletter"
	"taskwire.dev/shared/httpapi"
)

// maxLetter is the most bytes of a delivery: an event in base64, with what Dapr puts around it.
const maxLetter = 8 << 20

// fromDapr takes a record of the topic dead-letters from the sidecar. The subscription has no dead-letter topic, so
// that what cannot be kept now is delivered again until it is.
func (f *Function) fromDapr(w http.ResponseWriter, r *http.Request) error {
	delivery, err := dapr.ReadDelivery(w, r, maxLetter)
	if err != nil {
		return err
	}
	statuses := make([]dapr.Status, len(delivery.Records))
	for i, record := range delivery.Records {
		letter := deadletter.Read(record)
		if letter.ID == "" {
			bareLetter(&letter, r.Header)
		}
		if err := f.letters.Keep(r.Context(), letter); err != nil {
			slog.ErrorContext(r.Context(), "dead letter not kept", "error", err)
			statuses[i] = dapr.Retry
			continue
		}
		statuses[i] = dapr.Success
	}
	delivery.Answer(w, statuses)
	return nil
}

// bareLetter completes what Dapr moved to the topic by itself. Of the record's past it keeps, as headers, where the
// record was, but neither who gave up on it nor why.
func bareLetter(l *deadletter.Letter, h http.Header) {
	l.Reason = "a consumer gave no answer to the last of its deliveries (moved by Dapr)"
	if topic := h.Get("__topic"); topic != cloudevent.TopicDeadLetters {
		l.Topic = topic
	}
}

// fromKnative takes what a KafkaSource sends to its dead-letter sink, and what the source of the topic
// dead-letters brings. Nobody is left to take what is refused here, so whatever can be read is kept.
func (f *Function) fromKnative(w http.ResponseWriter, r *http.Request) error {
	body, err := httpapi.ReadBody(w, r, maxLetter)
	if err != nil {
		return err
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	letter := deadletter.Letter{Reason: "what arrived at the dead-letter sink is no CloudEvent", Event: body}
	if event, err := cloudevent.FromRequest(w, r); err == nil {
		letter = fromSink(event)
	}
	if err := f.letters.Keep(r.Context(), letter); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// typeBareRecord and sourceKafka are how KafkaSource presents a record that is no CloudEvent:
// /apis/v1/namespaces/NAMESPACE/kafkasources/NAME#TOPIC.
const (
	typeBareRecord = "dev.knative.kafka.event"
	sourceKafka    = "/kafkasources/"
)

// fromSink reads the letter out of the extensions that Knative, or a consumer, gave to the event. A source delivers
// in binary mode, so the record is made anew: its data and attributes are the same, the order of members need not be.
func fromSink(event cloudevents.Event) deadletter.Letter {
	var l deadletter.Letter
	if extension(event, "deadletterreason") != "" {
		l = deadletter.Letter{
			ID: extension(event, "deadletterid"), Reason: extension(event, "deadletterreason"),
			Consumer: extension(event, "deadletterconsumer"), Topic: extension(event, "deadlettertopic"),
		}
		l.Attempts, _ = strconv.Atoi(extension(event, "deadletterattempts"))
	} else {
		l = deadletter.Letter{Consumer: host(extension(event, "knativeerrordest")), Reason: reason(event)}
	}
	_, topic, _ := strings.Cut(event.Source(), "#")
	switch {
	case event.Type() == deadletter.TypeUnreadable:
		l.Event = event.Data()
	case event.Type() == typeBareRecord && strings.Contains(event.Source(), sourceKafka):
		l.Topic, l.Event = topic, event.Data()
	default:
		l.Event = original(event)
	}
	return l
}

// original is the event without what was told by its extensions.
func original(event cloudevents.Event) []byte {
	event = event.Clone()
	for name := range event.Extensions() {
		if strings.HasPrefix(name, "knativeerror") || strings.HasPrefix(name, "deadletter") || name == deadletter.ExtensionRedrive {
			event.SetExtension(name, nil)
		}
	}
	b, err := event.MarshalJSON()
	if err != nil {
		panic(err) // it was valid
	}
	return b
}

// reason is what the consumer answered at last: the detail of its problem, or the beginning of whatever it said.
func reason(event cloudevents.Event) string {
	data := extension(event, "knativeerrordata")
	if raw, err := base64.StdEncoding.DecodeString(data); err == nil {
		data = string(raw)
	}
	var problem struct {
		Detail string `json:"detail"`
	}
	if json.Unmarshal([]byte(data), &problem) == nil && problem.Detail != "" {
		data = problem.Detail
	}
	code := extension(event, "knativeerrorcode")
	switch {
	case data == "" && code == "":
		return "it gave no answer"
	case data == "":
		return "it answered with " + code
	case code == "":
		return data
	default:
		return code + ": " + data
	}
}

func extension(event cloudevents.Event, name string) string {
	value, ok := event.Extensions()[name]
	if !ok {
		return ""
	}
	return fmt.Sprint(value)
}

// host is the first label of a URL's host: the name of the function.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	name, _, _ := strings.Cut(u.Hostname(), ".")
	return name
}

package cloudevent

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/cloudevents/sdk-go/v2/binding"
	cehttp "github.com/cloudevents/sdk-go/v2/protocol/http"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
)

// FromRequest reads a CloudEvent in binary or structured mode (HTTP protocol binding, 3). A batch is refused:
// one request is one change.
func FromRequest(w http.ResponseWriter, r *http.Request) (cloudevents.Event, error) {
	body, err := httpapi.ReadBody(w, r, httpapi.MaxBody)
	if err != nil {
		return cloudevents.Event{}, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if r.Header.Get(headerSpecVersion) != "" {
		return fromBinary(r)
	}
	message := cehttp.NewMessageFromHttpRequest(r)
	switch message.ReadEncoding() {
	case binding.EncodingStructured:
		if err := httpapi.CheckJSON(body); err != nil { // the SDK has no bounds
			return cloudevents.Event{}, err
		}
	case binding.EncodingBatch:
		return cloudevents.Event{}, fault.New(fault.UnsupportedMedia, "a batch of events is not taken: send them one by one")
	default:
		if strings.HasPrefix(strings.ToLower(r.Header.Get("Content-Type")), "application/cloudevents") {
			return cloudevents.Event{}, fault.New(fault.UnsupportedMedia, "of the structured formats only %s is taken", StructuredJSON)
		}
		return cloudevents.Event{}, fault.New(fault.Malformed, "this is no CloudEvent: ce-specversion is missing, or Content-Type is not application/cloudevents+json")
	}
	event, err := binding.ToEvent(r.Context(), message)
	if err != nil {
		return cloudevents.Event{}, fault.Wrap(fault.Malformed, err, "the CloudEvent cannot be read: it is no JSON, or an attribute is not of the type that CloudEvents 1.0 gives it")
	}
	return *event, check(*event)
}

// headerSpecVersion is the one header that every event in binary mode has.
const headerSpecVersion = "Ce-Specversion"

// fromBinary reads an event whose attributes are in the headers. The content type is that of its data, even when it is one
// of CloudEvents' own, by which the SDK would take the event for a structured one: a KafkaSource delivers a record that
// claims to be an event, and is none, as an event of its own around the record, with the record's content type.
func fromBinary(r *http.Request) (cloudevents.Event, error) {
	contentType := r.Header.Get("Content-Type")
	if strings.HasPrefix(strings.ToLower(contentType), "application/cloudevents") {
		r = r.Clone(r.Context())
		r.Header.Set("Content-Type", "application/octet-stream")
	}
	event, err := binding.ToEvent(r.Context(), cehttp.NewMessageFromHttpRequest(r))
	if err != nil {
		return cloudevents.Event{}, fault.Wrap(fault.Malformed, err, "the CloudEvent cannot be read: an attribute is not of the type that CloudEvents 1.0 gives it")
	}
	if contentType != "" {
		event.SetDataContentType(contentType)
	}
	return *event, check(*event)
}

// StructuredJSON is the media type of a structured-mode CloudEvent in JSON.
const StructuredJSON = "application/cloudevents+json"

// Parse reads a structured-mode CloudEvent in JSON, as a record of a topic has it.
func Parse(record []byte) (cloudevents.Event, error) {
	var event cloudevents.Event
	if err := event.UnmarshalJSON(record); err != nil {
		return event, fault.Wrap(fault.Malformed, err, "this is no CloudEvent in JSON")
	}
	return event, check(event)
}

func check(event cloudevents.Event) error {
	if event.SpecVersion() != cloudevents.VersionV1 { // the SDK still reads 0.3
		return fault.New(fault.Malformed, "specversion must be %s", cloudevents.VersionV1)
	}
	if err := event.Validate(); err != nil {
		return fault.New(fault.Malformed, "the CloudEvent is not valid: %s", strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "; "))
	}
	return nil
}

// Data reads the data of an event, such as a TaskEventData. What is not of that shape is a Malformed fault.
func Data[T any](event cloudevents.Event) (T, error) {
	var data T
	if err := json.Unmarshal(event.Data(), &data); err != nil {
		return data, fault.Wrap(fault.Malformed, err, "the data of a "+event.Type()+" cannot be read")
	}
	return data, nil
}

// Status is the one mapping from a fault to what a deliverer does next: 2xx is done, 5xx and 429 are tried
// again, 422 goes to the dead letters at once. 404 and 409 never appear: Dapr would drop the one, and
// KafkaSource would retry both.
func Status(err error) int {
	if err == nil {
		return http.StatusNoContent
	}
	switch fault.From(err).Code {
	case fault.Unavailable, fault.Internal:
		return http.StatusServiceUnavailable
	case fault.RateLimited:
		return http.StatusTooManyRequests
	default:
		return http.StatusUnprocessableEntity
	}
}

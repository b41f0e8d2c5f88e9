package cloudevent

import (
	"encoding/json"
	"net/http"
	"strings"

	cloudevents "github.com/cloudevents/sdk-go/v2"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
)

// StructuredJSON is the media type of a structured-mode CloudEvent in JSON.
const StructuredJSON = "application/cloudevents+json"

// FromRequest reads a CloudEvent in binary or structured mode (HTTP protocol binding, 3). A batch is refused:
// one request is one change.
//
// ce-specversion in the headers means binary mode, whatever the content type says: a KafkaSource delivers a record that
// claims to be an event, and is none, as an event of its own around the record, with the record's content type.
func FromRequest(w http.ResponseWriter, r *http.Request) (cloudevents.Event, error) {
	body, err := httpapi.ReadBody(w, r, httpapi.MaxBody)
	if err != nil {
		return cloudevents.Event{}, err
	}
	contentType := strings.ToLower(r.Header.Get("Content-Type"))
	switch {
	case len(r.Header[headerSpecVersion]) > 0:
		return fromBinary(r.Header, body)
	case httpapi.IsMediaType(contentType, StructuredJSON):
		return Parse(body)
	case strings.HasPrefix(contentType, "application/cloudevents-batch"):
		return cloudevents.Event{}, fault.New(fault.UnsupportedMedia, "a batch of events is not taken: send them one by one")
	case strings.HasPrefix(contentType, "application/cloudevents"):
		return cloudevents.Event{}, fault.New(fault.UnsupportedMedia, "of the structured formats only %s in UTF-8 is taken", StructuredJSON)
	default:
		return cloudevents.Event{}, fault.New(fault.Malformed, "this is no CloudEvent: ce-specversion is missing, or Content-Type is not application/cloudevents+json")
	}
}

func check(event cloudevents.Event) error {
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

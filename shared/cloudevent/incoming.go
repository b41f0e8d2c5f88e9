package cloudevent

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	cloudevents "github.com/cloudevents/sdk-go/v2"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
)

// StructuredJSON is the media type of a structured-mode CloudEvent in JSON.
const StructuredJSON = "application/cloudevents+json"

// FromRequest reads a CloudEvent in binary or structured mode (HTTP protocol binding, 3). A batch is refused: one request is one
// change. ce-specversion in the headers means binary mode, whatever the content type: a KafkaSource delivers a record that claims
// to be an event but is not one inside its own event, with the record's content type.
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
		return cloudevents.Event{}, fault.New(fault.UnsupportedMedia, "batches of events are not supported: send them one by one")
	case strings.HasPrefix(contentType, "application/cloudevents"):
		return cloudevents.Event{}, fault.New(fault.UnsupportedMedia, "the only supported structured format is %s in UTF-8", StructuredJSON)
	default:
		return cloudevents.Event{}, fault.New(fault.Malformed, "this is not a CloudEvent: set the header ce-specversion, or Content-Type: application/cloudevents+json")
	}
}

func check(event cloudevents.Event) error {
	if err := event.Validate(); err != nil {
		lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
		slices.Sort(lines) // the SDK's order is that of a map
		return fault.New(fault.Malformed, "the CloudEvent is not valid: %s", strings.Join(lines, "; "))
	}
	return nil
}

// Data decodes the data of an event, such as a TaskEventData. It returns a Malformed fault if the data has another shape.
func Data[T any](event cloudevents.Event) (T, error) {
	var data T
	if err := json.Unmarshal(event.Data(), &data); err != nil {
		return data, fault.Wrap(fault.Malformed, err, "the data of a "+event.Type()+" cannot be read")
	}
	return data, nil
}

// Status maps a fault to the response for a source or sidecar: 2xx is done, 5xx and 429 are retried, 422 becomes a dead letter at
// once. 404 and 409 are never used: Dapr would drop the first, and KafkaSource would retry both.
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

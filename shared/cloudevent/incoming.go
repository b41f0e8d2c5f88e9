package cloudevent

import (
	"net/http"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/cloudevents/sdk-go/v2/binding"
	cehttp "github.com/cloudevents/sdk-go/v2/protocol/http"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
)

// FromRequest reads a CloudEvent in binary or structured mode (HTTP protocol binding, 3). A batch is refused:
// one request is one change.
func FromRequest(w http.ResponseWriter, r *http.Request) (cloudevents.Event, error) {
	r.Body = http.MaxBytesReader(w, r.Body, httpapi.MaxBody)
	message := cehttp.NewMessageFromHttpRequest(r)
	switch message.ReadEncoding() {
	case binding.EncodingStructured, binding.EncodingBinary:
	case binding.EncodingBatch:
		return cloudevents.Event{}, fault.New(fault.UnsupportedMedia, "a batch of events is not taken: send them one by one")
	default:
		return cloudevents.Event{}, fault.New(fault.Malformed, "this is no CloudEvent: ce-specversion is missing, or Content-Type is not application/cloudevents+json")
	}
	event, err := binding.ToEvent(r.Context(), message)
	if err != nil {
		return cloudevents.Event{}, httpapi.BodyFault(err, "the CloudEvent cannot be read")
	}
	if event.SpecVersion() != cloudevents.VersionV1 { // the SDK still reads 0.3
		return cloudevents.Event{}, fault.New(fault.Malformed, "specversion must be %s", cloudevents.VersionV1)
	}
	if err := event.Validate(); err != nil {
		return cloudevents.Event{}, fault.New(fault.Malformed, "the CloudEvent is not valid: %s", err)
	}
	return *event, nil
}

// StructuredJSON is the media type of a structured-mode CloudEvent in JSON.
const StructuredJSON = "application/cloudevents+json"

// Result is the one mapping from a fault to what a deliverer does next: nil is done, 5xx and 429 are tried
// again, 422 goes to the dead letters at once. 404 and 409 never appear: Dapr would drop the one, and
// KafkaSource would retry both.
func Result(err error) error {
	if err == nil {
		return nil
	}
	f := fault.From(err)
	switch f.Code {
	case fault.Unavailable, fault.Internal:
		return cehttp.NewResult(http.StatusServiceUnavailable, "%s", f.Detail)
	case fault.RateLimited:
		return cehttp.NewResult(http.StatusTooManyRequests, "%s", f.Detail)
	default:
		return cehttp.NewResult(http.StatusUnprocessableEntity, "%s", f.Detail)
	}
}

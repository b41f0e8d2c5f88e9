package function

import (
	"encoding/json"
	"net/http"

	"github.com/google/uuid"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/dapr"
)

// pathHint is the route for events from the sidecar.
const pathHint = "/internal/events/task-updates"

// maxHints is the maximal size of a delivery in bytes: dapr/base/subscription-gateway.yaml bounds its number of events, and none
// on task-updates contains a task.
const maxHints = 1 << 20

// hint takes events of the topic task-updates from the sidecar: many at once, as a bulk subscription delivers them, or a single
// one. An event is only a hint to read the log, so only its user and sequence are read. A malformed event is dropped: hints are
// not retried and do not become dead letters.
func (f *Function) hint(w http.ResponseWriter, r *http.Request) error {
	delivery, err := dapr.ReadDelivery(w, r, maxHints)
	if err != nil {
		return err
	}
	statuses := make([]dapr.Status, len(delivery.Records))
	for i, record := range delivery.Records {
		statuses[i] = f.handle(record)
	}
	delivery.Answer(w, statuses)
	return nil
}

// handle forwards the hint of an event to the streams.
func (f *Function) handle(raw []byte) dapr.Status {
	if sketch, ok := cloudevent.Glance(raw); ok {
		if seq := sketch.Seq(); seq > 0 {
			f.hub.Hint(sketch.UserID, seq)
			return dapr.Success
		}
	}
	var event struct {
		Type string `json:"type"`
		Data struct {
			UserID uuid.UUID `json:"user_id"`
			Seq    int64     `json:"seq"`
		} `json:"data"`
	}
	if err := json.Unmarshal(raw, &event); err != nil || event.Type == "" {
		return dapr.Drop
	}
	if event.Data.Seq > 0 { // every event with a sequence is in the log
		f.hub.Hint(event.Data.UserID, event.Data.Seq)
	}
	return dapr.Success
}

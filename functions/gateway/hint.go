package function

import (
	"encoding/json"
	"net/http"

	"github.com/google/uuid"

	"taskwire.dev/shared/dapr"
)

// pathHint is where the sidecar brings events.
const pathHint = "/internal/events/task-updates"

// maxHints is the most bytes of a delivery: dapr/base/subscription-gateway.yaml bounds how many events come in one, and
// none on task-updates carries a task.
const maxHints = 1 << 20

// hint takes events of the topic task-updates from the sidecar: many at once, as a bulk subscription delivers
// them, or a single one. An event is only a reason to read the log, so all that is read of it is who, and how far.
// What cannot be read is dropped, and not tried again: no dead letter is made of a hint.
func (f *Function) hint(w http.ResponseWriter, r *http.Request) error {
	delivery, err := dapr.ReadDelivery(w, r, maxHints)
	if err != nil {
		return err
	}
	statuses := make([]dapr.Status, len(delivery.Records))
	for i, record := range delivery.Records {
		statuses[i] = f.heed(record)
	}
	delivery.Answer(w, statuses)
	return nil
}

// heed passes on what an event hints at.
func (f *Function) heed(raw []byte) dapr.Status {
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
	if event.Data.Seq > 0 { // whatever has a number is in the log
		f.hub.Hint(event.Data.UserID, event.Data.Seq)
	}
	return dapr.Success
}

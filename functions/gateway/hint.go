package function

import (
	"encoding/json"
	"net/http"

	"github.com/google/uuid"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/httpapi"
)

// maxHints is the most bytes of a delivery: dapr/base/subscriptions.yaml bounds how many events come in one, and
// none on task-updates carries a task.
const maxHints = 1 << 20

// hint takes events of the topic task-updates from the sidecar: many at once, as a bulk subscription delivers
// them, or a single one. An event is only a reason to read the log, so all that is read of it is who, and how far.
func (f *Function) hint(w http.ResponseWriter, r *http.Request) error {
	var bulk struct {
		Entries []struct {
			ID    string          `json:"entryId"`
			Event json.RawMessage `json:"event"`
		} `json:"entries"`
	}
	body, err := httpapi.ReadBody(w, r, maxHints)
	if err == nil {
		err = json.Unmarshal(body, &bulk)
	}
	if err == nil && bulk.Entries != nil {
		verdicts := make([]verdict, len(bulk.Entries))
		for i, e := range bulk.Entries {
			verdicts[i] = verdict{e.ID, f.heed(e.Event)}
		}
		httpapi.WriteJSON(w, http.StatusOK, map[string][]verdict{"statuses": verdicts})
		return nil
	}
	if status := f.heed(body); status != success {
		httpapi.WriteJSON(w, http.StatusOK, verdict{Status: status})
		return nil
	}
	w.WriteHeader(http.StatusOK) // no body tells Dapr that it is done with
	return nil
}

// verdict tells the sidecar what became of an event.
type verdict struct {
	ID     string `json:"entryId,omitempty"`
	Status string `json:"status"`
}

const (
	success = "SUCCESS"
	drop    = "DROP" // it would be as unreadable the next time: Dapr must not deliver it again
)

// heed passes on what an event hints at.
func (f *Function) heed(raw []byte) (status string) {
	var event struct {
		Type string `json:"type"`
		Data struct {
			UserID uuid.UUID `json:"user_id"`
			Seq    int64     `json:"seq"`
		} `json:"data"`
	}
	if err := json.Unmarshal(raw, &event); err != nil || event.Type == "" {
		return drop
	}
	if event.Type == cloudevent.TypeTaskChanged {
		f.hub.Hint(event.Data.UserID, event.Data.Seq)
	}
	return success
}

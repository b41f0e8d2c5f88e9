package function

import (
	"encoding/json"
	"net/http"

	"github.com/google/uuid"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/httpapi"
)

// maxHint is the most bytes of an event on task-updates; none carries a task.
const maxHint = 256 << 10

// hint takes an event of the topic task-updates from the sidecar. It is only a reason to read the log, so all
// that is read of it is who, and how far. An answer without a body tells Dapr that it is done with.
func (f *Function) hint(w http.ResponseWriter, r *http.Request) error {
	var event struct {
		Type string `json:"type"`
		Data struct {
			UserID uuid.UUID `json:"user_id"`
			Seq    int64     `json:"seq"`
		} `json:"data"`
	}
	body, err := httpapi.ReadBody(w, r, maxHint)
	if err == nil {
		err = json.Unmarshal(body, &event)
	}
	if err != nil || event.Type == "" {
		// It would be as unreadable the next time: Dapr must not deliver it again.
		httpapi.WriteJSON(w, http.StatusOK, map[string]string{"status": "DROP"})
		return nil
	}
	if event.Type == cloudevent.TypeTaskChanged {
		f.hub.Hint(event.Data.UserID, event.Data.Seq)
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

package function

import (
	"net/http"

	"taskwire.dev/functions/dead-letter/internal/observability"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/token"
)

// trace returns what a request or an event has caused, for the dashboard's waterfall. The database decides who may see
// it, as everywhere here.
func (f *Function) trace(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	if err := f.letters.Authorize(r.Context(), who); err != nil {
		return err
	}
	found, err := f.traces.Get(r.Context(), r.PathValue("trace_id"))
	return httpapi.WriteResult(w, http.StatusOK, found, err)
}

// alertList is all alerts at once: their number is bounded.
type alertList struct {
	Items []observability.Alert `json:"items"`
}

func (f *Function) listAlerts(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	if err := f.letters.Authorize(r.Context(), who); err != nil {
		return err
	}
	alerts, err := f.alerts.List(r.Context())
	if err != nil {
		return err
	}
	httpapi.WriteJSON(w, http.StatusOK, alertList{alerts})
	return nil
}

package function

import (
	"cmp"
	"net/http"

	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/token"
)

// usage is how much a user keeps, and may keep.
type usage struct {
	Tasks    int64 `json:"tasks"`
	MaxTasks int64 `json:"max_tasks"`
	Bytes    int64 `json:"bytes"`
	MaxBytes int64 `json:"max_bytes"`
}

func (f *Function) usage(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	used, own, err := f.tasks.Usage(r.Context(), who)
	if err != nil {
		return err
	}
	httpapi.WriteJSON(w, http.StatusOK, usage{
		Tasks: used.Tasks, MaxTasks: cmp.Or(own.Tasks, f.bounds.Tasks), Bytes: used.Bytes, MaxBytes: cmp.Or(own.Bytes, f.bounds.Bytes),
	})
	return nil
}

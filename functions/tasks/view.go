package function

import (
	"net/http"

	"github.com/google/uuid"

	"taskwire.dev/functions/tasks/internal/command"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/view"
)

func (f *Function) views(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	views, err := f.tasks.Views(r.Context(), who)
	if err != nil {
		return err
	}
	if views == nil {
		views = []view.View{}
	}
	httpapi.WriteJSON(w, http.StatusOK, struct {
		Items []view.View `json:"items"`
	}{views})
	return nil
}

// saveView creates or replaces the view whose id the client chose.
func (f *Function) saveView(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := viewID(r)
	if err != nil {
		return err
	}
	if _, ok := command.ParseChosenID(r.PathValue("id")); !ok {
		var fs fault.Fields
		fs.Add("/id", command.ChosenIDRule)
		return fs.Err()
	}
	body, err := readJSON(w, r, jsonType)
	if err != nil {
		return err
	}
	var in view.Fields
	if err := httpapi.DecodeJSON(body, &in); err != nil {
		return err
	}
	fields, err := in.Check()
	if err != nil {
		return err
	}
	saved, created, err := f.tasks.SaveView(r.Context(), who, id, fields)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	httpapi.WriteJSON(w, status, saved)
	return nil
}

func (f *Function) deleteView(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := viewID(r)
	if err != nil {
		return err
	}
	if err := f.tasks.DeleteView(r.Context(), who, id); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// viewID reads the id in the path. A malformed id is treated as not found.
func viewID(r *http.Request) (uuid.UUID, error) {
	id, ok := task.ParseID(r.PathValue("id"))
	if !ok {
		return uuid.Nil, fault.New(fault.NotFound, "there is no such view")
	}
	return id, nil
}

package function

import (
	"net/http"

	"taskwire.dev/functions/tasks/internal/command"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// preview returns when a rule would have a task recur, before the task exists.
func (f *Function) preview(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	body, err := readJSON(w, r, jsonType)
	if err != nil {
		return err
	}
	var in command.PreviewInput
	if err := httpapi.DecodeJSON(body, &in); err != nil {
		return err
	}
	preview, err := in.Preview()
	if err != nil {
		return err
	}
	return f.execute(w, r, who, body, preview, func(o task.Outcome) idempotency.Answer {
		answer := map[string]any{"occurrences": o.Occurrences}
		if preview.DueDate != nil {
			answer["dates"] = o.Dates
		}
		return httpapi.JSONAnswer(http.StatusOK, answer, nil)
	})
}

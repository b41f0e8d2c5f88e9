package function

import (
	"time"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

// maxSnooze is the longest time that a notification can be snoozed.
const maxSnooze = 365 * 24 * time.Hour

// snoozeInput is the body of a request to snooze.
type snoozeInput struct {
	For *string `json:"for"` // an ISO 8601 duration
}

// duration returns the validated duration.
func (in snoozeInput) duration() (string, error) {
	var fs fault.Fields
	if in.For == nil {
		fs.Add("/for", "is required")
		return "", fs.Err()
	}
	task.CheckSpan(&fs, "/for", *in.For, maxSnooze)
	return *in.For, fs.Err()
}

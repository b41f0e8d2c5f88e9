package function

import (
	"time"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
)

// maxSnooze is the longest time that a notification can be snoozed.
const maxSnooze = 365 * 24 * time.Hour

// snoozeInput is the body of a request to snooze.
type snoozeInput struct {
	For *string `json:"for"` // an ISO 8601 duration
}

// duration returns the validated duration.
func (in snoozeInput) duration() (time.Duration, error) {
	var fs fault.Fields
	if in.For == nil {
		fs.Add("/for", "is required")
		return 0, fs.Err()
	}
	task.CheckDuration(&fs, "/for", *in.For, maxSnooze)
	return reminder.Span(*in.For), fs.Err()
}

package command

import (
	"encoding/json"
	"time"

	"taskwire.dev/shared/clock"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

// maxAhead is how far a client's clock may be ahead of the server's.
const maxAhead = 5 * time.Minute

// stamps reads the times of a new task that comes from elsewhere. A time of completion makes the task completed.
func (in Input) stamps(fs *fault.Fields, d *task.Draft) task.Stamps {
	s := task.Stamps{CreatedAt: pastInstant(fs, "/created_at", in.CreatedAt), CompletedAt: pastInstant(fs, "/completed_at", in.CompletedAt)}
	switch {
	case s.CompletedAt == nil:
		return s
	case in.Completed == nil:
		d.Completed = true
	case !*in.Completed:
		fs.Add("/completed_at", "must be null, because the task is not completed")
	}
	if s.CreatedAt != nil && s.CompletedAt.Before(*s.CreatedAt) {
		fs.Add("/completed_at", "is before created_at")
	}
	return s
}

// pastInstant reads a time that is not in the future; there is none if it is absent or null.
func pastInstant(fs *fault.Fields, pointer string, given json.RawMessage) *time.Time {
	if len(given) == 0 || string(given) == "null" {
		return nil
	}
	var text string
	if err := json.Unmarshal(given, &text); err != nil {
		fs.Add(pointer, "must be a string")
		return nil
	}
	t := ParseInstant(fs, pointer, &text)
	if t != nil && t.After(clock.Now().Add(maxAhead)) {
		fs.Add(pointer, "is in the future")
		return nil
	}
	return t
}

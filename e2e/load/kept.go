package load

import (
	"cmp"
	"encoding/json"
	"slices"

	"taskwire.dev/e2e/client"
)

// Kept is a frame that a listener has kept for later checks.
type Kept struct {
	Event, Epoch string
	Seq          int64
	// For a change: whose, of which task, comment or section, and what was done to it.
	UserID, ID, ChangeType string
}

// Keep makes the listener keep every frame. Call it before Run.
func (l *Listener) Keep() *Listener {
	l.keeps = true
	return l
}

// Frames returns what was kept so far.
func (l *Listener) Frames() []Kept {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.kept)
}

func (l *Listener) keep(f client.Frame, epoch string, seq int64) {
	if !l.keeps {
		return
	}
	k := Kept{Event: f.Event, Epoch: epoch, Seq: seq}
	var data struct {
		UserID     string  `json:"user_id"`
		TaskID     *string `json:"task_id"`
		CommentID  *string `json:"comment_id"`
		SectionID  *string `json:"section_id"`
		ChangeType string  `json:"change_type"`
	}
	if json.Unmarshal(f.Data, &data) == nil {
		k.UserID, k.ChangeType = data.UserID, data.ChangeType
		if id := cmp.Or(data.CommentID, data.SectionID, data.TaskID); id != nil { // a comment has the id of its task too
			k.ID = *id
		}
	}
	l.kept = append(l.kept, k)
}

package cloudevent

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/comment"
	"taskwire.dev/shared/task"
)

// TypeCommentChanged is the type of events on task-updates that are about a comment.
const TypeCommentChanged = "sync.comment-changed"

// CommentUpdateData is the data of an event on task-updates that is about a comment.
type CommentUpdateData struct {
	ChangeType    string    `json:"change_type"`
	CommentID     uuid.UUID `json:"comment_id"`
	TaskID        uuid.UUID `json:"task_id"`
	UserID        uuid.UUID `json:"user_id"`
	Seq           int64     `json:"seq"`
	ChangedFields []string  `json:"changed_fields"`
	Timestamp     time.Time `json:"timestamp"`
}

// CommentData returns the data of the stream event of e, and the comment after the change, or nil.
func CommentData(e task.Event) (CommentUpdateData, *comment.Comment) {
	data := CommentUpdateData{
		ChangeType: e.EventType.ChangeType(), TaskID: e.TaskID, UserID: e.UserID, Seq: e.Seq, ChangedFields: []string{"text"}, Timestamp: e.Time,
	}
	before, after, err := comment.Of(e)
	switch {
	case err != nil: // only our own events are stored, and they have comments
	case before != nil:
		data.CommentID = before.ID
	case after != nil:
		data.CommentID = after.ID
	}
	return data, after
}

// CommentUpdate returns the structured CloudEvent of e for streams.
func CommentUpdate(e task.Event) []byte {
	update, _ := CommentData(e)
	data, _ := json.Marshal(update) // plain values always marshal
	return structured(e, TypeCommentChanged, "comment-update.v1.json", data)
}

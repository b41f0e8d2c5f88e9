package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/comment"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// How is how a change is made of what is no task.
type How struct {
	Key idempotency.Key
	Dry bool // only tried: nothing is written
}

// NewComment is a comment as a client sends it.
type NewComment struct {
	TaskID uuid.UUID
	ID     uuid.UUID // chosen by the client; zero lets the server choose
	Text   string
}

// AddComment adds a comment. Adding the same one again, by its chosen id, changes nothing: also when it was edited or deleted since,
// because a client that lost the response asks about its own request.
func (s *Tasks) AddComment(ctx context.Context, who token.Principal, how How, in NewComment, render func(comment.Comment) idempotency.Answer) (idempotency.Answer, error) {
	change := commentChange{user: who.UserID, task: in.TaskID, id: in.ID, dry: how.Dry}
	return s.changeComment(ctx, who, how.Key, &change, func(tx *userlog.Tx, t *task.Task) error {
		id := in.ID
		switch first := change.first; {
		case id == uuid.Nil:
			id = tx.NewID()
		case first != nil && first.Text == in.Text:
			tx.Answer = render(*first)
			return nil
		case first != nil, change.current != nil:
			return fault.New(fault.Conflict, "another comment already has this id; choose a new one")
		}
		c := comment.Comment{ID: id, TaskID: t.ID, Text: in.Text, Actor: tx.Actor, CreatedAt: tx.Now}
		tx.Answer = render(c)
		return change.save(tx, t, nil, &c)
	})
}

// EditComment changes the text of a comment. Without a change there is no event.
func (s *Tasks) EditComment(ctx context.Context, who token.Principal, how How, taskID, id uuid.UUID, text string, render func(comment.Comment) idempotency.Answer) (idempotency.Answer, error) {
	change := commentChange{user: who.UserID, task: taskID, id: id, dry: how.Dry}
	return s.changeComment(ctx, who, how.Key, &change, func(tx *userlog.Tx, t *task.Task) error {
		before, err := change.get()
		if err != nil {
			return err
		}
		after := *before
		if after.Text != text {
			after.Text, after.EditedAt = text, &tx.Now
			err = change.save(tx, t, before, &after)
		}
		tx.Answer = render(after)
		return err
	})
}

// DeleteComment deletes a comment.
func (s *Tasks) DeleteComment(ctx context.Context, who token.Principal, how How, taskID, id uuid.UUID, answer idempotency.Answer) (idempotency.Answer, error) {
	change := commentChange{user: who.UserID, task: taskID, id: id, dry: how.Dry}
	return s.changeComment(ctx, who, how.Key, &change, func(tx *userlog.Tx, t *task.Task) error {
		before, err := change.get()
		if err != nil {
			return err
		}
		tx.Answer = answer
		return change.save(tx, t, before, nil)
	})
}

func (s *Tasks) changeComment(ctx context.Context, who token.Principal, key idempotency.Key, change *commentChange,
	apply func(*userlog.Tx, *task.Task) error,
) (idempotency.Answer, error) {
	return s.log.Do(ctx, userlog.Change{
		User: who, Key: key, Needs: task.Needs{Tasks: []uuid.UUID{change.task}}, Read: change.queue,
		Apply: func(tx *userlog.Tx) error {
			t, err := tx.Task(change.task)
			if err != nil {
				return err
			}
			return apply(tx, t)
		},
	})
}

// commentChange is one change of a comment while it is applied: what was read under the user's lock.
type commentChange struct {
	user, task, id uuid.UUID
	dry            bool
	current        *comment.Comment // on this or another task
	first          *comment.Comment // as it was created on this task
}

func (c *commentChange) queue(b *pgx.Batch) {
	c.current, c.first = nil, nil
	if c.id == uuid.Nil {
		return
	}
	// primary key of comment
	b.Queue(`SELECT `+commentColumns+` FROM comment WHERE user_id = $1 AND id = $2`, c.user, c.id).Query(func(rows pgx.Rows) error {
		found, err := pgx.CollectRows(rows, scanComment)
		if len(found) > 0 {
			c.current = &found[0]
		}
		return err
	})
	// task_event_task: the log also knows comments that were deleted
	const created = `
SELECT ` + userlog.EventColumns + ` FROM task_event
WHERE user_id = $1 AND task_id = $2 AND event_type = 'comment.created' AND changed_fields #>> '{comment,to,id}' = $3::uuid::text ORDER BY seq LIMIT 1`
	b.Queue(created, c.user, c.task, c.id).Query(func(rows pgx.Rows) error {
		events, err := pgx.CollectRows(rows, userlog.ScanEvent)
		if err == nil && len(events) > 0 {
			_, c.first, err = comment.Of(events[0])
		}
		return err
	})
}

// get returns the comment, which must be one on the task.
func (c *commentChange) get() (*comment.Comment, error) {
	if c.current == nil || c.current.TaskID != c.task {
		return nil, noComment()
	}
	return c.current, nil
}

// save queues the rows of a change from before to after, of which one can be nil, and appends its event.
func (c *commentChange) save(tx *userlog.Tx, t *task.Task, before, after *comment.Comment) error {
	comments, bytes := t.Comments, t.CommentBytes
	if before != nil {
		comments, bytes = comments-1, bytes-int64(len(before.Text))
	}
	if after != nil {
		comments, bytes = comments+1, bytes+int64(len(after.Text))
	}
	if before == nil && comments > comment.Max {
		return fault.New(fault.Conflict, "a task can have at most %d comments; delete some first", comment.Max)
	}
	tx.SetComments(t, comments, bytes)
	switch {
	case c.dry:
		return nil
	case before == nil:
		const add = `INSERT INTO comment (user_id, id, task_id, text, actor, created_at, edited_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`
		tx.Queue(add, c.user, after.ID, after.TaskID, after.Text, after.Actor, after.CreatedAt, after.EditedAt)
	case after == nil:
		tx.Queue(`DELETE FROM comment WHERE user_id = $1 AND id = $2`, c.user, before.ID)
	default:
		tx.Queue(`UPDATE comment SET text = $3, edited_at = $4 WHERE user_id = $1 AND id = $2`, c.user, after.ID, after.Text, after.EditedAt)
	}
	tx.Queue(`UPDATE task SET comments = $3, comment_bytes = $4 WHERE user_id = $1 AND id = $2`, c.user, t.ID, comments, bytes)
	tx.Append(comment.Event(before, after, comments))
	return nil
}

// UndoComment undoes the change of a comment that e recorded.
func (s *Tasks) UndoComment(ctx context.Context, who token.Principal, how How, e task.Event, answer idempotency.Answer) (idempotency.Answer, error) {
	was, left, err := comment.Of(e)
	if err != nil {
		return idempotency.Answer{}, fault.Wrap(fault.Internal, err, "the entry cannot be read")
	}
	change := commentChange{user: who.UserID, task: e.TaskID, dry: how.Dry}
	if was != nil {
		change.id = was.ID
	} else {
		change.id = left.ID
	}
	return s.changeComment(ctx, who, how.Key, &change, func(tx *userlog.Tx, t *task.Task) error {
		tx.Answer = answer
		switch current := change.current; {
		case left == nil && current != nil, left != nil && (current == nil || current.TaskID != e.TaskID):
			return commentChanged("/deleted")
		case left != nil && current.Text != left.Text:
			return commentChanged("/text")
		default:
			return change.save(tx, t, current, was)
		}
	})
}

func commentChanged(pointer string) error {
	var fs fault.Fields
	fs.Add(pointer, "has changed since")
	return &fault.Error{Code: fault.Conflict, Detail: "the comment has changed since", Fields: fs}
}

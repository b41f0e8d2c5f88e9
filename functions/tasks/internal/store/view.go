package store

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/view"
)

// queueViews reads a user's saved views in the order in which they were made.
func queueViews(b *pgx.Batch, user uuid.UUID, found *[]view.View) {
	// primary key of saved_view; a user has at most view.Max
	const all = `SELECT id, name, query, layout, group_by, sort, created_at, updated_at FROM saved_view WHERE user_id = $1 ORDER BY created_at, id`
	b.Queue(all, user).Query(func(rows pgx.Rows) (err error) {
		*found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (v view.View, err error) {
			return v, row.Scan(&v.ID, &v.Name, &v.Query, &v.Layout, &v.GroupBy, &v.Sort, &v.CreatedAt, &v.UpdatedAt)
		})
		return err
	})
}

// Views returns who's saved views in the order in which they were made.
func (s *Tasks) Views(ctx context.Context, who token.Principal) (views []view.View, err error) {
	err = postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) { queueViews(b, who.UserID, &views) })
	return views, err
}

// SaveView creates or replaces a view, and reports which. Without a change there is no event.
func (s *Tasks) SaveView(ctx context.Context, who token.Principal, id uuid.UUID, fields view.Fields) (saved view.View, created bool, err error) {
	_, err = s.changeViews(ctx, who, idempotency.Key{}, func(tx *userlog.Tx, views []view.View) error {
		saved = view.View{ID: id, Fields: fields, CreatedAt: tx.Now, UpdatedAt: tx.Now}
		before := find(views, id)
		created = before == nil
		switch {
		case created && len(views) >= view.Max:
			return tooManyViews()
		case !created && before.Equal(fields):
			saved = *before
			return nil
		case !created:
			saved.CreatedAt = before.CreatedAt
		}
		recordView(tx, before, &saved)
		return nil
	})
	return saved, created, err
}

func tooManyViews() error {
	return fault.New(fault.Conflict, "there can be at most %d saved views; delete one first", view.Max)
}

// recordView queues a change of a view's row, and appends its event. before or after is nil.
func recordView(tx *userlog.Tx, before, after *view.View) {
	const save = `
INSERT INTO saved_view (user_id, id, name, query, layout, group_by, sort, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (user_id, id) DO UPDATE SET name = EXCLUDED.name, query = EXCLUDED.query, layout = EXCLUDED.layout,
  group_by = EXCLUDED.group_by, sort = EXCLUDED.sort, updated_at = EXCLUDED.updated_at`
	if after == nil {
		tx.Queue(`DELETE FROM saved_view WHERE user_id = $1 AND id = $2`, tx.UserID, before.ID)
	} else {
		tx.Queue(save, tx.UserID, after.ID, after.Name, after.Query, after.Layout, after.GroupBy, after.Sort, after.CreatedAt, after.UpdatedAt)
	}
	tx.Append(view.Event(before, after))
}

// DeleteView deletes a view.
func (s *Tasks) DeleteView(ctx context.Context, who token.Principal, id uuid.UUID) error {
	_, err := s.changeViews(ctx, who, idempotency.Key{}, func(tx *userlog.Tx, views []view.View) error {
		before := find(views, id)
		if before == nil {
			return fault.New(fault.NotFound, "there is no such view")
		}
		recordView(tx, before, nil)
		return nil
	})
	return err
}

// UndoView undoes an earlier change of a view, and returns answer. Later changes to other fields stay; later changes to the same
// fields are a conflict.
func (s *Tasks) UndoView(ctx context.Context, who token.Principal, how How, e task.Event, answer idempotency.Answer) (idempotency.Answer, error) {
	was, left, err := view.Of(e)
	if err != nil || was == nil && left == nil {
		return idempotency.Answer{}, fault.Wrap(fault.Internal, err, "the entry cannot be read")
	}
	return s.changeViews(ctx, who, how.Key, func(tx *userlog.Tx, views []view.View) error {
		tx.Answer = answer
		if how.Dry {
			defer tx.Discard()
		}
		if left == nil {
			if find(views, was.ID) != nil {
				return viewChanged(task.FieldDeleted)
			}
			if len(views) >= view.Max {
				return tooManyViews()
			}
			restored := *was
			restored.UpdatedAt = tx.Now
			recordView(tx, nil, &restored)
			return nil
		}
		current := find(views, left.ID)
		if current == nil {
			return viewChanged(task.FieldDeleted)
		}
		since := view.Diff(&left.Fields, &current.Fields)
		if was == nil {
			if len(since) > 0 {
				return viewChanged(since...)
			}
			recordView(tx, current, nil)
			return nil
		}
		changed := view.Diff(&was.Fields, &left.Fields)
		if same := slices.DeleteFunc(since, func(name string) bool { return !slices.Contains(changed, name) }); len(same) > 0 {
			return viewChanged(same...)
		}
		after := *current
		after.Fields, after.UpdatedAt = current.With(was.Fields, changed...), tx.Now
		recordView(tx, current, &after)
		return nil
	})
}

func viewChanged(fields ...string) error {
	var fs fault.Fields
	for _, name := range fields {
		fs.Add("/"+name, "has changed since")
	}
	return &fault.Error{Code: fault.Conflict, Detail: "the view has changed since", Fields: fs}
}

func (s *Tasks) changeViews(ctx context.Context, who token.Principal, key idempotency.Key, apply func(*userlog.Tx, []view.View) error) (idempotency.Answer, error) {
	var views []view.View
	return s.log.Do(ctx, userlog.Change{
		User: who, Key: key,
		Read:  func(b *pgx.Batch) { queueViews(b, who.UserID, &views) },
		Apply: func(tx *userlog.Tx) error { return apply(tx, views) },
	})
}

func find(views []view.View, id uuid.UUID) *view.View {
	for i := range views {
		if views[i].ID == id {
			return &views[i]
		}
	}
	return nil
}

package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/label"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/token"
)

const (
	// A section knows its project by the folded name; primary key of task_name.
	labelColumns = `id, spelling AS name, color, position, archived, version, created_at, updated_at, name AS key,
  CASE WHEN starts_with(name, 's:') THEN (
    SELECT p.id FROM task_name p WHERE p.user_id = n.user_id AND p.name = 'p:' || split_part(n.name, E'\x1f', 2)) END AS project_id`
	labelsOfPrefix = `SELECT ` + labelColumns + ` FROM task_name n WHERE user_id = $1 AND starts_with(name, $2)`
)

// prefix is how the folded names of a kind begin.
func prefix(kind label.Kind) string { return string(kind[0]) + ":" }

func noLabel(kind label.Kind) error { return fault.New(fault.NotFound, "there is no such %s", kind) }

// LabelKey is the place of a label in its list; the zero LabelKey is before all.
type LabelKey struct {
	Position string
	ID       uuid.UUID
}

// Labels returns a page of who's labels of a kind in their order, and whether there are more.
func (s *Tasks) Labels(ctx context.Context, who token.Principal, kind label.Kind, after LabelKey, limit int) (page []label.Label, more bool, err error) {
	// primary key of task_name
	const query = labelsOfPrefix + ` AND (position, id) > ($3, $4) ORDER BY position, id LIMIT $5`
	page, err = s.labels(ctx, who, query, who.UserID, prefix(kind), after.Position, after.ID, limit+1)
	if more = len(page) > limit; more {
		page = page[:limit]
	}
	return page, more, err
}

// Label returns one of who's labels.
func (s *Tasks) Label(ctx context.Context, who token.Principal, kind label.Kind, id uuid.UUID) (label.Label, error) {
	found, err := s.labels(ctx, who, labelsOfPrefix+` AND id = $3`, who.UserID, prefix(kind), id)
	if err == nil && len(found) == 0 {
		err = noLabel(kind)
	}
	if err != nil {
		return label.Label{}, err
	}
	return found[0], nil
}

func (s *Tasks) labels(ctx context.Context, who token.Principal, query string, args ...any) (found []label.Label, err error) {
	err = postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(query, args...).Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, pgx.RowToStructByName[label.Label])
			return err
		})
	})
	return found, err
}

// OpenByName counts who's open tasks that have these folded names of projects and tags.
func (s *Tasks) OpenByName(ctx context.Context, who token.Principal, names []string) (map[string]int64, error) {
	// primary key of task, by its first column
	const count = `
SELECT name, count(*) FROM task, unnest(names) AS name WHERE user_id = $1 AND deleted_at IS NULL AND completed_at IS NULL AND name = ANY ($2) GROUP BY name`
	open := map[string]int64{}
	err := postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(count, who.UserID, names).Query(func(rows pgx.Rows) error {
			var name string
			var n int64
			_, err := pgx.ForEachRow(rows, []any{&name, &n}, func() error {
				open[name] = n
				return nil
			})
			return err
		})
	})
	return open, err
}

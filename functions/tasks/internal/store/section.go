package store

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/label"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/search"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// Sections have the name of their project in their keys, so they follow when it is renamed, merged or deleted. That is a part of the
// project's change, and has no events.

// moveSections queues that sections become those of another project, or of the same under a new name. Where it has one of the same
// name, that one stays.
func (c *labelChange) moveSections(tx *userlog.Tx, sections []label.Label, project string) {
	const move = `
UPDATE task_name n SET name = to_name, version = version + 1, updated_at = $4 FROM unnest($2::uuid[], $3::text[]) AS moved (of_id, to_name)
WHERE user_id = $1 AND id = of_id AND NOT EXISTS (SELECT FROM task_name other WHERE other.user_id = $1 AND other.name = to_name)`
	if len(sections) == 0 {
		return
	}
	ids, keys := make([]uuid.UUID, len(sections)), make([]string, len(sections))
	for i, l := range sections {
		ids[i], keys[i] = l.ID, search.SectionName(project, l.Name)
	}
	tx.Queue(move, c.user, ids, keys, tx.Now)
}

// deleteSections queues the deletion of the sections of a project.
func (c *labelChange) deleteSections(tx *userlog.Tx, project string) {
	const remove = `DELETE FROM task_name WHERE user_id = $1 AND starts_with(name, 's:') AND split_part(name, E'\x1f', 2) = $2`
	tx.Queue(remove, c.user, search.Fold(project))
}

// restoreSections queues that a project has these sections again. Some may have moved to the projects into which it was merged, and
// stay there as well if a task has them.
func (c *labelChange) restoreSections(tx *userlog.Tx, project string, sections []label.Label) {
	if len(sections) == 0 {
		return
	}
	ids := make([]uuid.UUID, len(sections))
	for i, l := range sections {
		ids[i] = l.ID
	}
	tx.Queue(`DELETE FROM task_name WHERE user_id = $1 AND id = ANY ($2)`, c.user, ids)
	const add = `
INSERT INTO task_name (user_id, name, spelling, id, color, position, archived, version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`
	for _, l := range sections {
		tx.Queue(add, c.user, search.SectionName(project, l.Name), l.Name, l.ID, l.Color, l.Position, l.Archived, l.Version+1, l.CreatedAt, tx.Now)
	}
	const keep = `
INSERT INTO task_name (user_id, name, spelling) SELECT $1, $2, $3
WHERE EXISTS (SELECT FROM task WHERE user_id = $1 AND names @> ARRAY[$4] AND section = $3 AND deleted_at IS NULL) ON CONFLICT DO NOTHING`
	for _, l := range c.sections {
		if !slices.Contains(ids, l.ID) {
			continue
		}
		parent := label.Parent(l.Key)
		tx.Queue(keep, c.user, l.Key, l.Name, label.Project.Folded(parent))
	}
}

// ProjectsWithSlash returns the folded names of who's projects that have a slash.
func (s *Tasks) ProjectsWithSlash(ctx context.Context, who token.Principal) (names []string, err error) {
	// primary key of task_name
	const query = `SELECT name FROM task_name WHERE user_id = $1 AND starts_with(name, 'p:') AND strpos(name, '/') > 0`
	err = postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(query, who.UserID).Query(func(rows pgx.Rows) (err error) {
			names, err = pgx.CollectRows(rows, pgx.RowTo[string])
			return err
		})
	})
	return names, err
}

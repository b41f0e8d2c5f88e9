package store

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/label"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/search"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// Sections have the name of their project in their keys, so they follow when it is renamed, merged or deleted. That is a part of the
// project's change, and has no events.

// queueSections reads the sections of the projects with these ids or names, and those with these ids themselves: one more than a user
// can have at most. There can be more from before there was a limit.
func (c *labelChange) queueSections(b *pgx.Batch, projects []uuid.UUID, names []string, ids []uuid.UUID) {
	c.sections = nil
	if c.kind != label.Project {
		return
	}
	// unique and primary key of task_name
	const query = `
SELECT ` + labelColumns + ` FROM task_name n WHERE user_id = $1 AND starts_with(name, 's:') AND (id = ANY ($3) OR split_part(name, E'\x1f', 2) = ANY ($5)
  OR split_part(name, E'\x1f', 2) IN (SELECT substr(name, 3) FROM task_name WHERE user_id = $1 AND id = ANY ($2) AND starts_with(name, 'p:')))
ORDER BY position, id LIMIT $4`
	parents := make([]string, len(names))
	for i, name := range names {
		parents[i] = search.Fold(name)
	}
	b.Queue(query, c.user, projects, ids, task.MaxSections+1, parents).Query(func(rows pgx.Rows) (err error) {
		c.sections, err = pgx.CollectRows(rows, pgx.RowToStructByName[label.Label])
		return err
	})
}

// moveSections queues that the sections of a project become those of another one, or of the same under a new name. Where that has one
// of the same name, it stays.
func (c *labelChange) moveSections(tx *userlog.Tx, project, to string) {
	const move = `
UPDATE task_name n SET name = split_part(name, E'\x1f', 1) || E'\x1f' || $3, version = version + 1, updated_at = $4
WHERE user_id = $1 AND starts_with(name, 's:') AND split_part(name, E'\x1f', 2) = $2 AND NOT EXISTS (
  SELECT FROM task_name other WHERE other.user_id = $1 AND other.name = split_part(n.name, E'\x1f', 1) || E'\x1f' || $3)`
	tx.Queue(move, c.user, search.Fold(project), search.Fold(to), tx.Now)
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
		if !slices.ContainsFunc(c.sections, func(now label.Label) bool { return now.ID == l.ID }) {
			tx.Makes(search.SectionName(project, l.Name))
		}
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

// HasProject reports whether who has a project of that name.
func (s *Tasks) HasProject(ctx context.Context, who token.Principal, name string) (has bool, err error) {
	// primary key of task_name
	const query = `SELECT EXISTS (SELECT FROM task_name WHERE user_id = $1 AND name = $2)`
	err = postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(query, who.UserID, search.ProjectName(name)).QueryRow(func(row pgx.Row) error { return row.Scan(&has) })
	})
	return has, err
}

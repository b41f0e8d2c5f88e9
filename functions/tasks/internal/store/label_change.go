package store

import (
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/label"
	"taskwire.dev/shared/search"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/userlog"
)

// maxRelabeled is how many tasks a change of a label may change: it is one transaction, which has userlog.AloneTimeout.
// docs/benchmarks.md has how long it takes. One that takes longer changes nothing, and the answer is 503.
const maxRelabeled = 20_000

// labelChange is one change of a label while it is applied: what was read under the user's lock, and what it does.
type labelChange struct {
	kind     label.Kind
	user     uuid.UUID
	known    map[string]label.Label // by their keys
	sections []label.Label          // of projects: their sections
	project  *string                // of sections: the folded name of the project with the id that was asked for, if there is one
	carriers []carrier
	keepers  []keeper
	staged   map[uuid.UUID]bool // those that are changed in a later stage
}

// carrier is a task that has, or had, a name.
type carrier struct {
	ID      uuid.UUID
	Project *string
	Section *string
	Tags    []string
	Deleted bool
}

// queueLabels reads the labels with these ids or names. Of sections the names count in the project with the given id, and in those of
// the sections with these ids.
func (c *labelChange) queueLabels(b *pgx.Batch, ids []uuid.UUID, project uuid.UUID, names ...string) {
	c.known, c.project = map[string]label.Label{}, nil
	folded := make([]string, len(names))
	for i, name := range names {
		folded[i] = c.kind.Folded(name)
	}
	// unique and primary key of task_name
	const (
		labels = `
SELECT ` + labelColumns + ` FROM task_name n WHERE user_id = $1 AND (id = ANY ($2) AND starts_with(name, $3) OR name = ANY ($4))`
		sections = `
WITH parent AS (
  SELECT substr(name, 3) AS name FROM task_name WHERE user_id = $1 AND id = $5 AND starts_with(name, 'p:')
  UNION SELECT split_part(name, E'\x1f', 2) FROM task_name WHERE user_id = $1 AND id = ANY ($2) AND starts_with(name, $3)
)
SELECT ` + labelColumns + ` FROM task_name n WHERE user_id = $1 AND (id = ANY ($2) AND starts_with(name, $3)
  OR name = ANY (ARRAY(SELECT asked || parent.name FROM unnest($4::text[]) AS asked, parent)))`
		itsProject = `SELECT substr(name, 3) FROM task_name WHERE user_id = $1 AND id = $2 AND starts_with(name, 'p:')`
	)
	query, args := labels, []any{c.user, ids, prefix(c.kind), folded}
	if c.kind == label.Section {
		query, args = sections, append(args, project)
		b.Queue(itsProject, c.user, project).Query(func(rows pgx.Rows) error {
			found, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if len(found) > 0 {
				c.project = &found[0]
			}
			return err
		})
	}
	b.Queue(query, args...).Query(func(rows pgx.Rows) error {
		found, err := pgx.CollectRows(rows, pgx.RowToStructByName[label.Label])
		for _, l := range found {
			c.known[l.Key] = l
		}
		return err
	})
}

// sectionsOf returns the sections of the project with that name.
func (c *labelChange) sectionsOf(project string) (found []label.Label) {
	parent := search.Fold(project)
	for _, l := range c.sections {
		if label.Parent(l.Key) == parent {
			found = append(found, l)
		}
	}
	return found
}

// key returns the key of a label whose name may have changed.
func (c *labelChange) key(l label.Label) string { return c.kind.Key(l.Name, label.Parent(l.Key)) }

// primary key of task, by its first column: changes of names are rare
const (
	carriersOfName = `
SELECT id, project, section, tags, deleted_at IS NOT NULL AS deleted FROM task
WHERE user_id = $1 AND names @> ARRAY[(SELECT name FROM task_name WHERE user_id = $1 AND id = $2)] LIMIT $3`
	carriersOfSection = itsSection + `SELECT id, project, section, tags, deleted_at IS NOT NULL AS deleted FROM task
WHERE user_id = $1 AND ` + inItsSection + ` LIMIT $3`
	itsSection = `
WITH it AS MATERIALIZED (SELECT 'p:' || split_part(name, E'\x1f', 2) AS project, spelling FROM task_name WHERE user_id = $1 AND id = $2)
`
	inItsSection = `names @> ARRAY[(SELECT project FROM it)] AND section = (SELECT spelling FROM it)`
)

// queueCarriers reads the tasks that have the name of the label with that id, deleted ones too.
func (c *labelChange) queueCarriers(b *pgx.Batch, id uuid.UUID) {
	c.carriers = nil
	query := carriersOfName
	if c.kind == label.Section {
		query = carriersOfSection
	}
	c.queueTasks(b, query, c.user, id, maxRelabeled+1)
}

// queueRelabeled reads the tasks with these ids.
func (c *labelChange) queueRelabeled(b *pgx.Batch, ids []uuid.UUID) {
	const query = `SELECT t.* FROM unnest($2::uuid[]) AS asked (id), LATERAL (
  SELECT id, project, section, tags, deleted_at IS NOT NULL AS deleted FROM task WHERE user_id = $1 AND id = asked.id OFFSET 0) AS t`
	c.queueTasks(b, query, c.user, ids)
}

func (c *labelChange) queueTasks(b *pgx.Batch, query string, args ...any) {
	b.Queue(query, args...).Query(func(rows pgx.Rows) error {
		found, err := pgx.CollectRows(rows, pgx.RowToStructByName[carrier])
		c.carriers = append(c.carriers, found...)
		return err
	})
}

// get returns the label with that id.
func (c *labelChange) get(id uuid.UUID) (label.Label, error) {
	for _, l := range c.known {
		if l.ID == id {
			return l, nil
		}
	}
	return label.Label{}, noLabel(c.kind)
}

// has returns how a task spells the name, or nil.
func (c *labelChange) has(t carrier, name string) *string {
	folded := c.kind.Folded(name)
	if c.kind == label.Section {
		if t.Section != nil && c.kind.Folded(*t.Section) == folded {
			return t.Section
		}
		return nil
	}
	if c.kind == label.Project {
		if t.Project != nil && c.kind.Folded(*t.Project) == folded {
			return t.Project
		}
		return nil
	}
	for _, tag := range t.Tags {
		if c.kind.Folded(tag) == folded {
			return &tag
		}
	}
	return nil
}

// relabels groups the carriers of a name by what they lose and get. Names are compared exactly in a Relabel, so that applying it
// needs no folding: tasks from before names had one spelling make separate groups.
func (c *labelChange) relabels(name string, to *string, include func(carrier) bool) (out []label.Relabel) {
	for _, t := range c.carriers {
		from := c.has(t, name)
		if from == nil || !include(t) || to != nil && *from == *to {
			continue
		}
		get := to
		if c.kind == label.Tag && to != nil && c.kind.Folded(*to) != c.kind.Folded(name) && c.has(t, *to) != nil {
			get = nil // it has both
		}
		out = grouped(out, label.Relabel{From: from, To: get, Section: c.sectionAfter(t, name, get)}, t.ID)
	}
	return out
}

// sectionAfter returns how the section of a task changes when its project does: without a project there is none, and in another
// project it is spelled as there.
func (c *labelChange) sectionAfter(t carrier, project string, to *string) *label.Rename {
	if c.kind != label.Project || t.Section == nil {
		return nil
	}
	if to == nil {
		return &label.Rename{From: t.Section}
	}
	if search.Fold(*to) == search.Fold(project) {
		return nil
	}
	key := search.SectionName(*to, *t.Section)
	for _, l := range c.sections {
		if l.Key == key && l.Name != *t.Section {
			return &label.Rename{From: t.Section, To: &l.Name}
		}
	}
	return nil
}

// grouped adds a task to those of which the same is changed.
func grouped(all []label.Relabel, change label.Relabel, id uuid.UUID) []label.Relabel {
	at := slices.IndexFunc(all, func(r label.Relabel) bool {
		return same(r.From, change.From) && same(r.To, change.To) && sameSection(r.Section, change.Section)
	})
	if at < 0 {
		at = len(all)
		all = append(all, change)
	}
	all[at].Tasks = append(all[at].Tasks, id)
	return all
}

func sameSection(a, b *label.Rename) bool {
	return a == b || a != nil && b != nil && same(a.From, b.From) && same(a.To, b.To)
}

func same(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }

// record queues what a change does to the label's row and to tasks, and appends its event. before or after is nil. sections are those
// that a project loses or gets back.
func (c *labelChange) record(tx *userlog.Tx, before, after *label.Label, relabels []label.Relabel, sections []label.Label) error {
	if len(c.carriers) > maxRelabeled {
		return fault.New(fault.Conflict, "more than %d tasks have this %s, which is more than can be changed at once; move or delete some first", maxRelabeled, c.kind)
	}
	if len(c.sections) > task.MaxSections {
		return fault.New(fault.Conflict, "there are more than %d sections in it, which is more than can be changed at once; delete some first", task.MaxSections)
	}
	kind, row := c.kind.Updated(), after
	switch {
	case before == nil:
		kind = c.kind.Created()
		const add = `
INSERT INTO task_name (user_id, name, spelling, id, color, position, archived, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
		tx.Makes(c.key(*after))
		tx.Queue(add, c.user, c.key(*after), after.Name, after.ID, after.Color, after.Position, after.Archived, after.Version, after.CreatedAt, after.UpdatedAt)
	case after == nil:
		kind, row = c.kind.Deleted(), before
		tx.Queue(`DELETE FROM task_name WHERE user_id = $1 AND id = $2`, c.user, before.ID)
	default:
		const save = `
UPDATE task_name SET name = $3, spelling = $4, color = $5, position = $6, archived = $7, version = $8, updated_at = $9 WHERE user_id = $1 AND id = $2`
		tx.Queue(save, c.user, after.ID, c.key(*after), after.Name, after.Color, after.Position, after.Archived, after.Version, after.UpdatedAt)
	}
	for _, r := range relabels {
		c.relabel(tx, r)
	}
	tx.Append(label.Event(kind, *row, label.Diff(before, after), relabels, sections))
	return nil
}

// The columns that follow from the names of a task. A key that the old name has in common with the text, which one of 4 billion
// has, is missing until `migrate fold` runs.
const relabeledColumns = `
  names = nullif(CASE WHEN $4::text IS NULL THEN <added> WHEN $5::text IS NULL THEN array_remove(names, $4)
    ELSE array_replace(names, $4, $5) END, '{}'),
  keys = CASE WHEN keys IS NOT NULL THEN ARRAY(
    SELECT DISTINCT k FROM unnest(array_append(array_remove(keys, $6::integer), $7::integer)) AS k WHERE k IS NOT NULL ORDER BY k) END,
  version = version + 1, updated_at = $8 WHERE user_id = $1 AND id = ANY ($2::uuid[])`

// Sections are not among the names by which tasks are found.
const relabelSection = `UPDATE task SET section = $3, version = version + 1, updated_at = $4 WHERE user_id = $1 AND id = ANY ($2::uuid[])`

var (
	relabelProject = `UPDATE task SET project = $3, section = CASE WHEN $9 THEN $10 ELSE section END, ` + strings.Replace(relabeledColumns, "<added>", `array_prepend($5, coalesce(names, '{}'))`, 1)
	relabelTag     = `
UPDATE task SET tags = CASE WHEN $9::text IS NULL THEN array_append(tags, $3) WHEN $3::text IS NULL THEN array_remove(tags, $9)
  ELSE array_replace(tags, $9, $3) END, ` + strings.Replace(relabeledColumns, "<added>", `array_append(coalesce(names, '{}'), $5)`, 1)
)

// relabel queues the change of tasks; primary key of task.
func (c *labelChange) relabel(tx *userlog.Tx, r label.Relabel) {
	if c.kind == label.Section {
		tx.Queue(relabelSection, c.user, r.Tasks, r.To, tx.Now)
		return
	}
	var from, to *string // folded
	var lost, got *int32
	if r.From != nil {
		folded := c.kind.Folded(*r.From)
		key := search.NameKey(c.user, folded)
		from, lost = &folded, &key
	}
	if r.To != nil {
		folded := c.kind.Folded(*r.To)
		key := search.NameKey(c.user, folded)
		to, got = &folded, &key
	}
	args := []any{c.user, r.Tasks, r.To, from, to, lost, got, tx.Now}
	if c.kind == label.Tag {
		tx.Queue(relabelTag, append(args, r.From)...)
		return
	}
	var section *string
	if r.Section != nil {
		section = r.Section.To
	}
	tx.Queue(relabelProject, append(args, r.Section != nil, section)...)
}

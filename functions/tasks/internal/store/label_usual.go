package store

import (
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/functions/tasks/internal/command"
	"taskwire.dev/shared/label"
	"taskwire.dev/shared/search"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/userlog"
)

// An open occurrence that was edited alone keeps what later ones have instead (task.Place.Differs), which can be the name of a label.
// The name follows a change of the label there too, or the next occurrence would make it exist again. That is an event of the task,
// since the task itself may not have the name.

// keeper is an occurrence that keeps a name for later ones.
type keeper struct {
	ID    uuid.UUID
	Bytes int64
}

// queueKeepers reads which open occurrences keep the name of the label with that id.
func (c *labelChange) queueKeepers(b *pgx.Batch, id uuid.UUID) {
	c.keepers, c.staged = nil, map[uuid.UUID]bool{}
	// unique key of task_name; primary key of task, by its first column: changes of names are rare
	const query = `
SELECT id, octet_length(title) + octet_length(description) AS bytes FROM task
WHERE user_id = $1 AND completed_at IS NULL AND deleted_at IS NULL
  AND series #> ARRAY['differs', $3] @> (SELECT to_jsonb(spelling) FROM task_name WHERE user_id = $1 AND id = $2)`
	b.Queue(query, c.user, id, c.field()).Query(func(rows pgx.Rows) (err error) {
		c.keepers, err = pgx.CollectRows(rows, pgx.RowToStructByName[keeper])
		return err
	})
}

// changeKept gives the occurrences another name to keep for later ones, or none.
func (c *labelChange) changeKept(tx *userlog.Tx, l label.Label, to *string) {
	for _, k := range c.keepers {
		c.afterwards(tx, k, func(t *task.Task) {
			// It may be a section of another project, or have another name already (undoKept).
			if c.keeps(t, l) {
				tx.SetDiffers(t, c.kept(t, l.Name, to))
			}
		})
	}
}

// undoKept undoes events of changeKept, unless what they left has changed since.
func (c *labelChange) undoKept(tx *userlog.Tx, events []task.Event) {
	for _, e := range events {
		k := keeper{e.TaskID, int64(len(e.Task.Title) + len(e.Task.Description))}
		c.afterwards(tx, k, func(*task.Task) { _, _ = command.Undo{Events: []task.Event{e}}.Apply(tx.Ledger) })
	}
}

// afterwards makes a change of an occurrence after the label's, which may change the task too. There may be many, so it is done in
// stages. A task that is in the ledger for another reason, such as a deletion, is left as it is.
func (c *labelChange) afterwards(tx *userlog.Tx, k keeper, change func(*task.Task)) {
	if !c.staged[k.ID] {
		if tx.Find(k.ID) != nil {
			return
		}
		c.staged[k.ID] = true
		tx.LoadStub(&task.Task{ID: k.ID}, k.Bytes)
	}
	tx.WithWhole(func() { change(tx.Find(k.ID)) }, k.ID)
}

// keeps reports whether t keeps the name of a label for later occurrences.
func (c *labelChange) keeps(t *task.Task, l label.Label) bool {
	if t.Series == nil {
		return false
	}
	switch kept := t.Series.Differs[c.field()].(type) {
	case string:
		project := t.Usual().Project
		return kept == l.Name && (c.kind != label.Section || project != nil && search.Fold(*project) == label.Parent(l.Key))
	case []any:
		return slices.Contains(kept, any(l.Name))
	default:
		return false
	}
}

// field returns the name of the field of tasks that has labels of the kind.
func (c *labelChange) field() string {
	if c.kind == label.Tag {
		return "tags"
	}
	return string(c.kind)
}

// kept returns what t keeps for later occurrences with another name.
func (c *labelChange) kept(t *task.Task, name string, to *string) map[string]any {
	differs := maps.Clone(t.Series.Differs)
	var plain any
	if to != nil {
		plain = *to
	}
	switch c.kind {
	case label.Project:
		differs["project"] = plain
		if _, keeps := differs["section"]; keeps && to == nil {
			differs["section"] = nil
		}
	case label.Section:
		differs["section"] = plain
	default:
		tags, _ := differs["tags"].([]any)
		others := []any{}
		for _, tag := range tags {
			if tag == name {
				tag = plain
			}
			if tag != nil && !slices.Contains(others, tag) {
				others = append(others, tag)
			}
		}
		differs["tags"] = others
	}
	return differs
}

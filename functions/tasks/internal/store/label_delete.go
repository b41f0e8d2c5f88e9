package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/label"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// What becomes of the tasks of a deleted label.
const (
	KeepTasks  = "keep"  // they lose its name; those of a section stay in its project
	MoveTasks  = "move"  // they get another one: a merge
	TrashTasks = "trash" // they are deleted too
)

// maxTrashed is how many tasks a deletion of a label may delete: each is an event.
const maxTrashed = 1000

// LabelDeletion is how a label is deleted.
type LabelDeletion struct {
	ID    uuid.UUID
	Tasks string
	To    uuid.UUID // of MoveTasks
	Match task.Match
}

// DeleteLabel deletes a label. A task that gets its name later makes it exist again, as a new one.
func (s *Tasks) DeleteLabel(ctx context.Context, who token.Principal, key idempotency.Key, kind label.Kind, d LabelDeletion) (idempotency.Answer, error) {
	var needs task.Needs
	if d.Tasks == TrashTasks {
		ids, err := s.inLabel(ctx, who, kind, d.ID)
		if err != nil {
			return idempotency.Answer{}, err
		}
		for _, id := range ids {
			needs = needs.And(task.Delete{ID: id}.Needs())
		}
		if err := s.reserve(ctx, who, needs); err != nil {
			return idempotency.Answer{}, err
		}
	}
	c := labelChange{kind: kind, user: who.UserID}
	return s.changeLabel(ctx, userlog.Change{
		User: who, Key: key, Needs: needs,
		Read: func(b *pgx.Batch) {
			c.queueLabels(b, []uuid.UUID{d.ID, d.To}, uuid.Nil)
			c.queueSections(b, []uuid.UUID{d.ID, d.To}, nil, nil)
			c.queueCarriers(b, d.ID)
			c.queueKeepers(b, d.ID)
		},
		Apply: func(tx *userlog.Tx) error {
			tx.Answer = idempotency.Answer{Status: 204}
			return c.delete(tx, d, needs.Tasks)
		},
	})
}

func (c *labelChange) delete(tx *userlog.Tx, d LabelDeletion, trashed []uuid.UUID) error {
	l, err := c.get(d.ID)
	if err != nil {
		return err
	}
	if err := d.Match.Check(&task.Task{Version: l.Version}); err != nil {
		return err
	}
	var to *string
	if d.Tasks == MoveTasks {
		target, err := c.get(d.To)
		var fs fault.Fields
		if err != nil {
			fs.Add("/to", "is not a %s of yours", c.kind)
		} else if label.Parent(target.Key) != label.Parent(l.Key) {
			fs.Add("/to", "is a section of another project")
		}
		if err := fs.Err(); err != nil {
			return err
		}
		to = &target.Name
	}
	for _, id := range trashed {
		if t := tx.Find(id); t != nil && t.DeletedAt == nil {
			if _, err := (task.Delete{ID: id}).Apply(tx.Ledger); err != nil {
				return err
			}
		}
	}
	// Of a deletion with its tasks, those that came meanwhile are kept, and those in the trash keep the name: restoring one makes the
	// label exist again.
	relabels := c.relabels(l.Name, to, func(t carrier) bool {
		if d.Tasks != TrashTasks {
			return true
		}
		known := tx.Find(t.ID)
		return !t.Deleted && (known == nil || known.DeletedAt == nil)
	})
	sections := c.sectionsOf(l.Name)
	if err := c.record(tx, &l, nil, relabels, sections); err != nil {
		return err
	}
	c.changeKept(tx, l, to)
	if len(sections) == 0 {
		return nil
	}
	if to != nil {
		c.moveSections(tx, l.Name, *to)
	}
	c.deleteSections(tx, l.Name)
	return nil
}

// primary key of task, by its first column
const (
	notDeletedOfName = `
SELECT id FROM task WHERE user_id = $1 AND deleted_at IS NULL AND names @> ARRAY[(SELECT name FROM task_name WHERE user_id = $1 AND id = $2)] LIMIT $3`
	notDeletedOfSection = itsSection + `SELECT id FROM task WHERE user_id = $1 AND deleted_at IS NULL AND ` + inItsSection + ` LIMIT $3`
)

// inLabel returns the tasks of a label that its deletion deletes.
func (s *Tasks) inLabel(ctx context.Context, who token.Principal, kind label.Kind, id uuid.UUID) ([]uuid.UUID, error) {
	query := notDeletedOfName
	if kind == label.Section {
		query = notDeletedOfSection
	}
	var ids []uuid.UUID
	err := postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(query, who.UserID, id, maxTrashed+1).Query(func(rows pgx.Rows) (err error) {
			ids, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
			return err
		})
	})
	if err == nil && len(ids) > maxTrashed {
		err = fault.New(fault.Conflict, "it has more than %d tasks, which is more than are deleted at once; keep or move them", maxTrashed)
	}
	return ids, err
}

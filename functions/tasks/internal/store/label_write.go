package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/label"
	"taskwire.dev/shared/memory"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// LabelPatch are the fields of a label that a request sets; nil leaves one as it is.
type LabelPatch struct {
	Name     *string
	Color    **string
	Position *string
	Archived *bool
	Project  uuid.UUID // of a new section
}

func (p LabelPatch) apply(l *label.Label) {
	if p.Name != nil {
		l.Name = *p.Name
	}
	if p.Color != nil {
		l.Color = *p.Color
	}
	if p.Position != nil {
		l.Position = *p.Position
	}
	if p.Archived != nil {
		l.Archived = *p.Archived
	}
}

// RenderLabel makes the answer about a label as it is now.
type RenderLabel func(label.Label) idempotency.Answer

// relabelMemory is what the ids and names of maxRelabeled tasks take, in bytes.
const relabelMemory = 4 << 20

// changeLabel makes a change of a label, and not in a transaction with other users' changes, which would wait for it.
func (s *Tasks) changeLabel(ctx context.Context, c userlog.Change) (idempotency.Answer, error) {
	if err := memory.Reserve(ctx, relabelMemory); err != nil {
		return idempotency.Answer{}, err
	}
	c.Alone = true
	return s.log.Do(ctx, c)
}

// CreateLabel creates a label. One whose name tasks have already exists.
func (s *Tasks) CreateLabel(ctx context.Context, who token.Principal, key idempotency.Key, kind label.Kind, p LabelPatch, render RenderLabel) (idempotency.Answer, error) {
	c := labelChange{kind: kind, user: who.UserID}
	return s.changeLabel(ctx, userlog.Change{
		User: who, Key: key,
		Read: func(b *pgx.Batch) {
			c.queueLabels(b, nil, p.Project, *p.Name)
		},
		Apply: func(tx *userlog.Tx) error {
			l := label.Label{ID: tx.NewID(), Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now}
			// After all before it, as the default of the column.
			l.Position = fmt.Sprintf("m%013x", tx.Now.UnixMicro())
			p.apply(&l)
			if kind == label.Section {
				if c.project == nil {
					return noProject()
				}
				l.ProjectID, l.Key = &p.Project, kind.Key(l.Name, *c.project)
			}
			if c.taken(l) {
				return nameTaken(kind, l.Name)
			}
			tx.Answer = render(l)
			return c.record(tx, nil, &l, nil, nil)
		},
	})
}

func noProject() error {
	var fs fault.Fields
	fs.Add("/project_id", "is not a project of yours")
	return fs.Err()
}

// taken reports whether another label has the name.
func (c *labelChange) taken(l label.Label) bool {
	other, ok := c.known[c.key(l)]
	return ok && other.ID != l.ID
}

func nameTaken(kind label.Kind, name string) error {
	var fs fault.Fields
	fs.Add("/name", "is the name of another %s; merge them instead", kind)
	return &fault.Error{Code: fault.Conflict, Detail: fmt.Sprintf("there is a %s named %q already", kind, name), Fields: fs}
}

// UpdateLabel changes a label. A new name is given to all its tasks.
func (s *Tasks) UpdateLabel(ctx context.Context, who token.Principal, kind label.Kind, id uuid.UUID, p LabelPatch, match task.Match, render RenderLabel) (idempotency.Answer, error) {
	c := labelChange{kind: kind, user: who.UserID}
	return s.changeLabel(ctx, userlog.Change{
		User: who,
		Read: func(b *pgx.Batch) {
			if p.Name == nil {
				c.queueLabels(b, []uuid.UUID{id}, uuid.Nil)
				return
			}
			c.queueLabels(b, []uuid.UUID{id}, uuid.Nil, *p.Name)
			c.queueCarriers(b, id)
			c.queueKeepers(b, id)
		},
		Apply: func(tx *userlog.Tx) error {
			before, err := c.get(id)
			if err != nil {
				return err
			}
			if err := match(before.Version); err != nil {
				return err
			}
			after := before
			p.apply(&after)
			after, err = c.update(tx, before, after)
			if err == nil {
				tx.Answer = render(after)
			}
			return err
		},
	})
}

// update records the change of a label, if it is one, and returns it as it is then.
func (c *labelChange) update(tx *userlog.Tx, before, after label.Label) (label.Label, error) {
	if len(label.Diff(&before, &after)) == 0 {
		return before, nil
	}
	if c.taken(after) {
		return before, nameTaken(c.kind, after.Name)
	}
	after.Version, after.UpdatedAt = before.Version+1, tx.Now
	var relabels []label.Relabel
	if after.Name != before.Name {
		relabels = c.relabels(before.Name, &after.Name, func(carrier) bool { return true })
	}
	err := c.record(tx, &before, &after, relabels, nil)
	if c.kind == label.Project && c.key(after) != c.key(before) {
		c.moveSections(tx, before.Name, after.Name)
	}
	if after.Name != before.Name {
		c.changeKept(tx, before, &after.Name)
	}
	return after, err
}

package store

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/functions/tasks/internal/command"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/label"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/search"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// UndoLabels undoes a change of a label, whose events are given: one about the label, and those about tasks that were deleted or
// restored with it. render gets the outcome for the tasks.
func (s *Tasks) UndoLabels(ctx context.Context, who token.Principal, how How, events []task.Event,
	render func(task.Outcome) idempotency.Answer,
) (idempotency.Answer, error) {
	about := slices.DeleteFunc(slices.Clone(events), func(e task.Event) bool { return !e.EventType.OfLabel() })
	kept := slices.DeleteFunc(slices.Clone(events), func(e task.Event) bool { return !ofKept(e) })
	tasks := command.Undo{Events: slices.DeleteFunc(slices.Clone(events), func(e task.Event) bool { return e.EventType.OfLabel() || ofKept(e) })}
	if len(about) != 1 {
		return idempotency.Answer{}, fault.New(fault.Conflict, "this changed several projects, sections or tags; undo the changes one by one")
	}
	e := about[0]
	if err := s.readRelabeled(ctx, who, &e); err != nil {
		return idempotency.Answer{}, err
	}
	entry, err := label.EntryOf(e)
	if err != nil {
		return idempotency.Answer{}, fault.Wrap(fault.Internal, err, "the entry cannot be read")
	}
	var needs task.Needs
	if len(tasks.Events) > 0 {
		needs = tasks.Needs()
		if err := s.reserve(ctx, who, needs); err != nil {
			return idempotency.Answer{}, err
		}
	}
	u := labelUndo{labelChange: labelChange{kind: label.KindOf(e.EventType), user: who.UserID}, event: e, entry: entry}
	return s.changeLabel(ctx, userlog.Change{
		User: who, Key: how.Key, Needs: needs, Read: u.queue,
		Apply: func(tx *userlog.Tx) error {
			var out task.Outcome
			if len(tasks.Events) > 0 {
				var err error
				if out, err = tasks.Apply(tx.Ledger); err != nil {
					return err
				}
			}
			tx.Answer = render(out)
			if how.Dry {
				defer tx.Discard()
			}
			u.undoKept(tx, kept)
			return u.apply(tx)
		},
	})
}

// ofKept reports whether an event is of labelChange.changeKept.
func ofKept(e task.Event) bool {
	_, kept := e.ChangedFields[task.FieldSeries]
	return e.EventType == task.Updated && kept && len(e.ChangedFields) == 1
}

// readRelabeled reads the tasks of an entry that has more than are read with it.
func (s *Tasks) readRelabeled(ctx context.Context, who token.Principal, e *task.Event) error {
	return postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		// primary key of task_event
		b.Queue(`SELECT relabeled FROM task_event WHERE user_id = $1 AND seq = $2`, who.UserID, e.Seq).
			QueryRow(func(row pgx.Row) error { return row.Scan(&e.Relabeled) })
	})
}

// labelUndo is the opposite of an earlier change of a label.
type labelUndo struct {
	labelChange
	event task.Event
	entry label.Entry
}

func (u *labelUndo) queue(b *pgx.Batch) {
	names := []string{u.entry.Name}
	if from, ok := u.event.ChangedFields["name"].From.(string); ok {
		names = append(names, from)
	}
	var others []string // that its tasks had before it was created
	for _, r := range u.entry.Relabels {
		if r.From != nil && u.event.EventType == u.kind.Created() {
			others = append(others, *r.From)
		}
	}
	names = append(names, others...)
	var project uuid.UUID
	if u.entry.ProjectID != nil {
		project = *u.entry.ProjectID
	}
	u.queueLabels(b, []uuid.UUID{u.entry.ID}, project, names...)
	switch u.event.EventType {
	case u.kind.Deleted():
		u.carriers = nil
		u.queueRelabeled(b, u.event.Relabeled)
		ids := make([]uuid.UUID, len(u.entry.Sections))
		for i, l := range u.entry.Sections {
			ids[i] = l.ID
		}
		u.queueSections(b, nil, nil, ids)
	case u.kind.Created():
		u.queueCarriers(b, u.entry.ID)
		u.queueSections(b, []uuid.UUID{u.entry.ID}, others, nil)
	default:
		u.queueCarriers(b, u.entry.ID)
	}
	u.queueKeepers(b, u.entry.ID)
}

func (u *labelUndo) apply(tx *userlog.Tx) error {
	if u.event.EventType == u.kind.Deleted() {
		return u.recreate(tx)
	}
	current, err := u.get(u.entry.ID)
	if err != nil {
		return err
	}
	if err := u.changedSince(current); err != nil {
		return err
	}
	if u.event.EventType == u.kind.Created() {
		return u.delete(tx, current)
	}
	after := current
	u.before().apply(&after)
	_, err = u.update(tx, current, after)
	return err
}

// changedSince returns a conflict that names the fields that have changed since.
func (u *labelUndo) changedSince(current label.Label) error {
	var fs fault.Fields
	was := u.entry.Label
	for _, name := range slices.Sorted(maps.Keys(label.Diff(&was, &current))) {
		if _, changed := u.event.ChangedFields[name]; changed || u.event.EventType == u.kind.Created() {
			fs.Add("/"+name, "has changed since")
		}
	}
	return u.conflict(fs)
}

func (u *labelUndo) conflict(fs fault.Fields) error {
	if len(fs) == 0 {
		return nil
	}
	return &fault.Error{Code: fault.Conflict, Detail: "the " + string(u.kind) + " has changed since", Fields: fs}
}

// before are the values that the event changed.
func (u *labelUndo) before() (p LabelPatch) {
	for name, change := range u.event.ChangedFields {
		switch text, isText := change.From.(string); name {
		case "name":
			p.Name = &text
		case "position":
			p.Position = &text
		case "archived":
			archived := change.From == true
			p.Archived = &archived
		case "color":
			var color *string
			if isText {
				color = &text
			}
			p.Color = &color
		}
	}
	return p
}

// recreate gives the label back, and its name to the tasks that lost it, unless their names have changed since.
func (u *labelUndo) recreate(tx *userlog.Tx) error {
	l := u.entry.Label
	if _, err := u.get(l.ID); err == nil {
		var fs fault.Fields
		fs.Add("/deleted", "has changed since")
		return u.conflict(fs)
	}
	if u.kind == label.Section {
		if u.project == nil {
			var fs fault.Fields
			fs.Add("/project_id", "has been deleted since")
			return u.conflict(fs)
		}
		l.Key = u.kind.Key(l.Name, *u.project)
	}
	if u.taken(l) {
		return nameTaken(u.kind, l.Name)
	}
	l.Version, l.UpdatedAt = l.Version+1, tx.Now
	relabels := u.reversed()
	if err := u.record(tx, nil, &l, relabels, u.entry.Sections); err != nil {
		return err
	}
	u.restoreSections(tx, l.Name, u.entry.Sections)
	return nil
}

// delete takes back the creation of the label. Its tasks get what they had before; with other tasks it stays.
func (u *labelUndo) delete(tx *userlog.Tx, l label.Label) error {
	relabels := u.reversed()
	known := map[uuid.UUID]bool{}
	for _, r := range relabels {
		for _, id := range r.Tasks {
			known[id] = true
		}
	}
	for _, t := range u.carriers {
		if left := tx.Find(t.ID); !known[t.ID] && !t.Deleted && (left == nil || left.DeletedAt == nil) {
			var fs fault.Fields
			fs.Add("/tasks", "were added since")
			return u.conflict(fs)
		}
	}
	if err := u.record(tx, &l, nil, relabels, u.sectionsOf(l.Name)); err != nil {
		return err
	}
	u.keepNames(tx, relabels)
	var to *string
	// Those that its tasks had before fold to the same.
	if at := slices.IndexFunc(relabels, func(r label.Relabel) bool { return r.To != nil }); at >= 0 {
		to = relabels[at].To
	}
	u.changeKept(tx, l, to)
	if u.kind == label.Project {
		if to != nil {
			u.moveSections(tx, l.Name, *to)
		}
		u.deleteSections(tx, l.Name)
	}
	return nil
}

// keepNames makes the labels exist whose names the tasks get back. They may have been deleted or renamed since.
func (u *labelUndo) keepNames(tx *userlog.Tx, relabels []label.Relabel) {
	const keep = `INSERT INTO task_name (user_id, name, spelling) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	for _, r := range relabels {
		if r.To == nil {
			continue
		}
		if _, known := u.known[u.keyOf(*r.To)]; !known {
			tx.Makes(u.keyOf(*r.To))
			tx.Queue(keep, u.user, u.keyOf(*r.To), *r.To)
		}
	}
}

// keyOf returns the key of a label of the kind, sections of the same project.
func (u *labelUndo) keyOf(name string) string {
	parent := ""
	if u.project != nil {
		parent = *u.project
	}
	return u.kind.Key(name, parent)
}

// spelled returns the name of a label as it is spelled now.
func (u *labelUndo) spelled(name *string) *string {
	if name != nil {
		if l, known := u.known[u.keyOf(*name)]; known {
			return &l.Name
		}
	}
	return name
}

// reversed returns the opposite of what the event did to tasks, for those of which it still holds.
func (u *labelUndo) reversed() (out []label.Relabel) {
	current := make(map[uuid.UUID]carrier, len(u.carriers))
	for _, t := range u.carriers {
		current[t.ID] = t
	}
	for _, r := range u.entry.Relabels {
		for _, id := range r.Tasks {
			if t, ok := current[id]; ok && u.holds(t, r) {
				back := label.Relabel{From: r.To, To: r.From}
				if r.Section != nil {
					back.Section = &label.Rename{From: r.Section.To, To: r.Section.From}
				}
				if u.event.EventType == u.kind.Created() {
					back.To = u.spelled(r.From)
					back.Section = u.sectionAfter(t, u.entry.Name, back.To)
				}
				out = grouped(out, back, id)
			}
		}
	}
	return out
}

func (u *labelUndo) holds(t carrier, r label.Relabel) bool {
	switch u.kind {
	case label.Project:
		return same(t.Project, r.To) && (r.Section == nil || same(t.Section, r.Section.To))
	case label.Section: // still in its project
		return same(t.Section, r.To) && t.Project != nil && u.project != nil && search.Fold(*t.Project) == *u.project
	default:
	}
	return (r.To == nil || slices.Contains(t.Tags, *r.To)) && (r.From == nil || u.has(t, *r.From) == nil) &&
		(r.To != nil || len(t.Tags) < task.MaxTags)
}

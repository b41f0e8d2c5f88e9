package task

import "github.com/google/uuid"

// A change of a family may touch very many tasks, or very long ones. If so, the store reads the relatives (Needs.Family) as stubs,
// without their texts: a stub has everything that decides what is to be changed. Changes of stubs are put off to later stages of the
// same transaction. In each stage the store reads as many of them in full as fit into memory, and writes their changes before it reads
// the next ones.

// What one stage reads at most, unless a single change needs more.
const (
	stageTasks = 200
	stageBytes = 1 << 20
)

// putOff is a change that needs tasks as a whole.
type putOff struct {
	ids    []uuid.UUID
	change func()
}

// Stub returns a copy without the texts.
func (t *Task) Stub() *Task {
	stub := *t
	stub.Title, stub.Description, stub.Tags = "", "", nil
	return &stub
}

// LoadStub adds a relative without its texts, of which bytes are left out. It replaces no task that was read before.
func (l *Ledger) LoadStub(t *Task, bytes int64) {
	if l.tasks[t.ID] != nil {
		return
	}
	l.Load(t)
	l.setStub(t.ID, bytes)
}

func (l *Ledger) setStub(id uuid.UUID, bytes int64) {
	if l.stubs == nil {
		l.stubs = map[uuid.UUID]int64{}
	}
	l.stubs[id] = bytes
}

// WithWhole makes a change that needs these tasks in full: now, or in a later stage if one of them is a stub. Once a change was put
// off, so are all that follow, which keeps their order.
func (l *Ledger) WithWhole(change func(), ids ...uuid.UUID) {
	stubs := len(l.later) > 0
	for _, id := range ids {
		_, stub := l.stubs[id]
		stubs = stubs || stub
	}
	if !stubs {
		change()
		return
	}
	l.later = append(l.later, putOff{ids, change})
}

// changeWhole is WithWhole for one task. Until a change that was put off runs, the ledger holds what becomes makes of the stub.
func (l *Ledger) changeWhole(t *Task, change func(whole *Task), becomes func(*Task)) {
	l.WithWhole(func() { change(l.tasks[t.ID]) }, t.ID)
	if len(l.later) > 0 {
		after := *t
		becomes(&after)
		l.tasks[t.ID] = &after
	}
}

// PutOff reports whether changes are put off.
func (l *Ledger) PutOff() bool { return len(l.later) > 0 }

// NextStage returns the ids of the tasks that the next stage needs as a whole, to be loaded before RunStage, or none if there is
// no further stage. All events so far must be written (Written) before they are read.
func (l *Ledger) NextStage() (ids []uuid.UUID) {
	n := 0
	for bytes := int64(0); n < len(l.later) && len(ids) < stageTasks && bytes < stageBytes; n++ {
		ids = append(ids, l.later[n].ids...)
		for _, id := range l.later[n].ids {
			bytes += l.stubs[id]
		}
	}
	l.stage, l.later = l.later[:n], l.later[n:]
	return ids
}

// RunStage makes the changes of the stage.
func (l *Ledger) RunStage() {
	for _, c := range l.stage {
		c.change()
		l.shed = append(l.shed, c.ids...)
	}
	l.stage = nil
}

// Written removes the recorded events and the tasks of the last stage from memory: they are written.
func (l *Ledger) Written() {
	for _, id := range l.shed {
		t := l.tasks[id]
		if t == nil {
			continue
		}
		l.tasks[id] = t.Stub()
		l.setStub(id, int64(len(t.Title)+len(t.Description)))
		delete(l.created, id)
	}
	l.events, l.spelled, l.shed = nil, nil, nil
}

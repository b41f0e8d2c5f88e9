package task

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/preference"
)

// Ledger is what a command works on: the tasks that it needs, read under the user's lock, and the events that it
// records. It is all in memory, so commands are pure rules; the store reads before and writes after.
type Ledger struct {
	UserID       uuid.UUID
	Actor        string
	Now          time.Time
	Seq          int64  // of the last event so far
	LastPosition string // the greatest position so far
	Traceparent  string
	Usage        Usage // the user's, with the changes so far
	Bounds       Usage // of Usage; 0 is no bound
	NewID        func() uuid.UUID
	Preferences  preference.Preferences // the user's, read for Needs.Preferences and Needs.Occurrences

	tasks     map[uuid.UUID]*Task
	standings map[uuid.UUID]Standing
	created   map[uuid.UUID]*Event // for Needs.Chosen, and what this ledger creates
	taken     map[uuid.UUID]bool
	spellings map[string]string // by name, for Needs.Names and Needs.Sections; "" if there is none yet
	spelled   []Name            // new ones
	events    []Event
	continues bool // what is created continues a series
	grown     Usage
	families  map[uuid.UUID]int   // by topmost task, for Needs.Parents
	stubs     map[uuid.UUID]int64 // the bytes that are left out of each
	later     []putOff
	stage     []putOff
	latest    time.Time   // change of a task that was read
	shed      []uuid.UUID // tasks of the last stage
}

// Needs is what must be read for a command.
type Needs struct {
	Tasks  []uuid.UUID
	Family bool // their ancestors and descendants as well, which may be stubs (Ledger.LoadStub)

	// Parents are tasks that may get subtasks: their ancestors are read, as stubs, and the sizes of their families. Moved are
	// those that may get another parent: their ancestors and descendants are read, as stubs.
	Parents, Moved []uuid.UUID

	// Chosen are ids that the client chose for new tasks. The store reads which tasks the user created with them
	// before, and which of them are in use at all.
	Chosen []uuid.UUID

	// Names are projects, sections and tags, as Draft.Names returns them, whose first spelling is used.
	Names []string

	// Sections are those that a task may get in its project, or in one of Names, whose first spelling is used.
	Sections []SectionOf

	// Spellings asks for the first spelling of everything that Unspelled lists, once the tasks are loaded.
	Spellings bool

	// Preferences asks for the user's preferences. Every command that can plan reminders needs them: one after which an
	// open task has a due date or a reminder at a moment. So does every command after which a task recurs, since another command of
	// the same batch can begin its series, in the user's zone.
	Preferences bool

	// Occurrences asks for everything in Followers, once the tasks are loaded.
	Occurrences bool
}

// And returns the union of both.
func (n Needs) And(other Needs) Needs {
	return Needs{
		Tasks: append(slices.Clip(n.Tasks), other.Tasks...), Chosen: append(slices.Clip(n.Chosen), other.Chosen...),
		Parents: append(slices.Clip(n.Parents), other.Parents...), Moved: append(slices.Clip(n.Moved), other.Moved...),
		Names: append(slices.Clip(n.Names), other.Names...), Sections: append(slices.Clip(n.Sections), other.Sections...),
		Family: n.Family || other.Family, Spellings: n.Spellings || other.Spellings, Preferences: n.Preferences || other.Preferences, Occurrences: n.Occurrences || other.Occurrences,
	}
}

// Command is a use case: one thing that a user asks for.
type Command interface {
	Needs() Needs
	Apply(*Ledger) (Outcome, error)
}

// Outcome is the result of a command. Task is nil when the task is deleted; Event is nil when nothing changed.
type Outcome struct {
	TaskID uuid.UUID
	Task   *Task
	Event  *Event
	Next   *Next     // only for the completion of an occurrence
	Batch  []Outcome // only for a command of several: one each

	Occurrences []time.Time // only for a preview of a series
	Dates       []Date      // only for a preview of a series of days
}

// Load adds the tasks that were read.
func (l *Ledger) Load(tasks ...*Task) {
	if l.tasks == nil {
		l.tasks = make(map[uuid.UUID]*Task, len(tasks))
	}
	for _, t := range tasks {
		l.tasks[t.ID] = t
		delete(l.stubs, t.ID)
		if t.UpdatedAt.After(l.latest) {
			l.latest = t.UpdatedAt
		}
	}
}

// maxSkew is how far the clocks of two replicas may differ.
const maxSkew = time.Minute

// Begin sets Now, which is after every change of the tasks that were read, even if a replica made it whose clock is ahead: what is
// later in a task's history must not look earlier. A clock that is ahead by more than maxSkew is not followed.
func (l *Ledger) Begin(now time.Time) {
	l.Now = now
	if !l.latest.Before(now) && l.latest.Before(now.Add(maxSkew)) {
		l.Now = l.latest.Add(time.Microsecond)
	}
}

// LoadCreated adds the event that created a task with a chosen id.
func (l *Ledger) LoadCreated(e *Event) {
	if l.created == nil {
		l.created = map[uuid.UUID]*Event{}
	}
	l.created[e.TaskID] = e
}

// LoadTaken marks a chosen id as used by a task of some user.
func (l *Ledger) LoadTaken(id uuid.UUID) {
	if l.taken == nil {
		l.taken = map[uuid.UUID]bool{}
	}
	l.taken[id] = true
}

// Events returns the recorded events, in order.
func (l *Ledger) Events() []Event { return l.events }

// Discard removes the recorded events: the command was only tried. The names that it spelled stay, to be counted: without events
// they are not written.
func (l *Ledger) Discard() {
	l.events, l.later = nil, nil
	l.Usage, l.grown = l.Usage.minus(l.grown), Usage{}
}

// Find returns a task that was read or changed, deleted or not, or nil.
func (l *Ledger) Find(id uuid.UUID) *Task { return l.tasks[id] }

// Task returns a task that is not deleted, or a NotFound fault.
func (l *Ledger) Task(id uuid.UUID) (*Task, error) {
	if t := l.tasks[id]; t != nil && t.DeletedAt == nil {
		return t, nil
	}
	return nil, NotFound()
}

// NotFound is the fault for a task that does not exist or is not the user's.
func NotFound() error { return fault.New(fault.NotFound, "there is no such task") }

// record appends the event that turned before into after, and sets after's new version.
func (l *Ledger) record(kind EventType, before, after *Task, changes map[string]Change) *Event {
	after.UpdatedAt = l.Now
	if before != nil {
		after.Version = before.Version + 1
	}
	var next *Next
	if kind == Completed && after.Recurrence != nil {
		l.EnterSeries(after)
		next = l.Next(after)
	}
	l.LastPosition = max(l.LastPosition, after.Position)
	e := Event{EventType: kind, TaskID: after.ID, ChangedFields: changes, Next: next, Continues: l.continues, row: after, snapshot: json.RawMessage("null")}
	e.changes, _ = json.Marshal(changes) // plain values always marshal
	if after.DeletedAt == nil {
		e.Task = after // never changed again: each change works on a copy
		e.snapshot, _ = json.Marshal(after)
	}
	l.count(before, after)
	l.Load(after)
	l.Append(&e)
	if after.DeletedAt == nil {
		l.keepNames(before, after)
	}
	if kind == Created {
		l.LoadCreated(&e)
	}
	return &e
}

// Create records the creation of a task, for the first time or, after it was deleted, again.
func (l *Ledger) Create(t *Task) *Event {
	t.CreatedAt = l.Now
	return l.create(t)
}

func (l *Ledger) create(t *Task) *Event {
	l.fixZone(t)
	old := l.tasks[t.ID]
	if old == nil {
		t.Version = 1
		return l.record(Created, nil, t, Diff(nil, t))
	}
	t.Comments, t.CommentBytes = old.Comments, old.CommentBytes
	changes := Diff(old, t)
	changes[FieldDeleted] = Change{From: true, To: false}
	return l.record(Updated, old, t, changes)
}

// Continue is Create, for a task that continues a series.
func (l *Ledger) Continue(t *Task) *Event {
	l.continues = true
	defer func() { l.continues = false }()
	l.respell(t)
	return l.Create(t)
}

// Append adds an audit event to the user's log. It sets e's id, its sequence and the fields that all events of a change
// share.
func (l *Ledger) Append(e *Event) {
	l.Seq++
	e.ID, e.Seq, e.UserID, e.Actor, e.Time, e.Traceparent = l.NewID(), l.Seq, l.UserID, l.Actor, l.Now, l.Traceparent
	l.events = append(l.events, *e)
}

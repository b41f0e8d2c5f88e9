package task

import (
	"encoding/json"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
)

// Replace gives a task these contents (PUT).
type Replace struct {
	ID    uuid.UUID
	Draft Draft
	Match Match
}

// Match says whether a version is the one that the caller expects; nil takes any.
type Match func(version int64) error

func (m Match) check(t *Task) error {
	if m == nil {
		return nil
	}
	return m(t.Version)
}

// Needs reads the task and its new parent, and its series in case this completes or reopens it.
func (c Replace) Needs() Needs {
	needs := parentNeeds(c.Draft, c.ID)
	needs.Occurrences = true
	return needs
}

// Apply records task.completed when the task becomes complete, else task.updated, else nothing.
func (c Replace) Apply(l *Ledger) (Outcome, error) {
	before, err := l.task(c.ID)
	if err != nil {
		return Outcome{}, err
	}
	if err := c.Match.check(before); err != nil {
		return Outcome{}, err
	}
	if err := l.checkParent(c.ID, c.Draft.ParentID); err != nil {
		return Outcome{}, err
	}
	after := *before
	c.Draft.write(&after, l)
	return l.change(before, &after), nil
}

// change records what turned before into after.
func (l *Ledger) change(before, after *Task) Outcome {
	changes := Diff(before, after)
	if len(changes) == 0 {
		return Outcome{TaskID: before.ID, Task: before}
	}
	kind := Updated
	if after.Completed && !before.Completed {
		kind = Completed
	}
	if !before.Completed {
		after.leaveSeries(changes)
	}
	e := l.record(kind, before, after, changes)
	if before.Completed && !after.Completed {
		l.withdraw(SuccessorID(after.ID))
	}
	return Outcome{TaskID: after.ID, Task: e.Task, Event: e, Next: e.Next}
}

// Patch changes the members that a JSON Merge Patch names (RFC 7396).
type Patch struct {
	ID     uuid.UUID
	Merge  json.RawMessage
	Match  Match
	Decode func([]byte, any) error // strict JSON, with faults for what does not fit
}

// Needs reads the task and, when the patch moves it, its new parent; when it may complete or reopen it, its series.
func (c Patch) Needs() Needs {
	var named struct {
		ParentID  *string         `json:"parent_id"`
		Completed json.RawMessage `json:"completed"`
	}
	needs := Needs{Tasks: []uuid.UUID{c.ID}}
	if json.Unmarshal(c.Merge, &named) != nil {
		return needs
	}
	if named.ParentID != nil {
		if parent, ok := ParseID(*named.ParentID); ok {
			needs = Needs{Tasks: append(needs.Tasks, parent), Family: true}
		}
	}
	needs.Occurrences = named.Completed != nil // null is there too: it reopens
	return needs
}

// Apply merges, and then does as Replace does: a patched task follows the same rules.
func (c Patch) Apply(l *Ledger) (Outcome, error) {
	before, err := l.task(c.ID)
	if err != nil {
		return Outcome{}, err
	}
	if err := c.Match.check(before); err != nil {
		return Outcome{}, err
	}
	// The patch by itself first: null removes a member, so what it says about types would be lost in merging.
	var patch map[string]json.RawMessage
	if err := c.Decode(c.Merge, &patch); err != nil {
		return Outcome{}, err
	}
	if patch == nil {
		var fs fault.Fields
		fs.Add("", "must be an object")
		return Outcome{}, fs.Err()
	}
	// A null takes a member away that is not there: whether it is one of ours is seen here or never.
	var known Input
	if err := c.Decode(c.Merge, &known); err != nil {
		return Outcome{}, err
	}
	current, err := json.Marshal(before)
	if err != nil {
		return Outcome{}, err
	}
	merged, err := jsonpatch.MergePatch(current, c.Merge)
	if err != nil {
		return Outcome{}, fault.Wrap(fault.Malformed, err, "the patch cannot be merged")
	}
	var in Input
	if err := c.Decode(merged, &in); err != nil {
		return Outcome{}, err
	}
	draft, err := in.Draft()
	if err != nil {
		return Outcome{}, err
	}
	if string(patch["position"]) == "null" {
		draft.Position = PositionAfter(l.LastPosition) // the default: behind every other task
	}
	if sameID(draft.ParentID, before.ParentID) {
		// Not moved: nothing of its family was read, and nothing needs to be checked.
		after := *before
		draft.write(&after, l)
		return l.change(before, &after), nil
	}
	return Replace{ID: c.ID, Draft: draft}.Apply(l)
}

func sameID(a, b *uuid.UUID) bool { return a == b || a != nil && b != nil && *a == *b }

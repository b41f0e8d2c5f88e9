package task

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/recurrence"
	"taskwire.dev/shared/wallclock"
)

// Place is where an occurrence stands in its series. It is a part of the task, so that the audit log has it too.
type Place struct {
	Start   *time.Time     `json:"start"`            // the rule is evaluated from here; nil until a series of tasks without due dates begins
	Number  int            `json:"number"`           // of the occurrence, from 1, whatever was edited since the first one; for COUNT
	Skipped bool           `json:"skipped"`          // it was passed over: the next occurrence follows it although it is not completed
	Purged  bool           `json:"purged,omitempty"` // it was deleted for good, and only the series still counts it
	Differs map[string]any `json:"differs"`          // what later occurrences have in the fields in which this one was edited alone
}

func newPlace(start *time.Time, number int) Place {
	return Place{Start: start, Number: number, Differs: map[string]any{}}
}

// Membership is all that a task records about its series, as in the audit log.
type Membership struct {
	Scope      Scope      `json:"scope,omitempty"` // ScopeThis for an edit of this occurrence alone
	SeriesID   *uuid.UUID `json:"series_id"`
	Occurrence *time.Time `json:"occurrence"`
	Series     *Place     `json:"series"`
}

// Scope is which occurrences of a series a change is about.
type Scope string

// The scopes.
const (
	ScopeThis      Scope = "this"
	ScopeFollowing Scope = "following" // this one and all later ones
	ScopeSeries    Scope = "series"
)

// Membership returns t's.
func (t *Task) Membership() Membership {
	return Membership{SeriesID: t.SeriesID, Occurrence: t.Occurrence, Series: t.Series}
}

func (t *Task) join(m Membership) {
	t.SeriesID, t.Occurrence, t.Series = m.SeriesID, m.Occurrence, m.Series
}

// placeOf returns the place of an occurrence. Those from before tasks had places are at the start of their series if it is not known.
func (l *Ledger) placeOf(t *Task) Place {
	if t.Series != nil && t.Series.Start != nil {
		return *t.Series
	}
	place := newPlace(t.Occurrence, 1)
	if t.Series != nil {
		place.Differs = t.Series.Differs
	}
	standing, known := l.standings[t.ID]
	if !known || t.SeriesID == nil || *t.SeriesID == t.ID || t.Recurrence == nil {
		return place
	}
	place.Start, place.Number = &standing.Start, max(standing.Nth, 1)
	if rule, err := recurrence.Parse(t.Recurrence.RRule); err == nil && rule.Counts() && t.Recurrence.Mode == ModeSchedule {
		place.Number = recurrence.Series{Rule: rule, Start: standing.Start, Zone: l.Zone(t)}.NumberOf(*t.Occurrence)
	}
	return place
}

// place sets the place of an edited task in its series, and returns all changes.
func (l *Ledger) place(before, after *Task, c Replace) (map[string]Change, error) {
	changes := Diff(before, after)
	if c.Restores == nil && (len(changes) == 0 || before.Completed && after.Completed || before.Recurrence == nil) {
		return changes, nil
	}
	scope := c.Scope
	switch {
	case c.Restores != nil:
		after.join(*c.Restores)
	case scope == ScopeThis:
		if err := l.editAlone(before, after, changes); err != nil {
			return nil, err
		}
	case after.Recurrence == nil:
		after.join(Membership{})
	default:
		l.editFollowing(before, after, changes, c.MovesRule)
		changes = Diff(before, after)
	}
	from, to := before.Membership(), after.Membership()
	if scope == ScopeThis {
		to.Scope = scope
	}
	if !reflect.DeepEqual(Plain(from), Plain(to)) {
		changes[FieldSeries] = Change{From: from, To: to}
	}
	return changes, nil
}

// editAlone changes only this occurrence: what later ones have instead is kept in its place.
func (l *Ledger) editAlone(before, after *Task, changes map[string]Change) error {
	var fs fault.Fields
	// A series of all-day tasks has no time zone, so an occurrence that is given a time may have its own.
	ownZone := before.Usual().Timezone == nil && (after.DueAt != nil || after.Timezone == nil)
	for _, name := range []string{"recurrence", "timezone"} {
		if touches(changes, name) && !(name == "timezone" && ownZone) {
			fs.Add("/"+name, "belongs to the whole series; change it with scope=following")
		}
	}
	if err := fs.Err(); err != nil {
		return err
	}
	if first := *before; first.SeriesID == nil && first.due() != nil {
		l.EnterSeries(&first)
		after.join(first.Membership())
	}
	place := l.placeOf(after)
	place.Differs = maps.Clone(place.Differs)
	for _, f := range Fields {
		if _, changed := changes[f.Name]; !changed || ofOccurrence[f.Name] {
			continue
		}
		usual, known := place.Differs[f.Name]
		if !known {
			usual = Plain(f.Get(before))
		}
		if reflect.DeepEqual(usual, Plain(f.Get(after))) {
			delete(place.Differs, f.Name)
		} else {
			place.Differs[f.Name] = usual
		}
	}
	after.Series = &place
	return nil
}

// SetDiffers changes what later occurrences have in the fields in which t was edited alone. What t has itself is left out.
func (l *Ledger) SetDiffers(t *Task, differs map[string]any) {
	after, place := *t, *t.Series
	place.Differs = maps.Clone(differs)
	for _, f := range Fields {
		if usual, known := differs[f.Name]; known && reflect.DeepEqual(usual, Plain(f.Get(t))) {
			delete(place.Differs, f.Name)
		}
	}
	after.Series = &place
	l.record(Updated, t, &after, map[string]Change{FieldSeries: {From: t.Membership(), To: after.Membership()}})
}

// ofOccurrence are the fields that no occurrence takes from the one before.
var ofOccurrence = map[string]bool{"completed": true, "position": true, "recurrence": true}

// editFollowing changes this occurrence and all later ones. A moved due date, another rule or another zone makes it the start that
// the rule is evaluated from; its number in the series stays, so that COUNT counts what was before.
func (l *Ledger) editFollowing(before, after *Task, changes map[string]Change, movesRule bool) {
	usual := before.Usual()
	due := touches(changes, "due_at", "due_date")
	rule := touches(changes, "recurrence")
	zone := l.Zone(before).String() != l.Zone(after).String()
	if due && movesRule && !rule && usual.due() != nil && after.due() != nil {
		after.Recurrence = &Recurrence{RRule: recurrence.Move(before.Recurrence.RRule, l.wall(usual), l.wall(after)), Mode: before.Recurrence.Mode}
	}
	restarts := after.SeriesID != nil && (rule || zone || due && after.due() != nil)
	if !restarts && (after.Series == nil || len(after.Series.Differs) == 0) {
		return
	}
	place := l.placeOf(after)
	place.Differs = maps.Clone(place.Differs)
	for name := range changes {
		delete(place.Differs, name)
	}
	if due {
		delete(place.Differs, "due_at")
		delete(place.Differs, "due_date")
		delete(place.Differs, "timezone")
	}
	if restarts {
		if due && after.due() != nil {
			after.Occurrence = after.due()
		}
		place.Start = after.Occurrence
	}
	after.Series = &place
}

func touches(changes map[string]Change, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { _, ok := changes[name]; return ok })
}

// wall returns the wall-clock time at which a task is due.
func (l *Ledger) wall(t *Task) time.Time {
	if t.DueDate != nil {
		return t.DueDate.Midnight()
	}
	return wallclock.Of(*t.DueAt, l.Zone(t))
}

// Usual returns t as later occurrences have it: without what was edited in this one alone.
func (t *Task) Usual() *Task {
	if t.Series == nil || len(t.Series.Differs) == 0 {
		return t
	}
	members, _ := Plain(t).(map[string]any)
	maps.Copy(members, t.Series.Differs)
	raw, err := json.Marshal(members)
	if err != nil {
		panic(err) // it was decoded from JSON
	}
	usual := &Task{}
	if err := json.Unmarshal(raw, usual); err != nil {
		panic(err) // the values were encoded from a task
	}
	usual.DeletedAt = t.DeletedAt
	return usual
}

// Plain returns a value as decoded from JSON, so that values of the audit log and of a task can be compared.
func Plain(value any) any {
	raw, err := json.Marshal(value)
	if err != nil {
		panic(err) // values of tasks always marshal
	}
	var out any
	_ = json.Unmarshal(raw, &out) // it was just encoded
	return out
}

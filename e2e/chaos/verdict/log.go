package verdict

import (
	"slices"
	"strings"
	"time"

	"taskwire.dev/e2e/chaos/history"
)

// numbers checks that the sequences are 1, 2, 3 … and that ids are unique.
func (j *judge) numbers(log []Event) {
	ids := map[string]int64{}
	for i, e := range log {
		switch want := int64(i + 1); {
		case e.Seq > want && (i == 0 || log[i-1].Seq != e.Seq-1):
			j.say(Gap, "the audit log goes on at %d where %d is due", e.Seq, want)
		case i > 0 && e.Seq <= log[i-1].Seq:
			j.say(Reordered, "number %d follows %d in the audit log", e.Seq, log[i-1].Seq)
		}
		if at, again := ids[e.ID]; again {
			j.say(Doubled, "event %s has the numbers %d and %d", e.ID, at, e.Seq)
		}
		ids[e.ID] = e.Seq
	}
}

// placed is a change that was found in the log.
type placed struct {
	change *history.Change
	event  Event
}

// spawner is the actor that creates successors.
const spawner = "system:recurring-spawn"

// changes finds every change in the log. An acknowledged one must be there once, any other may be there once, and
// nothing else may be.
func (j *judge) changes(told []history.Change, log []Event) []placed {
	entries := map[string][]Event{}
	var order []string
	for _, e := range log {
		if !isAsked(e) || e.Actor == spawner {
			continue
		}
		if entries[e.Task] == nil {
			order = append(order, e.Task)
		}
		entries[e.Task] = append(entries[e.Task], e)
	}
	asked := map[string][]*history.Change{}
	unnamed := map[string]*history.Change{} // creations with an unknown id, by title, which is unique
	for i := range told {
		c := &told[i]
		if c.Task == "" {
			unnamed[c.Want.Title] = c
		} else {
			asked[c.Task] = append(asked[c.Task], c)
		}
	}
	var all []placed
	for _, id := range order {
		changes := asked[id]
		delete(asked, id)
		if first := entries[id][0]; changes == nil && strings.HasSuffix(first.Type, ".created") {
			if c := unnamed[first.After.Title]; c != nil {
				changes = []*history.Change{c}
				delete(unnamed, first.After.Title)
			}
		}
		if changes == nil {
			j.say(Doubled, "task %s (%s) is in the audit log, and nobody asked for it, or it is there already", id, entries[id][0].After.Title)
			continue
		}
		all = append(all, j.align(id, changes, entries[id])...)
	}
	for id, changes := range asked {
		if slices.ContainsFunc(changes, (*history.Change).Acknowledged) {
			j.say(Lost, "task %s was acknowledged, with %d changes, and is not in the audit log", id, len(changes))
		}
	}
	return all
}

// align matches the changes of one task with its entries.
func (j *judge) align(id string, changes []*history.Change, entries []Event) []placed {
	var all []placed
	fits := func(c *history.Change, e Event) bool {
		return c.Type == e.Type && c.Want.Shown() == e.After && (c.Section == nil || *c.Section == e.Section)
	}
	for _, e := range entries {
		i := slices.IndexFunc(changes, func(c *history.Change) bool { return fits(c, e) })
		// Before the one that fits, only unacknowledged ones may be skipped.
		if i >= 0 {
			for _, c := range changes[:i] {
				if c.Acknowledged() {
					j.say(Lost, "task %s: %s %+v was acknowledged, and the audit log has the next one, number %d", id, c.Type, c.Want, e.Seq)
				}
			}
			all = append(all, placed{changes[i], e})
			changes = changes[i+1:]
			continue
		}
		if slices.ContainsFunc(all, func(p placed) bool { return fits(p.change, e) }) {
			j.say(Doubled, "task %s: %s at number %d was done before", id, e.Type, e.Seq)
			continue
		}
		j.say(Wrong, "task %s: number %d is %s %+v, which nobody asked for then", id, e.Seq, e.Type, e.After)
	}
	for _, c := range changes {
		if c.Acknowledged() {
			j.say(Lost, "task %s: %s %+v was acknowledged at %s, and is not in the audit log", id, c.Type, c.Want, c.Answered.Format(time.TimeOnly))
		}
	}
	return all
}

// order checks that the sequences follow the order of the commits, as far as it is visible: what was acknowledged
// before something else was sent has the smaller sequence.
func (j *judge) order(all []placed) {
	answered := slices.DeleteFunc(slices.Clone(all), func(p placed) bool { return !p.change.Acknowledged() })
	sent := slices.Clone(all)
	slices.SortFunc(answered, func(a, b placed) int { return a.change.Answered.Compare(b.change.Answered) })
	slices.SortFunc(sent, func(a, b placed) int { return a.change.Sent.Compare(b.change.Sent) })
	var newest placed
	for _, p := range sent {
		for len(answered) > 0 && answered[0].change.Answered.Before(p.change.Sent) {
			if newest.change == nil || answered[0].event.Seq > newest.event.Seq {
				newest = answered[0]
			}
			answered = answered[1:]
		}
		if newest.change != nil && newest.event.Seq > p.event.Seq {
			j.say(Reordered, "number %d was acknowledged before number %d was asked for", newest.event.Seq, p.event.Seq)
		}
	}
}

// together checks that all of a request happened or none of it.
func (j *judge) together(told []history.Change, all []placed) {
	asked, found := map[int]int{}, map[int]int{}
	for _, c := range told {
		asked[c.Request]++
	}
	for _, p := range all {
		found[p.change.Request]++
	}
	for request, n := range found {
		if n != asked[request] {
			j.say(Torn, "of the %d changes of a request %d were made", asked[request], n)
		}
	}
}

// isAsked reports whether an event is one that users ask for.
func isAsked(e Event) bool { return isTask(e) || isComment(e) || isSection(e) }

func isTask(e Event) bool {
	switch e.Type {
	case history.Created, history.Updated, history.Completed, history.Deleted:
		return true
	}
	return false
}

package verdict

import (
	"maps"
	"strings"

	"taskwire.dev/e2e/chaos/history"
)

func isComment(e Event) bool { return strings.HasPrefix(e.Type, "comment.") }
func isSection(e Event) bool { return strings.HasPrefix(e.Type, "section.") }

// comments checks that those on tasks which are not deleted are the result of the log.
func (j *judge) comments(log []Event, listed map[string]history.State) {
	tasks, left := last(log, isTask), last(log, isComment)
	maps.DeleteFunc(left, func(_ string, e Event) bool { return tasks[e.Of].After.Deleted })
	j.list("comment", left, listed)
}

// sections checks that the list is the result of the log.
func (j *judge) sections(log []Event, listed map[string]history.State) {
	j.list("section", last(log, isSection), listed)
}

// inSections checks that each task is in the section that it was put into: by its own changes, or with the section by a change of that.
func (j *judge) inSections(all []placed, seen Seen) {
	asked := map[string]*history.Change{}
	for _, p := range all {
		asked[p.event.ID] = p.change
	}
	now := map[string]string{}
	for _, e := range seen.Log {
		for task, section := range e.Put {
			now[task] = section
		}
		if !isTask(e) || e.After.Deleted {
			continue
		}
		want := now[e.Task]
		if c := asked[e.ID]; c != nil && c.Section != nil {
			want = *c.Section
		}
		if e.Section != want {
			j.say(Wrong, "task %s is in section %q after number %d, and should be in %q", e.Task, e.Section, e.Seq, want)
		}
		now[e.Task] = e.Section
	}
	for id := range seen.Tasks {
		if seen.In[id] != now[id] {
			j.say(Wrong, "task %s is in section %q, and the log leads to %q", id, seen.In[id], now[id])
		}
	}
}

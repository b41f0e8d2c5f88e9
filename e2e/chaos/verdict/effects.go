package verdict

import (
	"slices"
	"time"

	"taskwire.dev/e2e/chaos/history"
)

// tasks checks that the list is the result of the log.
func (j *judge) tasks(log []Event, listed map[string]history.State) {
	j.list("task", last(log, isTask), listed)
}

// list checks that what is listed is what the last events left.
func (j *judge) list(what string, left map[string]Event, listed map[string]history.State) {
	for id, e := range left {
		got, there := listed[id]
		switch {
		case e.After.Deleted && there:
			j.say(Wrong, "%s %s was deleted with number %d, and is listed", what, id, e.Seq)
		case !e.After.Deleted && !there:
			j.say(Lost, "%s %s is not listed, and number %d left it as %+v", what, id, e.Seq, e.After)
		case there && got != e.After:
			j.say(Wrong, "%s %s is %+v, and number %d left %+v", what, id, got, e.Seq, e.After)
		}
	}
	for id, s := range listed {
		if _, known := left[id]; !known {
			j.say(Leaked, "%s %s (%s) is listed, and not in the user's log", what, id, s.Title)
		}
	}
}

// last returns the last event of each thing.
func last(log []Event, of func(Event) bool) map[string]Event {
	left := map[string]Event{}
	for _, e := range log {
		if of(e) {
			left[e.Task] = e
		}
	}
	return left
}

// successors checks that each completed task with a rule has exactly one successor, with its contents.
func (j *judge) successors(log []Event) {
	made := map[string]int{}
	title := map[string]string{}
	for _, e := range log {
		if e.Type == history.Created && e.Actor == spawner {
			made[e.Series]++
			title[e.Series] = e.After.Title
		}
	}
	for _, e := range log {
		if e.Type != history.Completed || e.After.Rule == "" {
			continue
		}
		switch n := made[e.Task]; {
		case n == 0:
			j.say(Lost, "task %s was completed with number %d, and has no next occurrence", e.Task, e.Seq)
		case n > 1:
			j.say(Doubled, "task %s has %d next occurrences", e.Task, n)
		case title[e.Task] != e.After.Title:
			j.say(Wrong, "what follows task %s is called %q", e.Task, title[e.Task])
		}
		delete(made, e.Task)
	}
	for series, n := range made {
		j.say(Doubled, "task %s has %d next occurrences and was not completed", series, n)
	}
}

// upcoming and overdue are kinds of notifications.
const upcoming, overdue, ofAccount = "upcoming", "overdue", "account"

// grace is how late an overdue notice may come.
const grace = 2 * time.Minute

// notices checks that each reminder was sent once, alone or in a digest: for a task that is due within the hour an
// upcoming one, and an overdue one once it was overdue; for other tasks none. Those tasks stay as they are, so none is
// resolved.
func (j *judge) notices(all []placed, seen Seen) {
	times := map[Notice]int{}
	for _, n := range seen.Notices {
		if n.Kind == ofAccount { // of the writer's token, and of no task
			continue
		}
		if n.Resolved {
			j.say(Wrong, "the notification of task %s (%s) is resolved, and the task is still due", n.Task, n.Kind)
		}
		if n.Kind != overdue {
			n.Day = ""
		}
		n.Digest, n.Resolved = "", false
		times[n]++
	}
	reminded := map[string]bool{}
	for _, p := range all {
		if !p.change.Reminded {
			continue
		}
		reminded[p.event.Task] = true
		if times[Notice{Task: p.event.Task, Kind: upcoming}] == 0 {
			j.say(Lost, "task %s is due soon, and its user was not told", p.event.Task)
		}
		due, err := time.Parse(time.RFC3339, p.change.Want.Due)
		if err == nil && due.Add(grace).Before(seen.At) && !slices.ContainsFunc(seen.Notices, func(n Notice) bool { return n.Task == p.event.Task && n.Kind == overdue }) {
			j.say(Lost, "task %s was due at %s, and its user was not told that it is overdue", p.event.Task, p.change.Want.Due)
		}
	}
	for n, count := range times {
		if count > 1 {
			j.say(Doubled, "the user was told %d times of task %s (%s)", count, n.Task, n.Kind)
		}
		if !reminded[n.Task] {
			j.say(Wrong, "the user was notified about task %s (%s), which is not due", n.Task, n.Kind)
		}
	}
	j.digests(seen)
	told := map[string]int{}
	for _, e := range seen.Log {
		if e.Type == "notification.created" && e.Digest == "" {
			told[e.Task]++
		}
	}
	listed := map[string]int{}
	for _, n := range seen.Notices {
		if n.Digest == "" {
			listed[n.Task]++
		}
	}
	for task, n := range told {
		if n != listed[task] {
			j.say(Doubled, "task %s has %d notifications, and the audit log tells of %d", task, listed[task], n)
		}
	}
}

// digests checks that each digest lists the tasks that the log tells of, once each. One that is too long for an event
// comes in parts: its last entry has them all.
func (j *judge) digests(seen Seen) {
	told, listed := map[string][]string{}, map[string][]string{}
	for _, e := range seen.Log {
		if e.Type == "notification.created" && e.Digest != "" {
			told[e.Digest] = slices.Sorted(slices.Values(e.Tasks))
		}
	}
	for _, n := range seen.Notices {
		if n.Digest != "" && !slices.Contains(listed[n.Digest], n.Task) { // once overdue and once upcoming
			listed[n.Digest] = append(listed[n.Digest], n.Task)
		}
	}
	for id, tasks := range told {
		slices.Sort(listed[id])
		if !slices.Equal(listed[id], tasks) {
			j.say(Wrong, "digest %s lists the tasks %v, and the audit log tells of %v", id, listed[id], tasks)
		}
	}
	for id, tasks := range listed {
		if told[id] == nil {
			j.say(Wrong, "digest %s lists the tasks %v, and the audit log does not tell of it", id, tasks)
		}
	}
}

// topic checks that every change of a task is in the topic, under the user's key and in the order of the log;
// duplicates may only come later.
func (j *judge) topic(records []Record, log []Event) {
	var want []Event
	for _, e := range log {
		if isTask(e) {
			want = append(want, e)
		}
	}
	seen := map[string]bool{}
	var first []Record
	for _, r := range records {
		if r.User != j.user || r.Key != j.user {
			j.say(Leaked, "the topic has an event of user %s under the key %s", r.User, r.Key)
			continue
		}
		if !seen[r.ID] {
			seen[r.ID] = true
			first = append(first, r)
		}
	}
	for i := 1; i < len(first); i++ {
		if first[i].Seq <= first[i-1].Seq {
			j.say(Reordered, "number %d is in the topic after number %d", first[i].Seq, first[i-1].Seq)
		}
	}
	slices.SortFunc(first, func(a, b Record) int { return int(a.Seq - b.Seq) })
	known := map[string]Event{}
	for _, e := range want {
		known[e.ID] = e
		if !seen[e.ID] {
			j.say(Lost, "number %d (%s) was never published", e.Seq, e.Type)
		}
	}
	for _, r := range first {
		if e, ok := known[r.ID]; !ok || e.Seq != r.Seq || e.Type != r.Type {
			j.say(Wrong, "the topic has %s %s as number %d, the audit log %q %d", r.Type, r.ID, r.Seq, e.Type, e.Seq)
		}
	}
}

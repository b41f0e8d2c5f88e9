package verdict

import (
	"slices"
	"strings"
	"testing"
	"time"

	"taskwire.dev/e2e/chaos/history"
)

const me, stranger = "ada", "bob"

// sound is a complete run without a fault: the requests of Ada, their responses, and the resulting state. Each test
// breaks it in one place.
func sound() ([]history.Change, Seen) {
	start := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	at := func(second int) time.Time { return start.Add(time.Duration(second) * time.Second) }
	milk, oat := history.State{Title: "Buy milk"}, history.State{Title: "Buy oat milk"}
	done := oat
	done.Completed = true
	gone := history.State{Title: "Buy oat milk", Deleted: true}
	daily := history.State{Title: "Exercise", Due: "2098-06-02T08:00:00Z", Rule: "FREQ=DAILY"}
	dailyDone := daily
	dailyDone.Completed = true
	next := history.State{Title: "Exercise", Due: "2098-06-03T08:00:00Z", Rule: "FREQ=DAILY"}
	bread, tea, cake := history.State{Title: "Take out the bread", Due: "2026-12-01T08:30:00Z"}, history.State{Title: "Tea"}, history.State{Title: "Cake"}
	lost := history.State{Title: "No answer"}
	soap, kitchen, bath := history.State{Title: "Soap"}, history.State{Title: "Kitchen", Position: "a"}, history.State{Title: "Bath", Position: "a"}

	var told []history.Change
	asked := func(request, sent int, task, kind string, want history.State) *history.Change {
		told = append(told, history.Change{User: me, Task: task, Type: kind, Want: want, Request: request, Sent: at(sent), Answered: at(sent + 1)})
		return &told[len(told)-1]
	}
	asked(1, 0, "milk", history.Created, milk)
	asked(2, 2, "milk", history.Updated, oat)
	asked(3, 4, "milk", history.Completed, done)
	asked(4, 6, "milk", history.Updated, oat) // undone
	asked(5, 8, "milk", history.Deleted, gone)
	asked(6, 10, "milk", history.Updated, oat) // restored
	asked(7, 12, "daily", history.Created, daily)
	asked(8, 14, "daily", history.Completed, dailyDone)
	asked(9, 16, "bread", history.Created, bread).Reminded = true
	asked(10, 18, "tea", history.Created, tea)
	asked(10, 18, "cake", history.Created, cake)
	asked(11, 20, "", history.Created, lost).Answered = time.Time{}

	seen := Seen{User: me, Tasks: map[string]history.State{"milk": oat, "daily": dailyDone, "next": next, "bread": bread, "tea": tea, "cake": cake}}
	asked(12, 22, "soap", history.Created, soap)
	asked(13, 24, "kitchen", history.SectionCreated, kitchen)
	asked(14, 26, "soap", history.Updated, soap).Section = &kitchen.Title
	asked(15, 28, "kitchen", history.SectionUpdated, bath)
	asked(16, 30, "note", history.CommentCreated, history.State{Title: "Said"})
	asked(17, 32, "note", history.CommentUpdated, history.State{Title: "Said again"})
	asked(18, 34, "slip", history.CommentCreated, history.State{Title: "Never mind"})
	asked(19, 36, "slip", history.CommentDeleted, history.State{Title: "Never mind", Deleted: true})
	used := soap
	used.Completed = true
	asked(20, 38, "soap", history.Completed, used)
	seen.Tasks["soap"], seen.In = used, map[string]string{"soap": bath.Title}
	seen.Sections = map[string]history.State{"kitchen": bath}
	seen.Comments = map[string]history.State{"note": {Title: "Said again"}}
	entry := func(task, kind string, after history.State) *Event {
		n := int64(len(seen.Log) + 1)
		seen.Log = append(seen.Log, Event{Seq: n, ID: "event-" + task + "-" + string(rune('a'+n)), Type: kind, Task: task, Actor: "user:" + me, After: after.Shown()})
		return &seen.Log[n-1]
	}
	entry("milk", history.Created, milk)
	entry("milk", history.Updated, oat)
	entry("milk", history.Completed, done)
	entry("milk", history.Updated, oat)
	entry("milk", history.Deleted, gone)
	entry("milk", history.Updated, oat)
	entry("daily", history.Created, daily)
	entry("daily", history.Completed, dailyDone)
	successor := entry("next", history.Created, next)
	successor.Actor, successor.Series = spawner, "daily"
	entry("bread", history.Created, bread)
	entry("bread", "notification.created", history.State{Deleted: true})
	entry("tea", history.Created, tea)
	entry("cake", history.Created, cake)
	entry("soap", history.Created, soap)
	entry("kitchen", history.SectionCreated, kitchen)
	entry("soap", history.Updated, soap).Section = kitchen.Title
	entry("kitchen", history.SectionUpdated, bath).Put = map[string]string{"soap": bath.Title}
	entry("note", history.CommentCreated, history.State{Title: "Said"}).Of = "soap"
	entry("note", history.CommentUpdated, history.State{Title: "Said again"}).Of = "soap"
	entry("slip", history.CommentCreated, history.State{Title: "Never mind"}).Of = "soap"
	entry("slip", history.CommentDeleted, history.State{Deleted: true}).Of = "soap"
	entry("soap", history.Completed, used).Section = bath.Title
	seen.Notices = []Notice{{Task: "bread", Kind: upcoming}}
	for range 2 {
		stream := []Frame{{Event: Hello, Epoch: "e"}}
		for _, e := range seen.Log {
			stream = append(stream, Frame{Event: "sync.task-changed", Epoch: "e", Seq: e.Seq, User: me, Task: e.Task, Type: e.Type})
		}
		seen.Streams = append(seen.Streams, stream)
	}
	for _, e := range seen.Log {
		if isTask(e) {
			seen.Topic = append(seen.Topic, Record{Key: me, User: me, ID: e.ID, Type: e.Type, Seq: e.Seq})
		}
	}
	return told, seen
}

// again renumbers a log and everything derived from it, so that its numbers do not reveal the break.
func again(s *Seen) {
	old := s.Log
	s.Log = nil
	s.Topic, s.Streams = nil, [][]Frame{{{Event: Hello, Epoch: "e"}}}
	for i, e := range old {
		e.Seq = int64(i + 1)
		s.Log = append(s.Log, e)
		s.Streams[0] = append(s.Streams[0], Frame{Event: "sync.task-changed", Epoch: "e", Seq: e.Seq, User: me, Task: e.Task, Type: e.Type})
		if isTask(e) {
			s.Topic = append(s.Topic, Record{Key: me, User: me, ID: e.ID, Type: e.Type, Seq: e.Seq})
		}
	}
}

func TestSound_IsSound(t *testing.T) {
	t.Parallel()
	told, seen := sound()
	if found := Of(told, seen); len(found) > 0 {
		t.Fatal(found)
	}
	again(&seen)
	if found := Of(told, seen); len(found) > 0 {
		t.Fatal(found)
	}
}

// TestExcused: effects of a fault that no promise rules out.
func TestExcused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func([]history.Change, *Seen){
		"what had no answer was done": func(_ []history.Change, s *Seen) {
			made := history.State{Title: "No answer"}
			s.Log = append(s.Log, Event{ID: "late", Type: history.Created, Task: "late", Actor: "user:" + me, After: made})
			s.Tasks["late"] = made
			again(s)
		},
		"published twice": func(_ []history.Change, s *Seen) { s.Topic = append(s.Topic, s.Topic[3], s.Topic[4]) },
		"a reset after a gap": func(_ []history.Change, s *Seen) {
			frames := s.Streams[0]
			s.Streams[0] = append(append(slices.Clone(frames[:4]), Frame{Event: Hello, Epoch: "e", Seq: 6}, Frame{Event: Reset, Epoch: "e", Seq: 6}), frames[7:]...)
		},
		"a stream that comes back": func(_ []history.Change, s *Seen) {
			frames := s.Streams[0]
			s.Streams[0] = append(append(slices.Clone(frames[:4]), Frame{Event: Hello, Epoch: "e", Seq: 3}), frames[4:]...)
		},
		"overdue in a digest": func(_ []history.Change, s *Seen) {
			s.At = time.Date(2026, 12, 1, 8, 33, 0, 0, time.UTC)
			digest(s, "bread")
		},
		"overdue on the next day too": func(_ []history.Change, s *Seen) {
			s.At = time.Date(2026, 12, 2, 9, 0, 0, 0, time.UTC)
			s.Notices = append(s.Notices, Notice{Task: "bread", Kind: overdue, Day: "2026-12-01"}, Notice{Task: "bread", Kind: overdue, Day: "2026-12-02"})
			for range 2 {
				s.Log = append(s.Log, Event{ID: "overdue" + string(rune('a'+len(s.Log))), Type: "notification.created", Task: "bread", After: history.State{Deleted: true}})
			}
			again(s)
		},
	} {
		told, seen := sound()
		change(told, &seen)
		if found := Of(told, seen); len(found) > 0 {
			t.Errorf("%s: %v", name, found)
		}
	}
}

// digest adds a digest with one overdue task, as if there were more.
func digest(s *Seen, task string) {
	s.Notices = append(s.Notices, Notice{Task: task, Kind: overdue, Day: "2026-12-01", Digest: "digest"})
	s.Log = append(s.Log, Event{ID: "digest-event", Type: "notification.created", After: history.State{Deleted: true}, Digest: "digest", Tasks: []string{task}})
	again(s)
}

// drop removes entries from the log as if they had never existed.
func drop(s *Seen, which func(Event) bool) {
	s.Log = slices.DeleteFunc(s.Log, which)
	again(s)
}

func TestBroken_IsFound(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]struct {
		want   Kind
		says   string
		damage func([]history.Change, *Seen)
	}{
		"a change is lost": {Lost, "milk", func(_ []history.Change, s *Seen) {
			drop(s, func(e Event) bool { return e.Seq == 3 })
		}},
		"the last change of a task is lost": {Lost, "milk", func(_ []history.Change, s *Seen) {
			drop(s, func(e Event) bool { return e.Seq == 6 })
			delete(s.Tasks, "milk")
		}},
		"a task is lost": {Lost, "tea", func(_ []history.Change, s *Seen) {
			drop(s, func(e Event) bool { return e.Task == "tea" })
			delete(s.Tasks, "tea")
		}},
		"half of a batch is lost": {Torn, "2 changes of a request", func(_ []history.Change, s *Seen) {
			drop(s, func(e Event) bool { return e.Task == "tea" })
			delete(s.Tasks, "tea")
		}},
		"a change is done twice": {Doubled, "milk", func(_ []history.Change, s *Seen) {
			twice := s.Log[1]
			twice.ID = "twice"
			s.Log = slices.Insert(s.Log, 2, twice)
			again(s)
		}},
		"a creation is done twice": {Doubled, "tea again", func(_ []history.Change, s *Seen) {
			twice := s.Log[11]
			twice.ID, twice.Task = "twice", "tea again"
			s.Log = append(s.Log, twice)
			s.Tasks["tea again"] = twice.After
			again(s)
		}},
		"a creation without an answer is done twice": {Doubled, "late", func(_ []history.Change, s *Seen) {
			made := history.State{Title: "No answer"}
			for _, id := range []string{"late1", "late2"} {
				s.Log = append(s.Log, Event{ID: id, Type: history.Created, Task: id, Actor: "user:" + me, After: made})
				s.Tasks[id] = made
			}
			again(s)
		}},
		"what nobody asked for": {Wrong, "number 3", func(_ []history.Change, s *Seen) { s.Log[2].After.Title = "Buy wine" }},
		"an undo that gives back something else": {Wrong, "number 4", func(_ []history.Change, s *Seen) {
			s.Log[3].After.Title = "Buy milk"
		}},
		"a number is missing": {Gap, "goes on at", func(_ []history.Change, s *Seen) {
			for i := 5; i < len(s.Log); i++ {
				s.Log[i].Seq++
			}
		}},
		"the first number is missing": {Gap, "goes on at 2", func(_ []history.Change, s *Seen) {
			for i := range s.Log {
				s.Log[i].Seq++
			}
		}},
		"a number comes twice":     {Reordered, "audit log", func(_ []history.Change, s *Seen) { s.Log[5].Seq = 5 }},
		"an event has two numbers": {Doubled, "event ", func(_ []history.Change, s *Seen) { s.Log[5].ID = s.Log[4].ID }},
		"what was acknowledged first is committed last": {Reordered, "acknowledged before", func(_ []history.Change, s *Seen) {
			s.Log = append(s.Log, s.Log[9])
			s.Log = slices.Delete(s.Log, 9, 10)
			again(s)
		}},
		"a task is not listed":       {Lost, "not listed", func(_ []history.Change, s *Seen) { delete(s.Tasks, "tea") }},
		"a task is listed as it was": {Wrong, "milk", func(_ []history.Change, s *Seen) { s.Tasks["milk"] = history.State{Title: "Buy milk"} }},
		"a deleted task is listed": {Wrong, "was deleted", func(told []history.Change, s *Seen) {
			drop(s, func(e Event) bool { return e.Seq == 6 })
		}},
		"somebody else's task is listed": {Leaked, "listed", func(_ []history.Change, s *Seen) { s.Tasks["bob's"] = history.State{Title: "Secret"} }},
		"no next occurrence": {Lost, "no next occurrence", func(_ []history.Change, s *Seen) {
			drop(s, func(e Event) bool { return e.Task == "next" })
			delete(s.Tasks, "next")
		}},
		"two next occurrences": {Doubled, "2 next occurrences", func(_ []history.Change, s *Seen) {
			twice := s.Log[8]
			twice.ID, twice.Task = "twice", "next2"
			s.Log = append(s.Log, twice)
			s.Tasks["next2"] = twice.After
			again(s)
		}},
		"a next occurrence of nothing": {Doubled, "was not completed", func(told []history.Change, s *Seen) {
			s.Log[8].Series = "milk"
		}},
		"a next occurrence that is something else": {Wrong, "what follows", func(_ []history.Change, s *Seen) { s.Log[8].After.Title = "Rest" }},
		"a comment is lost": {Lost, "note was acknowledged", func(_ []history.Change, s *Seen) {
			drop(s, func(e Event) bool { return e.Task == "note" })
			delete(s.Comments, "note")
		}},
		"an edit of a comment is lost": {Lost, "Said again", func(_ []history.Change, s *Seen) {
			drop(s, func(e Event) bool { return e.After.Title == "Said again" })
			s.Comments["note"] = history.State{Title: "Said"}
		}},
		"a comment is not listed":           {Lost, "comment note is not listed", func(_ []history.Change, s *Seen) { delete(s.Comments, "note") }},
		"a comment is listed as it was":     {Wrong, "comment note", func(_ []history.Change, s *Seen) { s.Comments["note"] = history.State{Title: "Said"} }},
		"a deleted comment is listed":       {Wrong, "comment slip was deleted", func(_ []history.Change, s *Seen) { s.Comments["slip"] = history.State{Title: "Never mind"} }},
		"somebody else's comment is listed": {Leaked, "comment secret", func(_ []history.Change, s *Seen) { s.Comments["secret"] = history.State{Title: "x"} }},
		"a section is not listed":           {Lost, "section kitchen is not listed", func(_ []history.Change, s *Seen) { delete(s.Sections, "kitchen") }},
		"a section is listed under its old name": {Wrong, "section kitchen", func(_ []history.Change, s *Seen) {
			s.Sections["kitchen"] = history.State{Title: "Kitchen", Position: "a"}
		}},
		"a task is not in its section":             {Wrong, "the log leads to", func(_ []history.Change, s *Seen) { delete(s.In, "soap") }},
		"a section is renamed without its tasks":   {Wrong, "should be in", func(_ []history.Change, s *Seen) { s.Log[16].Put = nil }},
		"a change takes a task out of its section": {Wrong, "should be in", func(_ []history.Change, s *Seen) { s.Log[21].Section = "" }},
		"not reminded": {Lost, "not told", func(_ []history.Change, s *Seen) {
			s.Notices = nil
			drop(s, func(e Event) bool { return e.Type == "notification.created" })
		}},
		"reminded twice": {Doubled, "told 2 times", func(_ []history.Change, s *Seen) { s.Notices = append(s.Notices, s.Notices[0]) }},
		"overdue twice on a day": {Doubled, "told 2 times", func(_ []history.Change, s *Seen) {
			s.Notices = append(s.Notices, Notice{Task: "bread", Kind: overdue, Day: "2026-12-02"}, Notice{Task: "bread", Kind: overdue, Day: "2026-12-02"})
		}},
		"not told that it is overdue": {Lost, "overdue", func(_ []history.Change, s *Seen) {
			s.At = time.Date(2026, 12, 1, 8, 33, 0, 0, time.UTC)
		}},
		"reminded of what is not due": {Wrong, "not due", func(_ []history.Change, s *Seen) { s.Notices = append(s.Notices, Notice{Task: "tea", Kind: upcoming}) }},
		"a notification that the log does not know": {Doubled, "the audit log tells of 2", func(_ []history.Change, s *Seen) {
			s.Log = append(s.Log, Event{ID: "bell", Type: "notification.created", Task: "bread", After: history.State{Deleted: true}})
			again(s)
		}},
		"resolved while the task is due": {Wrong, "is resolved", func(_ []history.Change, s *Seen) { s.Notices[0].Resolved = true }},
		"a digest with a task too few": {Wrong, "lists the tasks [], and the audit log tells of [bread]", func(_ []history.Change, s *Seen) {
			digest(s, "bread")
			s.Notices = s.Notices[:1]
		}},
		"a digest that the log does not know": {Wrong, "does not tell of it", func(_ []history.Change, s *Seen) {
			digest(s, "bread")
			drop(s, func(e Event) bool { return e.Digest != "" })
		}},
		"in a digest and alone": {Doubled, "told 2 times", func(_ []history.Change, s *Seen) {
			digest(s, "bread")
			s.Notices[1].Kind = upcoming
		}},
		"a stream leaves one out": {Gap, "delivers number 5 after 3", func(_ []history.Change, s *Seen) { s.Streams[1] = slices.Delete(s.Streams[1], 4, 5) }},
		"a stream gives one twice": {Doubled, "delivers number 4 after 4", func(_ []history.Change, s *Seen) {
			s.Streams[1] = slices.Insert(s.Streams[1], 5, s.Streams[1][4])
		}},
		"a stream changes the order": {Gap, "after", func(_ []history.Change, s *Seen) {
			s.Streams[0][4], s.Streams[0][5] = s.Streams[0][5], s.Streams[0][4]
		}},
		"a stream ends early": {Lost, "ends at", func(_ []history.Change, s *Seen) { s.Streams[0] = s.Streams[0][:6] }},
		"a stream comes back further on, without a reset": {Gap, "greeted at", func(_ []history.Change, s *Seen) {
			frames := s.Streams[0]
			s.Streams[0] = append(append(slices.Clone(frames[:4]), Frame{Event: Hello, Epoch: "e", Seq: 6}), frames[7:]...)
		}},
		"a stream comes back before where it was": {Doubled, "greeted at", func(_ []history.Change, s *Seen) {
			frames := s.Streams[0]
			s.Streams[0] = append(append(slices.Clone(frames[:6]), Frame{Event: Hello, Epoch: "e", Seq: 3}), frames[4:]...)
		}},
		"a stream changes its epoch": {Gap, "after", func(_ []history.Change, s *Seen) {
			for i := 5; i < len(s.Streams[0]); i++ {
				s.Streams[0][i].Epoch = "other"
			}
		}},
		"a stream delivers somebody else's": {Leaked, stranger, func(_ []history.Change, s *Seen) { s.Streams[0][4].User = stranger }},
		"a stream tells of another task":    {Wrong, "the log has", func(_ []history.Change, s *Seen) { s.Streams[0][4].Task = "tea" }},
		"a stream tells of what is not there": {Wrong, "of a log of", func(_ []history.Change, s *Seen) {
			s.Streams[0] = append(s.Streams[0], Frame{Event: "sync.task-changed", Epoch: "e", Seq: int64(len(s.Log)) + 1, User: me})
		}},
		"an event is not published":             {Lost, "never published", func(_ []history.Change, s *Seen) { s.Topic = slices.Delete(s.Topic, 3, 4) }},
		"events are published in another order": {Reordered, "in the topic", func(_ []history.Change, s *Seen) { s.Topic[3], s.Topic[4] = s.Topic[4], s.Topic[3] }},
		"an event that was never committed is published": {Wrong, "the topic has", func(_ []history.Change, s *Seen) {
			s.Topic = append(s.Topic, Record{Key: me, User: me, ID: "ghost", Type: history.Updated, Seq: 14})
		}},
		"another event under the id": {Wrong, "the topic has", func(_ []history.Change, s *Seen) { s.Topic[2].Type = history.Deleted }},
		"somebody else's event under the key": {Leaked, stranger, func(_ []history.Change, s *Seen) {
			s.Topic = append(s.Topic, Record{Key: me, User: stranger, ID: "x", Type: history.Updated, Seq: 1})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told, seen := sound()
			broken.damage(told, &seen)
			found := Of(told, seen)
			if !slices.ContainsFunc(found, func(v Violation) bool {
				return v.Kind == broken.want && v.User == me && strings.Contains(v.Detail, broken.says)
			}) {
				t.Errorf("not reported as %s (%s): %v", broken.want, broken.says, found)
			}
		})
	}
}

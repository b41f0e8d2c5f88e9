package integration

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// spawner is what functions/recurring-spawn is behind its consumer.
func (b bundle) spawner(t *testing.T) *postgres.Worker {
	t.Helper()
	return postgres.NewWorker(b.pool(t, "taskwire_worker"), "recurring-spawn", func(user uuid.UUID) { b.woken <- user })
}

func cause(e task.Event) postgres.Cause {
	return postgres.Cause{Source: "/users/" + e.UserID.String() + "/tasks", ID: e.ID.String(), Command: task.Spawn{ID: e.TaskID}}
}

func causes(events []task.Event) (all []postgres.Cause) {
	for _, e := range events {
		all = append(all, cause(e))
	}
	return all
}

// deliver hands an event to the worker as the topic does.
func deliver(ctx context.Context, w *postgres.Worker, e task.Event) error {
	return w.Execute(ctx, e.UserID, cause(e))
}

func recurring(title, rule, mode string, due time.Time) task.Draft {
	d := draft(title)
	d.DueAt, d.Recurrence = &due, &task.Recurrence{RRule: rule, Mode: mode}
	return d
}

// monday is in the future, at 09:00 in Berlin.
var monday = time.Date(2098, 3, 24, 8, 0, 0, 0, time.UTC)

func TestACompletedOccurrenceIsFollowedByTheNext(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w, who := b.spawner(t), principal()
	p := preference.Default()
	p.Timezone = "Europe/Berlin"
	if _, err := b.tasks.SetPreferences(t.Context(), who, p); err != nil {
		t.Fatal(err)
	}
	d := recurring("Water the plants", "FREQ=WEEKLY;BYDAY=MO", task.ModeSchedule, monday)
	project := "Home"
	d.Description, d.Priority, d.Project, d.Tags, d.Reminders = "all of them", 3, &project, []string{"garden"}, []string{"PT1H"}
	root := b.do(t, who, task.Create{Draft: d})
	cellar := draft("the cellar")
	cellar.ParentID = &root.TaskID
	cellarDue := monday.Add(26 * time.Hour)
	cellar.DueAt = &cellarDue
	below := b.do(t, who, task.Create{Draft: cellar})
	deeper := draft("the corner")
	deeper.ParentID = &below.TaskID
	b.do(t, who, task.Create{Draft: deeper})
	b.do(t, who, task.SetCompleted{ID: below.TaskID, Completed: true})

	done := b.do(t, who, task.SetCompleted{ID: root.TaskID, Completed: true})
	want := monday.AddDate(0, 0, 7).Add(-time.Hour) // summer time has begun
	if done.Next == nil || done.Next.At == nil || !done.Next.At.Equal(want) {
		t.Fatalf("next: %+v, want %v", done.Next, want)
	}
	if err := deliver(t.Context(), w, *done.Event); err != nil {
		t.Fatal(err)
	}
	next, err := b.tasks.Get(t.Context(), who, task.SuccessorID(root.TaskID))
	if err != nil {
		t.Fatal(err)
	}
	if !next.DueAt.Equal(want) || next.Completed || next.Title != d.Title || next.Description != d.Description || next.Priority != d.Priority ||
		*next.Project != project || !slices.Equal(next.Tags, d.Tags) || !slices.Equal(next.Reminders, d.Reminders) ||
		*next.Recurrence != *d.Recurrence || *next.SeriesID != root.TaskID || !next.Occurrence.Equal(want) || next.Version != 1 {
		t.Errorf("%+v", next)
	}
	if next.ID.Version() != 5 {
		t.Errorf("id %s", next.ID)
	}
	first, err := b.tasks.Get(t.Context(), who, root.TaskID)
	if err != nil || !first.Completed || *first.SeriesID != root.TaskID || !first.Occurrence.Equal(monday) {
		t.Errorf("%+v, %v", first, err)
	}
	subtasks := b.children(t, who, next.ID)
	if len(subtasks) != 1 || subtasks[0].Title != "the cellar" || subtasks[0].Completed || !subtasks[0].DueAt.Equal(cellarDue.AddDate(0, 0, 7).Add(-time.Hour)) {
		t.Fatalf("%+v", subtasks)
	}
	if corner := b.children(t, who, subtasks[0].ID); len(corner) != 1 || corner[0].Title != "the corner" {
		t.Errorf("%+v", corner)
	}
	for _, actor := range b.actors(t, who, next.ID) {
		if actor != "system:recurring-spawn" {
			t.Errorf("made by %s", actor)
		}
	}
}

func (b bundle) children(t *testing.T, who token.Principal, parent uuid.UUID) []*task.Task {
	t.Helper()
	page, err := b.tasks.List(t.Context(), who, task.Query{ParentID: &parent, Tags: []string{}, Sort: "position", Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	tasks := page.Tasks
	return tasks
}

func (b bundle) actors(t *testing.T, who token.Principal, id uuid.UUID) (actors []string) {
	t.Helper()
	events, _, err := b.tasks.TaskHistory(t.Context(), who, id, 0, 50)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		actors = append(actors, e.Actor)
	}
	return actors
}

func TestCountEndsASeriesInBothModes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.spawner(t)
	for _, mode := range []string{task.ModeSchedule, task.ModeCompletion} {
		who := principal()
		id := b.do(t, who, task.Create{Draft: recurring("thrice", "FREQ=DAILY;COUNT=3", mode, monday)}).TaskID
		n := 0
		for id != uuid.Nil {
			done := b.do(t, who, task.SetCompleted{ID: id, Completed: true})
			if err := deliver(t.Context(), w, *done.Event); err != nil {
				t.Fatal(err)
			}
			n++
			if done.Next.At == nil {
				break
			}
			id = task.SuccessorID(id)
		}
		if n != 3 {
			t.Errorf("%s: %d occurrences, want 3", mode, n)
		}
		if _, err := b.tasks.Get(t.Context(), who, task.SuccessorID(id)); err == nil {
			t.Errorf("%s: a fourth is there", mode)
		}
	}
}

func TestReopeningWithdrawsAnUntouchedSuccessor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.spawner(t)
	for name, c := range map[string]struct {
		between func(who token.Principal, successor uuid.UUID)
		stays   bool
	}{
		"untouched": {func(token.Principal, uuid.UUID) {}, false},
		"renamed": {func(who token.Principal, id uuid.UUID) {
			d := recurring("mine now", "FREQ=DAILY", task.ModeSchedule, monday)
			b.do(t, who, task.Replace{ID: id, Draft: d})
		}, true},
		"its subtask done": {func(who token.Principal, id uuid.UUID) {
			b.do(t, who, task.SetCompleted{ID: b.children(t, who, id)[0].ID, Completed: true})
		}, true},
		"with a new subtask": {func(who token.Principal, id uuid.UUID) {
			d := draft("new")
			d.ParentID = &id
			b.do(t, who, task.Create{Draft: d})
		}, true},
		"done too": {func(who token.Principal, id uuid.UUID) { b.do(t, who, task.SetCompleted{ID: id, Completed: true}) }, true},
	} {
		who := principal()
		id := b.do(t, who, task.Create{Draft: recurring(name, "FREQ=DAILY", task.ModeSchedule, monday)}).TaskID
		d := draft("part")
		d.ParentID = &id
		b.do(t, who, task.Create{Draft: d})
		for round := range 3 {
			done := b.do(t, who, task.SetCompleted{ID: id, Completed: true})
			if err := deliver(t.Context(), w, *done.Event); err != nil {
				t.Fatal(err)
			}
			next := task.SuccessorID(id)
			if _, err := b.tasks.Get(t.Context(), who, next); err != nil {
				t.Fatalf("%s, round %d: no successor: %v", name, round, err)
			}
			if n := len(b.children(t, who, next)); n != 1 && round == 0 {
				t.Fatalf("%s: %d subtasks", name, n)
			}
			if round == 0 || !c.stays {
				c.between(who, next)
			}
			b.do(t, who, task.SetCompleted{ID: id})
			_, err := b.tasks.Get(t.Context(), who, next)
			if c.stays != (err == nil) {
				t.Errorf("%s, round %d: the successor stays: %t", name, round, err == nil)
			}
			// The event once more, now that the task is open again.
			again := *done.Event
			again.ID = uuid.Must(uuid.NewV7())
			if err := deliver(t.Context(), w, again); err != nil {
				t.Fatal(err)
			}
			if _, err := b.tasks.Get(t.Context(), who, next); c.stays != (err == nil) {
				t.Errorf("%s, round %d: a late event made a successor of an open task", name, round)
			}
		}
	}
}

func TestADeletedSuccessorStaysDeleted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w, who := b.spawner(t), principal()
	id := b.do(t, who, task.Create{Draft: recurring("skip one", "FREQ=DAILY", task.ModeSchedule, monday)}).TaskID
	done := b.do(t, who, task.SetCompleted{ID: id, Completed: true}).Event
	if err := deliver(t.Context(), w, *done); err != nil {
		t.Fatal(err)
	}
	b.do(t, who, task.Delete{ID: task.SuccessorID(id)})
	other := *done // as if an earlier completion's event came only now
	other.ID = uuid.Must(uuid.NewV7())
	for _, e := range []task.Event{*done, other} {
		if err := deliver(t.Context(), w, e); err != nil {
			t.Fatal(err)
		}
		if _, err := b.tasks.Get(t.Context(), who, task.SuccessorID(id)); err == nil {
			t.Fatal("what its user has deleted came back")
		}
	}
}

// next completes a task, lets its successor be made, and returns that.
func (b bundle) next(t *testing.T, w *postgres.Worker, who token.Principal, id uuid.UUID) *task.Task {
	t.Helper()
	done := b.do(t, who, task.SetCompleted{ID: id, Completed: true})
	if err := deliver(t.Context(), w, *done.Event); err != nil {
		t.Fatal(err)
	}
	next, err := b.tasks.Get(t.Context(), who, task.SuccessorID(id))
	if err != nil {
		t.Fatal(err)
	}
	if !next.DueAt.Equal(*done.Next.At) {
		t.Errorf("it is due at %v, and %v was answered", next.DueAt, done.Next.At)
	}
	return next
}

func TestWhatWasMissedIsNotMadeUpFor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w, who := b.spawner(t), principal()
	due := time.Now().UTC().Truncate(time.Second).AddDate(0, 0, -10).Add(-time.Hour)
	id := b.do(t, who, task.Create{Draft: recurring("daily", "FREQ=DAILY", task.ModeSchedule, due)}).TaskID
	if next := b.next(t, w, who, id); !next.DueAt.Equal(due.AddDate(0, 0, 11)) {
		t.Errorf("due at %v, want the first in the future, %v", next.DueAt, due.AddDate(0, 0, 11))
	}
}

func TestMovingAnOccurrenceMovesThatOneOnly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w, who := b.spawner(t), principal()
	id := b.do(t, who, task.Create{Draft: recurring("weekly", "FREQ=WEEKLY;COUNT=4", task.ModeSchedule, monday)}).TaskID
	second := b.next(t, w, who, id)
	wednesday := monday.AddDate(0, 0, 9)
	moved := b.do(t, who, task.Replace{ID: second.ID, Draft: recurring("weekly", "FREQ=WEEKLY;COUNT=4", task.ModeSchedule, wednesday)}).Task
	if !moved.Occurrence.Equal(monday.AddDate(0, 0, 7)) || *moved.SeriesID != id {
		t.Errorf("moved: %+v", moved)
	}
	third := b.next(t, w, who, second.ID)
	if !third.DueAt.Equal(monday.AddDate(0, 0, 14)) {
		t.Errorf("the third is due at %v", third.DueAt)
	}
	// Another rule begins a series of its own, with a count of its own.
	other := b.do(t, who, task.Replace{ID: third.ID, Draft: recurring("daily", "FREQ=DAILY;COUNT=2", task.ModeSchedule, *third.DueAt)}).Task
	if other.SeriesID != nil || other.Occurrence != nil {
		t.Errorf("another rule: %+v", other)
	}
	last := b.next(t, w, who, third.ID)
	if *last.SeriesID != third.ID || !last.DueAt.Equal(third.DueAt.AddDate(0, 0, 1)) {
		t.Errorf("the next of the new series: %+v", last)
	}
	if done := b.do(t, who, task.SetCompleted{ID: last.ID, Completed: true}); done.Next.At != nil {
		t.Errorf("after two comes %v", done.Next.At)
	}
}

func TestWithoutADueDateTheNextIsAllDay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w, who := b.spawner(t), principal()
	d := draft("whenever")
	tokyo := "Asia/Tokyo"
	d.Timezone, d.Recurrence = &tokyo, &task.Recurrence{RRule: "FREQ=DAILY;INTERVAL=3", Mode: task.ModeSchedule}
	id := b.do(t, who, task.Create{Draft: d}).TaskID
	zone, _ := time.LoadLocation(tokyo)
	before := time.Now().In(zone)
	next := b.next(t, w, who, id)
	y, m, day := before.AddDate(0, 0, 3).Date()
	want := time.Date(y, m, day, 0, 0, 0, 0, zone)
	if !next.DueAt.Equal(want) && !next.DueAt.Equal(want.AddDate(0, 0, 1)) { // midnight may have passed meanwhile
		t.Errorf("due at %v, want %v", next.DueAt.In(zone), want)
	}
	if again := b.next(t, w, who, next.ID); !again.DueAt.Equal(next.DueAt.AddDate(0, 0, 3)) {
		t.Errorf("then at %v", again.DueAt.In(zone))
	}
}

// Of a recurring subtask, done and followed, only the last is handed on.
func TestARecurringSubtaskIsHandedOnOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w, who := b.spawner(t), principal()
	id := b.do(t, who, task.Create{Draft: recurring("week", "FREQ=WEEKLY", task.ModeSchedule, monday)}).TaskID
	d := recurring("day", "FREQ=DAILY", task.ModeSchedule, monday)
	d.ParentID = &id
	day := b.do(t, who, task.Create{Draft: d}).TaskID
	second := b.next(t, w, who, day)
	next := b.next(t, w, who, id)
	below := b.children(t, who, next.ID)
	if len(below) != 1 || below[0].Completed || !below[0].DueAt.Equal(second.DueAt.AddDate(0, 0, 7)) || below[0].SeriesID != nil {
		t.Errorf("%+v", below)
	}
}

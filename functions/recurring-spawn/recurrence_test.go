package function

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/userlog/userlogtest"
)

// deliver delivers events of a user to the function in one delivery, in the form of the topic. What the function ignores unread
// would have no effect, and func.yaml names the types of the others.
func deliver(ctx context.Context, log *userlog.Log, entries ...task.Event) error {
	description, err := os.ReadFile("func.yaml")
	if err != nil {
		return err
	}
	declared := regexp.MustCompile(`taskwire.dev/event-types: (.*)`).FindSubmatch(description)
	if declared == nil {
		return errors.New("func.yaml does not say which types of events the function handles")
	}
	types := strings.Split(string(declared[1]), ", ")
	events := make([]cloudevents.Event, len(entries))
	for i, e := range entries {
		record := cloudevent.TaskEvent(e)
		event, err := cloudevent.Parse(record)
		if err != nil {
			return err
		}
		events[i] = event
		sketch, ok := cloudevent.Glance(record)
		if effect, err := spawns(events[i : i+1]); err != nil || !ok || unrelated(sketch) && effect != nil {
			return fmt.Errorf("%s: sketched: %v, ignored: %v, effect %v, %w", record, ok, unrelated(sketch), effect, err)
		} else if effect != nil && !slices.Contains(types, event.Type()) {
			return fmt.Errorf("%s has an effect, and func.yaml names only %v", event.Type(), types)
		}
	}
	changes, err := spawns(events)
	if err != nil {
		return err
	}
	return log.DoAll(ctx, changes)
}

func recurring(title, rule, mode string, due time.Time) task.Draft {
	d := userlogtest.Draft(title)
	d.DueAt, d.Recurrence = &due, &task.Recurrence{RRule: rule, Mode: mode}
	return d
}

// monday is in the future, at 09:00 in Berlin.
var monday = time.Date(2098, 3, 24, 8, 0, 0, 0, time.UTC)

func TestACompletedOccurrenceIsFollowedByTheNext(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who := b.NewLog(t, "taskwire_worker"), userlogtest.Principal()
	setZone(t, b, who, "Europe/Berlin")
	d := recurring("Water the plants", "FREQ=WEEKLY;BYDAY=MO", task.ModeSchedule, monday)
	project := "Home"
	d.Description, d.Priority, d.Project, d.Tags, d.Reminders = "all of them", 3, &project, []string{"garden"}, []task.Reminder{"PT1H"}
	root := b.Do(t, who, task.Create{Draft: d})
	cellar := userlogtest.Draft("the cellar")
	cellar.ParentID = &root.TaskID
	cellarDue := monday.Add(26 * time.Hour)
	cellar.DueAt = &cellarDue
	below := b.Do(t, who, task.Create{Draft: cellar})
	deeper := userlogtest.Draft("the corner")
	deeper.ParentID = &below.TaskID
	b.Do(t, who, task.Create{Draft: deeper})
	b.Do(t, who, task.SetCompleted{ID: below.TaskID, Completed: true})

	done := b.Do(t, who, task.SetCompleted{ID: root.TaskID, Completed: true})
	want := monday.AddDate(0, 0, 7).Add(-time.Hour) // summer time has begun
	if done.Next == nil || done.Next.At == nil || !done.Next.At.Equal(want) {
		t.Fatalf("next: %+v, want %v", done.Next, want)
	}
	if err := deliver(t.Context(), log, *done.Event); err != nil {
		t.Fatal(err)
	}
	next := b.Task(t, who, task.SuccessorID(root.TaskID))
	if next == nil {
		t.Fatal("no successor was made")
	}
	if !next.DueAt.Equal(want) || next.Completed || next.Title != d.Title || next.Description != d.Description || next.Priority != d.Priority ||
		*next.Project != project || !slices.Equal(next.Tags, d.Tags) || !slices.Equal(next.Reminders, d.Reminders) ||
		*next.Recurrence != *d.Recurrence || *next.SeriesID != root.TaskID || !next.Occurrence.Equal(want) || next.Version != 1 {
		t.Errorf("%+v", next)
	}
	if next.ID.Version() != 5 {
		t.Errorf("id %s", next.ID)
	}
	first := b.Task(t, who, root.TaskID)
	if !first.Completed || *first.SeriesID != root.TaskID || !first.Occurrence.Equal(monday) {
		t.Errorf("%+v", first)
	}
	subtasks := children(t, b, who, next.ID)
	if len(subtasks) != 1 || subtasks[0].Title != "the cellar" || subtasks[0].Completed || !subtasks[0].DueAt.Equal(cellarDue.AddDate(0, 0, 7).Add(-time.Hour)) {
		t.Fatalf("%+v", subtasks)
	}
	if corner := children(t, b, who, subtasks[0].ID); len(corner) != 1 || corner[0].Title != "the corner" {
		t.Errorf("%+v", corner)
	}
	for _, actor := range actors(t, b, who, next.ID) {
		if actor != "system:recurring-spawn" {
			t.Errorf("made by %s", actor)
		}
	}
}

// setZone changes the time zone of the user's preferences.
func setZone(t *testing.T, b *userlogtest.Bundle, who token.Principal, zone string) {
	t.Helper()
	p := preference.Default()
	p.Timezone = zone
	if _, err := b.Log.Do(t.Context(), userlog.SetPreferences(who, &preference.Versioned{Preferences: p})); err != nil {
		t.Fatal(err)
	}
}

// A series stays in the zone in which it was written: after a change of the preference, the Monday of the old zone
// would be followed by that of the new one.
func TestAUserWhoMovesGetsNoExtraOccurrence(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who := b.NewLog(t, "taskwire_worker"), userlogtest.Principal()
	setZone(t, b, who, "Pacific/Auckland")
	monday := time.Date(2098, 3, 23, 20, 0, 0, 0, time.UTC) // 09:00 in Auckland, 13:00 on Sunday in Los Angeles
	id := b.Do(t, who, task.Create{Draft: recurring("weekly", "FREQ=WEEKLY;BYDAY=MO", task.ModeSchedule, monday)}).TaskID
	setZone(t, b, who, "America/Los_Angeles")
	second := successor(t, b, log, who, id)
	if want := monday.AddDate(0, 0, 7); !second.DueAt.Equal(want) {
		t.Errorf("the next is due at %v, want %v", second.DueAt, want)
	}
	if third := successor(t, b, log, who, second.ID); third.DueAt.Sub(*second.DueAt) < 6*24*time.Hour {
		t.Errorf("then at %v, after %v", third.DueAt, second.DueAt)
	}
}

func children(t *testing.T, b *userlogtest.Bundle, who token.Principal, parent uuid.UUID) (below []*task.Task) {
	t.Helper()
	for _, x := range b.Tasks(t, who) {
		if x.ParentID != nil && *x.ParentID == parent {
			below = append(below, x)
		}
	}
	return below
}

func actors(t *testing.T, b *userlogtest.Bundle, who token.Principal, id uuid.UUID) (actors []string) {
	t.Helper()
	for _, e := range b.Events(t, who) {
		if e.TaskID == id {
			actors = append(actors, e.Actor)
		}
	}
	return actors
}

func TestCountEndsASeriesInBothModes(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log := b.NewLog(t, "taskwire_worker")
	for _, mode := range []string{task.ModeSchedule, task.ModeCompletion} {
		who := userlogtest.Principal()
		id := b.Do(t, who, task.Create{Draft: recurring("thrice", "FREQ=DAILY;COUNT=3", mode, monday)}).TaskID
		n := 0
		for id != uuid.Nil {
			done := b.Do(t, who, task.SetCompleted{ID: id, Completed: true})
			if err := deliver(t.Context(), log, *done.Event); err != nil {
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
		if b.Task(t, who, task.SuccessorID(id)) != nil {
			t.Errorf("%s: a fourth is there", mode)
		}
	}
}

func TestReopeningWithdrawsAnUntouchedSuccessor(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log := b.NewLog(t, "taskwire_worker")
	for name, c := range map[string]struct {
		between func(who token.Principal, successor uuid.UUID)
		stays   bool
	}{
		"untouched": {func(token.Principal, uuid.UUID) {}, false},
		"renamed": {func(who token.Principal, id uuid.UUID) {
			d := recurring("mine now", "FREQ=DAILY", task.ModeSchedule, monday)
			b.Do(t, who, task.Replace{ID: id, Draft: d})
		}, true},
		"its subtask done": {func(who token.Principal, id uuid.UUID) {
			b.Do(t, who, task.SetCompleted{ID: children(t, b, who, id)[0].ID, Completed: true})
		}, true},
		"with a new subtask": {func(who token.Principal, id uuid.UUID) {
			d := userlogtest.Draft("new")
			d.ParentID = &id
			b.Do(t, who, task.Create{Draft: d})
		}, true},
		"commented on":             {func(who token.Principal, id uuid.UUID) { comment(t, b, who, id) }, true},
		"its subtask commented on": {func(who token.Principal, id uuid.UUID) { comment(t, b, who, children(t, b, who, id)[0].ID) }, true},
		"done too":                 {func(who token.Principal, id uuid.UUID) { b.Do(t, who, task.SetCompleted{ID: id, Completed: true}) }, true},
	} {
		who := userlogtest.Principal()
		id := b.Do(t, who, task.Create{Draft: recurring(name, "FREQ=DAILY", task.ModeSchedule, monday)}).TaskID
		d := userlogtest.Draft("part")
		d.ParentID = &id
		b.Do(t, who, task.Create{Draft: d})
		for round := range 3 {
			done := b.Do(t, who, task.SetCompleted{ID: id, Completed: true})
			if err := deliver(t.Context(), log, *done.Event); err != nil {
				t.Fatal(err)
			}
			next := task.SuccessorID(id)
			if b.Task(t, who, next) == nil {
				t.Fatalf("%s, round %d: no successor", name, round)
			}
			if n := len(children(t, b, who, next)); n != 1 && round == 0 {
				t.Fatalf("%s: %d subtasks", name, n)
			}
			if round == 0 || !c.stays {
				c.between(who, next)
			}
			b.Do(t, who, task.SetCompleted{ID: id})
			if stays := b.Task(t, who, next) != nil; stays != c.stays {
				t.Errorf("%s, round %d: the successor stays: %t", name, round, stays)
			}
			// The event again, now that the task has been reopened.
			again := *done.Event
			again.ID = uuid.Must(uuid.NewV7())
			if err := deliver(t.Context(), log, again); err != nil {
				t.Fatal(err)
			}
			if c.stays != (b.Task(t, who, next) != nil) {
				t.Errorf("%s, round %d: a late event made a successor of an open task", name, round)
			}
		}
	}
}

// If the clocks of two replicas differ slightly, an occurrence that one of them withdrew is not mistaken for one that the user deleted.
func TestACompletionByAReplicaWhoseClockIsBehindContinuesTheSeries(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who := b.NewLog(t, "taskwire_worker"), userlogtest.Principal()
	id := b.Do(t, who, task.Create{Draft: recurring("again", "FREQ=DAILY", task.ModeSchedule, monday)}).TaskID
	successor(t, b, log, who, id)
	b.Do(t, who, task.SetCompleted{ID: id})
	b.Exec(t, `UPDATE task SET updated_at = updated_at + interval '10 seconds', deleted_at = deleted_at + interval '10 seconds'`)
	reopened := b.Task(t, who, id).UpdatedAt
	if completed := b.Do(t, who, task.SetCompleted{ID: id, Completed: true}).Event; !completed.Time.After(reopened) {
		t.Errorf("completed at %v, after it was reopened at %v", completed.Time, reopened)
	} else if err := deliver(t.Context(), log, *completed); err != nil {
		t.Fatal(err)
	}
	if b.Task(t, who, task.SuccessorID(id)) == nil {
		t.Error("the series has ended")
	}
	// A clock that is wrong by more is not followed.
	b.Exec(t, `UPDATE task SET updated_at = updated_at + interval '1 year' WHERE id = $1`, id)
	if e := b.Do(t, who, task.SetCompleted{ID: id}).Event; e.Time.After(time.Now().Add(time.Hour)) {
		t.Errorf("reopened at %v", e.Time)
	}
}

// comment adds a comment to a task, which leaves its version and its time of change as they are.
func comment(t *testing.T, b *userlogtest.Bundle, who token.Principal, id uuid.UUID) {
	t.Helper()
	b.Exec(t, `INSERT INTO comment (user_id, id, task_id, text, actor, created_at) VALUES ($1, gen_random_uuid(), $2, 'mine', $3, now())`, who.UserID, id, who.Actor())
	b.Exec(t, `UPDATE task SET comments = 1, comment_bytes = 4 WHERE user_id = $1 AND id = $2`, who.UserID, id)
}

func TestADeletedSuccessorStaysDeleted(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who := b.NewLog(t, "taskwire_worker"), userlogtest.Principal()
	id := b.Do(t, who, task.Create{Draft: recurring("skip one", "FREQ=DAILY", task.ModeSchedule, monday)}).TaskID
	done := b.Do(t, who, task.SetCompleted{ID: id, Completed: true}).Event
	if err := deliver(t.Context(), log, *done); err != nil {
		t.Fatal(err)
	}
	b.Do(t, who, task.Delete{ID: task.SuccessorID(id)})
	other := *done // as if the event of an earlier completion arrived only now
	other.ID = uuid.Must(uuid.NewV7())
	for _, e := range []task.Event{*done, other} {
		if err := deliver(t.Context(), log, e); err != nil {
			t.Fatal(err)
		}
		if b.Task(t, who, task.SuccessorID(id)) != nil {
			t.Fatal("what its user has deleted came back")
		}
	}
}

// successor completes a task, waits for its successor, and returns it.
func successor(t *testing.T, b *userlogtest.Bundle, log *userlog.Log, who token.Principal, id uuid.UUID) *task.Task {
	t.Helper()
	done := b.Do(t, who, task.SetCompleted{ID: id, Completed: true})
	if err := deliver(t.Context(), log, *done.Event); err != nil {
		t.Fatal(err)
	}
	next := b.Task(t, who, task.SuccessorID(id))
	if next == nil {
		t.Fatal("no successor was made")
	}
	if want := done.Next.Occurrence(); !next.Occurrence.Equal(*want) {
		t.Errorf("it is due at %v, and %v was answered", next.Occurrence, want)
	}
	return next
}

func TestWhatWasMissedIsNotMadeUpFor(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who := b.NewLog(t, "taskwire_worker"), userlogtest.Principal()
	due := time.Now().UTC().Truncate(time.Second).AddDate(0, 0, -10).Add(-time.Hour)
	id := b.Do(t, who, task.Create{Draft: recurring("daily", "FREQ=DAILY", task.ModeSchedule, due)}).TaskID
	if next := successor(t, b, log, who, id); !next.DueAt.Equal(due.AddDate(0, 0, 11)) {
		t.Errorf("due at %v, want the first in the future, %v", next.DueAt, due.AddDate(0, 0, 11))
	}
}

func TestWithoutADueDateTheNextIsAllDay(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who := b.NewLog(t, "taskwire_worker"), userlogtest.Principal()
	d := userlogtest.Draft("whenever")
	tokyo := "Asia/Tokyo"
	d.Timezone, d.Recurrence = &tokyo, &task.Recurrence{RRule: "FREQ=DAILY;INTERVAL=3", Mode: task.ModeSchedule}
	id := b.Do(t, who, task.Create{Draft: d}).TaskID
	zone, _ := time.LoadLocation(tokyo)
	before := time.Now().In(zone)
	next := successor(t, b, log, who, id)
	y, m, day := before.AddDate(0, 0, 3).Date()
	want := time.Date(y, m, day, 0, 0, 0, 0, zone)
	if !next.DueAt.Equal(want) && !next.DueAt.Equal(want.AddDate(0, 0, 1)) { // midnight may have passed meanwhile
		t.Errorf("due at %v, want %v", next.DueAt.In(zone), want)
	}
	if again := successor(t, b, log, who, next.ID); !again.DueAt.Equal(next.DueAt.AddDate(0, 0, 3)) {
		t.Errorf("then at %v", again.DueAt.In(zone))
	}
}

// Of a recurring subtask with completed occurrences, only the last occurrence is copied.
func TestARecurringSubtaskIsHandedOnOnce(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who := b.NewLog(t, "taskwire_worker"), userlogtest.Principal()
	id := b.Do(t, who, task.Create{Draft: recurring("week", "FREQ=WEEKLY", task.ModeSchedule, monday)}).TaskID
	d := recurring("day", "FREQ=DAILY", task.ModeSchedule, monday)
	d.ParentID = &id
	day := b.Do(t, who, task.Create{Draft: d}).TaskID
	second := successor(t, b, log, who, day)
	next := successor(t, b, log, who, id)
	below := children(t, b, who, next.ID)
	if len(below) != 1 || below[0].Completed || !below[0].DueAt.Equal(second.DueAt.AddDate(0, 0, 7)) || below[0].SeriesID != nil {
		t.Errorf("%+v", below)
	}
}

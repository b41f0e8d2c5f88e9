package task_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/search"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/task/tasktest"
)

func TestCreate_WithAChosenID_HappensOnce(t *testing.T) {
	t.Parallel()
	b := tasktest.NewBook()
	id := uuid.Must(uuid.NewV7())
	create := task.Create{ID: id, Draft: tasktest.Draft("Buy milk")}
	first, err := b.Do(create)
	if err != nil || first.TaskID != id || first.Task.ID != id {
		t.Fatalf("%+v, %v", first, err)
	}
	if _, err := b.Do(task.Replace{ID: id, Draft: tasktest.Draft("Buy oat milk")}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Do(task.Delete{ID: id}); err != nil {
		t.Fatal(err)
	}
	again, err := b.Do(create)
	if err != nil || again.Event.ID != first.Event.ID || len(task.Diff(again.Task, first.Task)) > 0 || again.Task.Version != 1 {
		t.Errorf("the same task again, changed and deleted since: %+v, %v", again, err)
	}
	if len(b.Log) != 3 {
		t.Errorf("%d events, want created, updated and deleted", len(b.Log))
	}
	for name, other := range map[string]task.Draft{
		"another title":     tasktest.Draft("Buy oat milk"),
		"another position":  {Title: "Buy milk", Tags: []string{}, Position: "Zz"},
		"another parent":    {Title: "Buy milk", Tags: []string{}, ParentID: &id},
		"already completed": {Title: "Buy milk", Tags: []string{}, Completed: true},
	} {
		if _, err := b.Do(task.Create{ID: id, Draft: other}); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What its names are called by now does not matter, and the repetition makes none exist.
func TestCreate_Again_AfterItsNamesHaveChanged(t *testing.T) {
	t.Parallel()
	id := uuid.Must(uuid.NewV7())
	home, kitchen := "home", "kitchen"
	create := task.Create{ID: id, Draft: task.Draft{Title: "a", Project: &home, Section: &kitchen, Tags: []string{"errand", "Errand"}}}
	first := &task.Ledger{NewID: uuid.New, Now: time.Now()}
	load := func(l *task.Ledger, project, section, tag string) {
		l.LoadSpelling(search.ProjectName(home), project)
		l.LoadSpelling(search.SectionName(home, kitchen), section)
		l.LoadSpelling(search.TagName("errand"), tag)
	}
	load(first, "", "", "")
	made, err := create.Apply(first)
	if err != nil || len(made.Task.Tags) != 1 || len(first.Spelled()) != 3 {
		t.Fatalf("%+v, %v", made.Task, err)
	}
	repeat := func(c task.Create, project, section, tag string) (task.Outcome, error) {
		t.Helper()
		l := &task.Ledger{NewID: uuid.New, Now: time.Now()}
		l.LoadCreated(made.Event)
		load(l, project, section, tag)
		o, err := c.Apply(l)
		if made := l.Spelled(); len(made) > 0 || len(l.Events()) > 0 {
			t.Errorf("the repetition made %v", made)
		}
		return o, err
	}
	for _, now := range [][3]string{{"Home", "Kitchen", "Errand"}, {"", "", ""}} { // renamed in case, or to another name
		if again, err := repeat(create, now[0], now[1], now[2]); err != nil || *again.Task.Project != home {
			t.Errorf("%q: %+v, %v", now, again.Task, err)
		}
	}
	garden := "garden"
	for _, change := range []func(*task.Draft){
		func(d *task.Draft) { d.Project = &garden }, func(d *task.Draft) { d.Section = &garden }, func(d *task.Draft) { d.Tags = nil },
		func(d *task.Draft) { d.Project, d.Section = nil, nil },
	} {
		other := create
		change(&other.Draft)
		if _, err := repeat(other, home, kitchen, "errand"); !fault.Is(err, fault.Conflict) {
			t.Errorf("%+v: %v", other.Draft, err)
		}
	}
}

func TestCreate_WithAnothersID_IsAConflict(t *testing.T) {
	t.Parallel()
	id := uuid.Must(uuid.NewV7())
	l := &task.Ledger{NewID: uuid.New}
	l.LoadTaken(id)
	if _, err := (task.Create{ID: id, Draft: tasktest.Draft("x")}).Apply(l); !fault.Is(err, fault.Conflict) {
		t.Error(err)
	}
	if _, err := (task.Create{Draft: tasktest.Draft("x")}).Apply(l); err != nil {
		t.Errorf("without an id: %v", err)
	}
}

func TestARecurringTaskAtAMomentKeepsTheZoneInWhichItWasWritten(t *testing.T) {
	t.Parallel()
	b := tasktest.NewBook()
	b.Timezone = "Europe/Berlin"
	due := time.Date(2026, 12, 7, 8, 0, 0, 0, time.UTC)
	d := tasktest.Draft("Weekly report")
	d.DueAt, d.Recurrence = &due, &task.Recurrence{RRule: "FREQ=WEEKLY;BYDAY=MO", Mode: task.ModeSchedule}
	create := task.Create{ID: uuid.Must(uuid.NewV7()), Draft: d}
	made, err := b.Do(create)
	if err != nil || made.Task.Timezone == nil || *made.Task.Timezone != "Europe/Berlin" {
		t.Fatalf("%+v, %v", made.Task, err)
	}
	b.Timezone = "Pacific/Kiritimati"
	if again, err := b.Do(create); err != nil || again.Event.ID != made.Event.ID {
		t.Errorf("the same task again, in another zone: %+v, %v", again, err)
	}
	once := tasktest.Draft("Once")
	once.DueAt = &due
	made, err = b.Do(task.Create{Draft: once})
	if err != nil || made.Task.Timezone != nil {
		t.Fatalf("a task that does not recur: %+v, %v", made.Task, err)
	}
	once.Recurrence = d.Recurrence
	if o, err := b.Do(task.Replace{ID: made.TaskID, Draft: once}); err != nil || *o.Task.Timezone != "Pacific/Kiritimati" {
		t.Errorf("it recurs from now on: %+v, %v", o.Task, err)
	}
}

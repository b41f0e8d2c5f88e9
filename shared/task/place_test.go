package task_test

import (
	"testing"
	"time"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/task/tasktest"
)

// The zone belongs to the series. One of days has none, and an occurrence of it that gets a time does not give it one.
func TestTheZoneOfOneOccurrence(t *testing.T) {
	t.Parallel()
	day, _ := task.ParseDate("2026-11-02")
	at, tokyo := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), "Asia/Tokyo"
	setUp := func(due *task.Date) (*tasktest.Book, task.Replace) {
		t.Helper()
		b := tasktest.NewBook()
		b.Timezone = "Europe/Berlin"
		d := tasktest.Draft("daily")
		d.DueDate, d.Recurrence = due, &task.Recurrence{RRule: "FREQ=DAILY", Mode: task.ModeSchedule}
		o, err := b.Do(task.Create{Draft: d})
		if err != nil {
			t.Fatal(err)
		}
		return b, task.Replace{ID: o.TaskID, Draft: d, Scope: task.ScopeThis}
	}
	for name, due := range map[string]*task.Date{"of days": &day, "without dates": nil} {
		b, edit := setUp(due)
		edit.Draft.Timezone = &tokyo
		if _, err := b.Do(edit); !fault.Is(err, fault.Invalid) {
			t.Errorf("a series %s gets a zone by one occurrence: %v", name, err)
		}
	}
	for name, zone := range map[string]*string{"named": &tokyo, "the user's": nil} {
		b, edit := setUp(&day)
		edit.Draft.DueDate, edit.Draft.DueAt, edit.Draft.Timezone = nil, &at, zone
		o, err := b.Do(edit)
		if err != nil {
			t.Fatal(name, err)
		}
		if o.Task.Timezone == nil || o.Task.Usual().Timezone != nil {
			t.Errorf("%s: %v, and later ones have %v", name, o.Task.Timezone, o.Task.Usual().Timezone)
		}
		back := edit
		back.Draft.DueAt, back.Draft.DueDate, back.Draft.Timezone = nil, &day, nil
		if o, err := b.Do(back); err != nil || len(o.Task.Series.Differs) > 0 {
			t.Errorf("%s, and back again: %+v, %v", name, o.Task, err)
		}
		if o, err = b.Do(edit); err != nil {
			t.Fatal(name, err)
		}
		later := at.Add(time.Hour)
		edit.Draft.DueAt, edit.Draft.Timezone, edit.Scope = &later, o.Task.Timezone, task.ScopeFollowing
		if o, err = b.Do(edit); err != nil || *o.Task.Usual().Timezone != *o.Task.Timezone {
			t.Errorf("%s, for all later ones too: %+v, %v", name, o.Task, err)
		}
	}
}

package task_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/task/tasktest"
)

func TestCreate_WithTheTimesOfAnImport(t *testing.T) {
	t.Parallel()
	b := tasktest.NewBook()
	plain, err := b.Do(task.Create{Draft: tasktest.Draft("Now")})
	if err != nil {
		t.Fatal(err)
	}
	now := plain.Task.UpdatedAt
	at := func(d time.Duration) *time.Time { t := now.Add(d); return &t }
	for name, c := range map[string]struct {
		stamps             task.Stamps
		open               bool
		created, completed time.Duration // from now
	}{
		"both":                          {stamps: task.Stamps{CreatedAt: at(-48 * time.Hour), CompletedAt: at(-24 * time.Hour)}, created: -48 * time.Hour, completed: -24 * time.Hour},
		"created, open":                 {stamps: task.Stamps{CreatedAt: at(-time.Hour)}, open: true, created: -time.Hour},
		"created, completed now":        {stamps: task.Stamps{CreatedAt: at(-time.Hour)}, created: -time.Hour},
		"completed before it was known": {stamps: task.Stamps{CompletedAt: at(-time.Hour)}, created: -time.Hour, completed: -time.Hour},
		"a clock ahead":                 {stamps: task.Stamps{CreatedAt: at(time.Hour)}, created: time.Hour, completed: time.Hour},
		"none":                          {},
	} {
		draft := tasktest.Draft(name)
		draft.Completed = !c.open
		create := task.Create{ID: uuid.Must(uuid.NewV7()), Draft: draft, Stamps: c.stamps}
		o, err := b.Do(create)
		if err != nil {
			t.Fatal(err)
		}
		base := o.Task.UpdatedAt // the book's clock moves on
		near := func(got time.Time, want time.Duration) bool { return got.Sub(base.Add(want)).Abs() < time.Minute }
		if !near(o.Task.CreatedAt, c.created) || c.open != (o.Task.CompletedAt == nil) || !c.open && !near(*o.Task.CompletedAt, c.completed) {
			t.Errorf("%s: created %v, completed %v, now %v", name, o.Task.CreatedAt, o.Task.CompletedAt, base)
		}
		if again, err := b.Do(create); err != nil || again.Event.ID != o.Event.ID {
			t.Errorf("%s again: %+v, %v", name, again, err)
		}
		create.CreatedAt = at(-1000 * time.Hour)
		if _, err := b.Do(create); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s with another time: %v", name, err)
		}
	}
}

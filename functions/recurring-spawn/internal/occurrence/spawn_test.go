package occurrence

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"taskwire.dev/shared/task"
	"taskwire.dev/shared/task/tasktest"
)

// Whatever is done with a series below a parent, and however late its next occurrence is made: it can be seen.
func TestNothingIsOpenBelowADeletedTask(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := tasktest.NewBook()
		ids := family(t, b)
		for range rapid.IntRange(1, 25).Draw(t, "commands") {
			commands := []task.Command{drawCommand(t, b, ids)}
			if rapid.Bool().Draw(t, "delivered") {
				for _, id := range ids {
					commands = append(commands, Spawn{ID: id})
				}
			}
			for _, c := range commands {
				o, err := b.Do(c)
				if err == nil && o.TaskID != uuid.Nil && !slices.Contains(ids, o.TaskID) {
					ids = append(ids, o.TaskID)
				}
				visible(t, b, c)
			}
		}
	})
}

// visible fails the test if a task is open below a deleted one.
func visible(t *rapid.T, b *tasktest.Book, after task.Command) {
	for _, x := range b.Tasks {
		if x.ParentID == nil || x.DeletedAt != nil {
			continue
		}
		if p := b.Tasks[*x.ParentID]; p == nil || p.DeletedAt != nil {
			t.Fatalf("after %T %+v: %s is open below %s", after, after, x.ID, *x.ParentID)
		}
	}
}

// drawCommand draws any command, and often one that has to do with where the next occurrence belongs.
func drawCommand(t *rapid.T, b *tasktest.Book, ids []uuid.UUID) task.Command {
	id := rapid.SampledFrom(ids).Draw(t, "of")
	switch rapid.IntRange(0, 4).Draw(t, "kind") {
	case 0:
		return task.SetCompleted{ID: id, Completed: true}
	case 1:
		x := b.Tasks[id]
		moved := task.Draft{Title: x.Title, Tags: x.Tags, DueAt: x.DueAt, Timezone: x.Timezone, Recurrence: x.Recurrence}
		return task.Replace{ID: id, Draft: moved, Scope: task.ScopeThis}
	default:
		return tasktest.DrawCommand(t, ids)
	}
}

// family creates a task, a series below it, and a subtask of that.
func family(t *rapid.T, b *tasktest.Book) []uuid.UUID {
	due := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	daily := tasktest.Draft("series")
	daily.DueAt, daily.Recurrence = &due, &task.Recurrence{RRule: "FREQ=DAILY;COUNT=3", Mode: task.ModeSchedule}
	var ids []uuid.UUID
	for _, d := range []task.Draft{tasktest.Draft("parent"), daily, tasktest.Draft("subtask")} {
		if len(ids) > 0 {
			d.ParentID = &ids[len(ids)-1]
		}
		o, err := b.Do(task.Create{Draft: d})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, o.TaskID)
	}
	return ids
}

package function

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/userlog/userlogtest"
)

// The next occurrence comes with all of its subtasks, however many there are and however long they are.
func TestManyOrLongSubtasksAreCopied(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		subtasks    int
		description string
	}{
		"many": {700, ""},
		"long": {260, strings.Repeat("x", task.MaxDescription)}, // 5 MB
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, who := userlogtest.Setup(t, pgtest.New(t)), userlogtest.Principal()
			log := b.NewLog(t, "taskwire_worker")
			id := b.Do(t, who, task.Create{Draft: recurring("again", "FREQ=DAILY", task.ModeSchedule, time.Now().Add(time.Hour).UTC().Truncate(time.Second))}).TaskID
			b.AddSubtasks(t, who, id, c.subtasks, c.description)
			b.Do(t, who, task.SetCompleted{ID: id, Completed: true})
			completion := b.Events(t, who)[1]
			if err := deliver(t.Context(), log, completion); err != nil {
				t.Fatal(err)
			}
			next := task.SuccessorID(id)
			copies := children(t, b, who, next)
			sources := children(t, b, who, id)
			if b.Task(t, who, next) == nil || len(copies) != c.subtasks || len(sources) != c.subtasks {
				t.Fatalf("%d copies of %d subtasks", len(copies), len(sources))
			}
			ids := map[uuid.UUID]*task.Task{}
			for _, t := range copies {
				ids[t.ID] = t
			}
			for i, source := range sources {
				got := ids[task.CopyID(source.ID, next)]
				if got == nil || got.Title != source.Title || got.Description != c.description || got.Completed {
					t.Fatalf("subtask %d was copied as %+v", i, got)
				}
			}
			if !slices.IsSortedFunc(copies, func(a, b *task.Task) int { return strings.Compare(a.Position, b.Position) }) {
				t.Error("the copies have another order")
			}
			// Reopening takes back all of them, as long as none was changed, and completing brings them again.
			b.Do(t, who, task.SetCompleted{ID: id})
			if left := children(t, b, who, next); len(left) > 0 || b.Task(t, who, next) != nil {
				t.Errorf("%d copies are left after reopening", len(left))
			}
			b.Do(t, who, task.SetCompleted{ID: id, Completed: true})
			events := b.Events(t, who)
			if err := deliver(t.Context(), log, events[len(events)-1]); err != nil {
				t.Fatal(err)
			}
			if again := children(t, b, who, next); len(again) != c.subtasks || again[0].Description != c.description {
				t.Errorf("%d copies after another completion", len(again))
			}
		})
	}
}

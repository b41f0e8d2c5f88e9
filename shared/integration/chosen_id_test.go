package integration

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

func TestAChosenIDIsOneTasks_WhoeverIsFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	users := make([]token.Principal, 8)
	for i := range users {
		users[i] = principal()
		b.Do(t, users[i], task.Create{Draft: draft("opens the stream")})
	}
	for range 20 {
		create := task.Create{ID: uuid.Must(uuid.NewV7()), Draft: draft("mine")}
		var created, taken atomic.Int32
		var wg sync.WaitGroup
		for _, who := range users {
			wg.Go(func() {
				switch _, err := b.execute(t.Context(), who, idempotency.Key{}, create, ok); {
				case err == nil:
					created.Add(1)
				case fault.Is(err, fault.Conflict):
					taken.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if created.Load() != 1 || int(taken.Load()) != len(users)-1 {
			t.Fatalf("%d users created it, %d were refused", created.Load(), taken.Load())
		}
	}
}

func TestTwoDevicesWithOneChosenIDMakeOneTask(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := principal()
	create := task.Create{ID: uuid.Must(uuid.NewV7()), Draft: draft("once")}
	var wg sync.WaitGroup
	events := make([]uuid.UUID, 8)
	for i := range events {
		wg.Go(func() { events[i] = b.Do(t, who, create).Event.ID })
	}
	wg.Wait()
	for _, id := range events {
		if id != events[0] {
			t.Errorf("answered with the event %s and with %s", events[0], id)
		}
	}
	if log := b.Events(t, who); len(log) != 1 {
		t.Errorf("%d events", len(log))
	}
}

func TestAChosenIDIsNotFreeAgainAfterThePurge(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := principal()
	create := task.Create{ID: uuid.Must(uuid.NewV7()), Draft: draft("deleted long ago")}
	first := b.Do(t, who, create)
	b.Do(t, who, task.Delete{ID: create.ID})
	b.Exec(t, `DELETE FROM task WHERE id = $1`, create.ID)
	if again := b.Do(t, who, create); again.Event.ID != first.Event.ID {
		t.Errorf("the same task again: %+v", again)
	}
	create.Draft.Title = "another"
	if _, err := b.execute(t.Context(), who, idempotency.Key{}, create, ok); !fault.Is(err, fault.Conflict) {
		t.Errorf("another task: %v", err)
	}
}

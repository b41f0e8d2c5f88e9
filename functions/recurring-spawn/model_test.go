package function

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/userlog/userlogtest"
)

// Whatever the order of events, however often they arrive, and on any number of devices and replicas: in the end each
// completed occurrence has exactly one successor, and an open one has none, except one that was changed since.
func TestExactlyOneSuccessorWhateverHappens(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	replicas := []*userlog.Log{b.NewLog(t, "taskwire_worker"), b.NewLog(t, "taskwire_worker")}
	outer := t
	rapid.Check(t, func(t *rapid.T) {
		who := userlogtest.Principal()
		do := func(cmd task.Command) task.Outcome { return b.Do(outer, who, cmd) }
		mode := rapid.SampledFrom([]string{task.ModeSchedule, task.ModeCompletion}).Draw(t, "mode")
		ids := []uuid.UUID{do(task.Create{Draft: recurring("again", "FREQ=DAILY", mode, monday)}).TaskID}
		var topic []task.Event
		var skipped []uuid.UUID
		for range rapid.IntRange(1, 14).Draw(t, "steps") {
			id := rapid.SampledFrom(ids).Draw(t, "task")
			live := b.Task(outer, who, id)
			if live == nil {
				continue
			}
			switch rapid.IntRange(0, 7).Draw(t, "step") {
			case 0, 1: // on two devices concurrently
				var wg sync.WaitGroup
				events := make([]*task.Event, 2)
				for i := range events {
					wg.Go(func() { events[i] = do(task.SetCompleted{ID: id, Completed: true}).Event })
				}
				wg.Wait()
				for _, e := range events {
					if e != nil {
						topic = append(topic, *e)
					}
				}
			case 2:
				do(task.SetCompleted{ID: id})
			case 3: // any part of the topic again, to two replicas concurrently; some of it is killed before it commits
				from := rapid.IntRange(0, len(topic)).Draw(t, "from")
				killed, bulk := rapid.Bool().Draw(t, "killed"), rapid.Bool().Draw(t, "bulk")
				var wg sync.WaitGroup
				for _, log := range replicas {
					wg.Go(func() {
						if bulk {
							_ = deliver(context.Background(), log, topic[from:]...)
							return
						}
						for _, e := range topic[from:] {
							ctx, kill := context.WithCancel(context.Background())
							if killed {
								kill()
							}
							_ = deliver(ctx, log, e)
							kill()
						}
					})
				}
				wg.Wait()
			case 4:
				if !live.Completed {
					d := recurring(fmt.Sprint(live.Title, "!"), "FREQ=DAILY", mode, *live.DueAt)
					do(task.Replace{ID: id, Draft: d})
				}
			case 6: // skipped on two devices concurrently: the second finds nothing
				if live.Completed {
					break
				}
				var wg sync.WaitGroup
				events := make([]*task.Event, 2)
				for i := range events {
					wg.Go(func() { events[i], _ = skip(b.Log, who, id) })
				}
				wg.Wait()
				for _, e := range events {
					if e != nil {
						topic, skipped = append(topic, *e), append(skipped, id)
					}
				}
			case 7: // and undone
				if len(skipped) > 0 {
					do(task.Restore{ID: skipped[len(skipped)-1]})
				}
			case 5:
				if next := task.SuccessorID(id); !slices.Contains(ids, next) {
					ids = append(ids, next)
				}
			}
		}
		for _, log := range replicas { // in the end everything has been delivered
			for _, e := range topic {
				if err := deliver(context.Background(), log, e); err != nil {
					t.Fatal(err)
				}
			}
		}
		tasks := b.Tasks(outer, who)
		byID := map[uuid.UUID]*task.Task{}
		for _, x := range tasks {
			byID[x.ID] = x
		}
		gone := map[uuid.UUID]bool{} // skipped, and not restored
		for _, id := range skipped {
			if byID[id] == nil {
				gone[id] = true
			}
		}
		successors := 0
		for id := range gone {
			if next := task.SuccessorID(id); byID[next] == nil && !gone[next] {
				t.Fatalf("%s was skipped and has no successor", id)
			}
			successors++
		}
		for _, x := range tasks {
			next := byID[task.SuccessorID(x.ID)]
			switch {
			case x.Completed && next == nil && !gone[task.SuccessorID(x.ID)]:
				t.Fatalf("%s is completed and has no successor", x.ID)
			case !x.Completed && next != nil && next.CreatedAt.Equal(next.UpdatedAt):
				t.Fatalf("%s is open and has a successor that nobody has touched", x.ID)
			}
			if next != nil || gone[task.SuccessorID(x.ID)] {
				successors++
			}
		}
		if successors != len(tasks)+len(gone)-1 {
			t.Fatalf("%d tasks, of which %d follow another", len(tasks), successors)
		}
	})
}

// skip skips an occurrence; it returns no event when there is nothing to skip any more.
func skip(log *userlog.Log, who token.Principal, id uuid.UUID) (event *task.Event, err error) {
	change := userlog.Command(who, task.Skip{ID: id}, func(o task.Outcome) idempotency.Answer {
		event = o.Event
		return idempotency.Answer{}
	})
	_, err = log.Do(context.Background(), change)
	return event, err
}

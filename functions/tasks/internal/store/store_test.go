package store

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/functions/tasks/internal/command"
	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/userlog/userlogtest"
)

type bundle struct {
	*userlogtest.Bundle
	tasks *Tasks
}

func setup(t testing.TB) bundle {
	t.Helper()
	b := userlogtest.Setup(t, pgtest.New(t))
	return bundle{b, New(b.Pool(t, "taskwire_app"), b.Log)}
}

func ok(task.Outcome) idempotency.Answer { return idempotency.Answer{Status: 200} }

func TestConformance(t *testing.T) {
	t.Parallel()
	there := func(t *testing.T, b *userlogtest.Bundle, who token.Principal) *task.Event {
		return b.Do(t, who, task.Create{Draft: userlogtest.Draft("there")}).Event
	}
	for name, command := range map[string]func(*testing.T, *userlogtest.Bundle, token.Principal) task.Command{
		"create": func(*testing.T, *userlogtest.Bundle, token.Principal) task.Command {
			return task.Create{Draft: userlogtest.Draft("new")}
		},
		"complete": func(t *testing.T, b *userlogtest.Bundle, who token.Principal) task.Command {
			return task.SetCompleted{ID: there(t, b, who).TaskID, Completed: true}
		},
		"undo": func(t *testing.T, b *userlogtest.Bundle, who token.Principal) task.Command {
			return command.Undo{Events: []task.Event{*there(t, b, who)}}
		},
		"batch": func(t *testing.T, b *userlogtest.Bundle, who token.Principal) task.Command {
			return command.Batch{task.Create{Draft: userlogtest.Draft("new")}, task.Delete{ID: there(t, b, who).TaskID}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			userlogtest.Run(t, func(t testing.TB) userlogtest.Database { return pgtest.New(t) }, userlogtest.Command{
				Role: "taskwire_app",
				Prepare: func(t *testing.T, b *userlogtest.Bundle, who token.Principal) userlogtest.Deliver {
					cmd, key := command(t, b, who), idempotency.Key{Name: "key:" + uuid.NewString()}
					return func(ctx context.Context, pool *postgres.Pool, log *userlog.Log) error {
						_, err := New(pool, log).Execute(ctx, who, key, cmd, ok)
						return err
					}
				},
			})
		})
	}
}

func TestGetAndHistoryAreTheUsersOwn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	alice, mallory := userlogtest.Principal(), userlogtest.Principal()
	id := b.Do(t, alice, task.Create{Draft: userlogtest.Draft("secret")}).TaskID
	b.Do(t, alice, task.SetCompleted{ID: id, Completed: true})
	b.Do(t, alice, task.Create{Draft: userlogtest.Draft("other")})
	if got, err := b.tasks.Get(t.Context(), alice, id); err != nil || got.Title != "secret" || !got.Completed {
		t.Errorf("%+v, %v", got, err)
	}
	if events, more, err := b.tasks.TaskHistory(t.Context(), alice, id, Span{Before: math.MaxInt64, Limit: 1}); err != nil || len(events) != 1 || !more {
		t.Errorf("%+v, %t, %v", events, more, err)
	}
	if events, more, err := b.tasks.History(t.Context(), alice, Span{After: 1, Before: math.MaxInt64, Limit: 10}); err != nil || len(events) != 2 || more || events[0].EventType != task.Completed {
		t.Errorf("%+v, %t, %v", events, more, err)
	}
	if c, err := b.tasks.Counts(t.Context(), alice); err != nil || c.Open != 1 || c.Seq != 3 {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := b.tasks.Get(t.Context(), mallory, id); !fault.Is(err, fault.NotFound) {
		t.Errorf("get: %v", err)
	}
	if _, _, err := b.tasks.TaskHistory(t.Context(), mallory, id, Span{Before: math.MaxInt64, Limit: 10}); !fault.Is(err, fault.NotFound) {
		t.Errorf("history: %v", err)
	}
}

func TestPreferencesHaveGrowingVersions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := userlogtest.Principal()
	if v, err := b.tasks.Preferences(t.Context(), who); err != nil || v.Version != 0 || v.Preferences != preference.Default() {
		t.Errorf("before the first write: %+v, %v", v, err)
	}
	var versions []int64
	for _, zone := range []string{"Europe/Berlin", "UTC", "Asia/Tokyo"} {
		p := preference.Default()
		p.Timezone = zone
		kept, err := b.tasks.SetPreferences(t.Context(), who, p)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := b.tasks.Preferences(t.Context(), who); err != nil || v != kept || v.Timezone != zone {
			t.Errorf("%+v, %v, want %+v", v, err, kept)
		}
		versions = append(versions, kept.Version)
	}
	if !slices.IsSorted(versions) || versions[0] == versions[1] || versions[1] == versions[2] {
		t.Errorf("%v", versions)
	}
	stranger := token.Principal{UserID: who.UserID, TokenID: uuid.New(), Personal: true}
	if _, err := b.tasks.Preferences(t.Context(), stranger); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("with a token that nobody has issued: %v", err)
	}
}

// live changes a user's tasks in every way.
func (b bundle) live(t *testing.T, who token.Principal) (root, child uuid.UUID) {
	t.Helper()
	root = b.Do(t, who, task.Create{Draft: userlogtest.Draft("root")}).TaskID
	below := userlogtest.Draft("child")
	below.ParentID, below.Tags = &root, []string{"a", "b"}
	child = b.Do(t, who, task.Create{Draft: below}).TaskID
	b.Do(t, who, task.SetCompleted{ID: root, Completed: true})
	b.Do(t, who, task.SetCompleted{ID: root})
	b.Do(t, who, task.Delete{ID: root})
	b.Do(t, who, task.Restore{ID: root})
	gone := b.Do(t, who, task.Create{Draft: userlogtest.Draft("gone")}).TaskID
	b.Do(t, who, task.Delete{ID: gone})
	b.Do(t, who, command.Batch{task.Create{Draft: userlogtest.Draft("one")}, task.Create{Draft: userlogtest.Draft("two")}})
	return root, child
}

func TestUndoFindsTheWholeChange(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := userlogtest.Principal()
	b.live(t, who)
	events := b.Events(t, who)
	for i, want := range map[int]int{0: 1, 2: 1, 4: 2, 5: 2, 6: 2, 7: 2, 8: 1, 10: 2, 11: 2} {
		if got, err := b.tasks.Change(t.Context(), who, events[i].ID, true); err != nil || len(got) != want {
			t.Errorf("event %d (%s) is one of %d, want %d; %v", i+1, events[i].EventType, len(got), want, err)
		}
		if got, err := b.tasks.Change(t.Context(), who, events[i].ID, false); err != nil || len(got) != 1 || got[0].ID != events[i].ID {
			t.Errorf("event %d alone: %+v, %v", i+1, got, err)
		}
		if got, err := b.tasks.Change(t.Context(), userlogtest.Principal(), events[i].ID, true); err == nil {
			t.Errorf("another user sees %+v", got)
		}
	}
}

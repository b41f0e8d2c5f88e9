package consumer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/task"
)

func TestBulk_OneUsersEventsStayInOrderAndOthersContinue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, start := setup(t), time.Now()
		b.faults["a2"] = passing
		batch := bulk(event("a1", "ada"), event("b1", "bob"), event("a2", "ada"), event("a3", "ada"), event("b2", "bob"))
		_, body := b.post(t, route, "application/json", batch)
		if got, want := statuses(t, body), []string{"SUCCESS", "SUCCESS", "RETRY", "RETRY", "SUCCESS"}; !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
		if slices.Contains(b.handled, "a3") || time.Since(start) > Hold {
			t.Errorf("after %v: handled %v", time.Since(start), b.handled)
		}
		// Dapr redelivers unfinished events. The consumer gives up on a2, which fails because of a bug, and a3 follows.
		b.faults["a2"] = errors.New("a bug")
		_, body = b.post(t, route, "application/json", bulk(event("a2", "ada"), event("a3", "ada")))
		if got := statuses(t, body); !slices.Equal(got, []string{"SUCCESS", "SUCCESS"}) {
			t.Fatal(got)
		}
		if len(b.published) != 1 || string(b.published[0].Event) != event("a2", "ada") || !slices.Contains(b.handled, "a3") {
			t.Errorf("published %+v, handled %v", b.published, b.handled)
		}
	})
}

// func-go ends a response after 30 s: a delivery ends before that however much poison it has, and the next one continues.
func TestBulk_ManyFailuresAreSpreadOverDeliveries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := setup(t)
		var rest []string
		for i := range 30 {
			id := fmt.Sprint(i)
			b.faults[id] = errors.New("a bug")
			rest = append(rest, event(id, fmt.Sprintf("user %d", i%15)))
		}
		for deliveries := 1; len(rest) > 0; deliveries++ {
			start := time.Now()
			_, body := b.post(t, route, "application/json", bulk(rest...))
			if time.Since(start) > Hold || deliveries > 10 {
				t.Fatalf("delivery %d took %v, and %d are left", deliveries, time.Since(start), len(rest))
			}
			var left []string
			for i, status := range statuses(t, body) {
				if status == "RETRY" {
					left = append(left, rest[i])
				}
			}
			rest = left
		}
		if len(b.published) != 30 {
			t.Errorf("%d dead letters", len(b.published))
		}
	})
}

// A user's events are handled together first; after a fault they are handled one by one.
func TestInBulk_AUsersEventsAreHandledTogetherOrOneByOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := setup(t)
		var together []string
		var mu sync.Mutex
		rt := &httpapi.Router{}
		New("recurring-spawn", b, b.handle).InBulk(func(_ context.Context, events []cloudevents.Event) error {
			mu.Lock()
			defer mu.Unlock()
			ids := ""
			for _, e := range events {
				ids += e.ID() + " "
				if e.ID() == "panic" {
					panic("the handler of this test panics on purpose")
				}
				if e.ID() == "bad" {
					return fault.New(fault.Invalid, "no")
				}
			}
			together = append(together, ids)
			return nil
		}).Mount(rt, dapr.Config{AppToken: appToken}, "task-events")
		b.Handler = rt
		b.faults["bad"] = fault.New(fault.Invalid, "no")
		status, body := b.post(t, "/internal/events/task-events", "application/json", bulk(
			event("1", "ada"), event("2", "ada"), event("3", "ben"), event("bad", "ben"), event("4", "cleo"), event("5", "dora"), event("panic", "dora"),
		))
		if status != http.StatusOK || strings.Count(body, "SUCCESS") != 7 {
			t.Errorf("%d %s", status, body)
		}
		slices.Sort(b.handled)
		if !slices.Equal(together, []string{"1 2 "}) || !slices.Equal(b.handled, []string{"3", "4", "5", "bad", "panic", "panic", "panic", "panic"}) || len(b.published) != 2 {
			t.Errorf("together %q, one by one %q, %d published", together, b.handled, len(b.published))
		}
	})
}

// Events that the consumer ignores do not reach the handler; those that only look like them do.
func TestIgnoring(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada, ben := uuid.New(), uuid.New()
	record := func(user uuid.UUID) string {
		return string(cloudevent.TaskEvent(task.Event{ID: uuid.New(), UserID: user, TaskID: uuid.New(), Seq: 1, EventType: task.Updated, Time: time.Now()}))
	}
	rt := &httpapi.Router{}
	New("recurring-spawn", b, b.handle).Ignoring(func(s cloudevent.Sketch) bool { return s.UserID == ada }).
		Mount(rt, dapr.Config{AppToken: appToken}, "task-events")
	b.Handler = rt
	_, body := b.post(t, route, "application/json", bulk(record(ada), record(ben), event("other", ada.String()), record(ada), "\xff"))
	if got := statuses(t, body); !slices.Equal(got, []string{"SUCCESS", "SUCCESS", "SUCCESS", "SUCCESS", "SUCCESS"}) {
		t.Fatal(got)
	}
	if len(b.handled) != 2 || !slices.Contains(b.handled, "other") || len(b.published) != 1 {
		t.Errorf("handled %v, %d dead letters", b.handled, len(b.published))
	}
}

func TestBulk_ARecordThatIsNotAnEventBecomesADeadLetter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := setup(t)
		_, body := b.post(t, route, "application/json", bulk("\xff nonsense", event("1", "u"), event("panic", "v"), `{}`))
		if got := statuses(t, body); !slices.Equal(got, []string{"SUCCESS", "SUCCESS", "SUCCESS", "SUCCESS"}) {
			t.Fatal(got)
		}
		var published []string
		for _, l := range b.published {
			published = append(published, string(l.Event))
		}
		slices.Sort(published)
		if !slices.Equal(published, []string{event("panic", "v"), `{}`, "\xff nonsense"}) {
			t.Errorf("published %q", published)
		}
		if status, body := b.post(t, route, "application/json", bulk()); status != 200 || body != `{"statuses":[]}` {
			t.Errorf("an empty bulk: %d %s", status, body)
		}
	})
}

package account

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"

	"taskwire.dev/shared/fault"
)

// flood makes clients enter q, in order, and returns the results of those that do not wait.
func flood(ctx context.Context, q *queue, clients ...client) (faults []error) {
	for _, c := range clients {
		done := make(chan error, 1)
		go func() {
			leave, err := q.enter(ctx, c)
			if done <- err; err == nil {
				<-ctx.Done()
				leave()
			}
		}()
		synctest.Wait()
		select {
		case err := <-done:
			faults = append(faults, err)
		default:
		}
	}
	return faults
}

// everyone returns n clients.
func everyone(n int, one func(i int) client) []client {
	all := make([]client, n)
	for i := range all {
		all[i] = one(i)
	}
	return all
}

func count(faults []error, code fault.Code) (n int) {
	for _, err := range faults {
		if fault.Is(err, code) && fault.From(err).RetryAfter > 0 {
			n++
		}
	}
	return n
}

// No client gets more than its share of the places; more is rejected at once.
func TestQueue_Shares(t *testing.T) {
	t.Parallel()
	address := func(i int) string { return fmt.Sprint("127.0.0.", i) }
	for name, c := range map[string]struct {
		one    func(i int) client
		places int
	}{
		"one address":                  {func(i int) client { return client{address: "a", account: fmt.Sprint(i)} }, 16},
		"one account":                  {func(i int) client { return client{address: address(i), account: "u", known: true} }, 16},
		"strangers to one account":     {func(i int) client { return client{address: address(i), account: "u"} }, 12},
		"one account from one address": {func(int) client { return client{address: "a", account: "u", known: true} }, 4},
		"everyone":                     {func(i int) client { return client{address: address(i), account: fmt.Sprint(i)} }, 66},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				q := newQueue(2)
				faults := flood(ctx, q, everyone(100, c.one)...)
				if refused := q.admits(c.one(0)) != nil; refused != (name != "everyone") {
					t.Errorf("another client is refused before it enters: %v", refused)
				}
				want, other := count(faults, fault.RateLimited), count(faults, fault.Unavailable)
				if name == "everyone" {
					want, other = other, want
				}
				if want != 100-c.places || other != 0 {
					t.Errorf("%d waited and %d got another result, want %d", want, other, 100-c.places)
				}
				cancel()
				synctest.Wait()
				if len(q.places) != 0 || len(q.waiting) != 0 || q.slots != 2 {
					t.Errorf("after all have left, %d places are taken, %d wait, %d slots are free", len(q.places), len(q.waiting), q.slots)
				}
			})
		})
	}
}

// served returns the order in which the single slot of q is given to the waiting clients, each of which leaves at once.
func served(t *testing.T, q *queue, clients ...client) (order []string) {
	t.Helper()
	hold, err := q.enter(t.Context(), client{address: "first", account: "first"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range clients {
		go func() {
			if leave, err := q.enter(t.Context(), c); err == nil {
				order = append(order, c.address+"/"+c.account) // one at a time: there is one slot
				leave()
			}
		}()
		synctest.Wait()
	}
	hold()
	synctest.Wait()
	return order
}

// A client behind a flood is served after at most one client of the flood, whether the flood shares its address, its
// account, or neither.
func TestQueue_TakesTurns(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		flood func(i int) client
		other client
	}{
		"another client":            {func(int) client { return client{address: "a", account: "u"} }, client{address: "b", account: "v"}},
		"another account":           {func(int) client { return client{address: "a", account: "u"} }, client{address: "a", account: "v"}},
		"the owner":                 {func(i int) client { return client{address: fmt.Sprint(i), account: "u"} }, client{address: "home", account: "u", known: true}},
		"one account of many users": {func(i int) client { return client{address: fmt.Sprint(i), account: "u"} }, client{address: "b", account: "v"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				order := served(t, newQueue(1), append(everyone(4, c.flood), c.other)...)
				want := c.other.address + "/" + c.other.account
				if len(order) != 5 || order[1] != want && order[0] != want {
					t.Errorf("served %v, want %s second at the latest", order, want)
				}
			})
		})
	}
}

// A flood from many addresses fills the queue; a client that was not served recently replaces one that was.
func TestQueue_FullGivesWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		q := newQueue(1)
		bots := everyone(65, func(i int) client { return client{address: fmt.Sprint(i), account: fmt.Sprint(i)} })
		for _, bot := range bots { // each has been served before
			leave, err := q.enter(ctx, bot)
			if err != nil {
				t.Fatal(err)
			}
			leave()
		}
		if faults := flood(ctx, q, bots...); len(faults) != 1 || faults[0] != nil {
			t.Fatalf("%v, want one served and the others waiting", faults)
		}
		if faults := flood(ctx, q, bots[64]); count(faults, fault.Unavailable) != 1 {
			t.Errorf("%v, want one more bot rejected", faults)
		}
		order := make(chan error, 1)
		go func() {
			leave, err := q.enter(ctx, client{address: "home", account: "ada"})
			if err == nil {
				leave()
			}
			order <- err
		}()
		synctest.Wait()
		select {
		case err := <-order:
			t.Fatalf("Ada was rejected: %v", err)
		default:
		}
		q.leave(&waiter{}) // the client in the slot is done
		if err := <-order; err != nil {
			t.Errorf("Ada: %v", err)
		}
		cancel()
		synctest.Wait()
	})
}

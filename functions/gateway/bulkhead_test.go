package function

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"taskwire.dev/shared/eventually"
	"taskwire.dev/shared/fault"
)

// TestBulkhead: while one function hangs, a client's requests wait for it in at most its share of the places. Other
// clients and other functions are not affected, and a client that gives up frees its places.
func TestBulkhead(t *testing.T) {
	t.Parallel()
	b := setup(t, "MAX_IN_FLIGHT", "8")
	ada, bob := "Bearer "+b.person(t).bearer, "Bearer "+b.person(t).bearer
	ctx, giveUp := context.WithCancel(t.Context())
	defer giveUp()
	for range 2 {
		go func() {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.url+"/api/todos", nil)
			if err != nil {
				t.Error(err)
				return
			}
			r.Header.Set("Want-Status", "none")
			r.Header.Set("Authorization", bob)
			if res, err := http.DefaultClient.Do(r); err == nil {
				_ = res.Body.Close()
			}
		}()
		<-b.behind["tasks"].got
	}
	res := b.send(t, "GET", "/api/todos", "", "Authorization", bob)
	if res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "1" {
		t.Errorf("a third got %d %v", res.StatusCode, res.Header)
	}
	if res := b.send(t, "GET", "/api/todos", "", "Authorization", ada); res.StatusCode != http.StatusOK {
		t.Errorf("another client: %d", res.StatusCode)
	}
	if res := b.send(t, "GET", "/api/auth/me", "", "Authorization", bob); res.StatusCode != http.StatusOK {
		t.Errorf("another function: %d", res.StatusCode)
	}
	giveUp()
	eventually.True(t, "there is room again", func() bool {
		return b.send(t, "GET", "/api/todos", "", "Authorization", bob).StatusCode == http.StatusOK
	})
}

// TestBulkhead_Places: exactly as many clients as there are places are admitted, and places are returned.
func TestBulkhead_Places(t *testing.T) {
	t.Parallel()
	b := newBulkhead("tasks", 4)
	var taken []*place
	for _, name := range []string{"a", "b", "c", "d"} {
		p, err := b.enter(t.Context(), client{key: name, known: true})
		if err != nil {
			t.Fatal(err)
		}
		taken = append(taken, p)
	}
	if _, err := b.enter(t.Context(), client{key: "e", known: true}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a fifth: %v", err)
	}
	if _, err := b.enter(t.Context(), client{key: "a", known: true}); !fault.Is(err, fault.RateLimited) {
		t.Errorf("one that has its quarter: %v", err)
	}
	taken[0].answer()
	if _, err := b.enter(t.Context(), client{key: "a", known: true}); !fault.Is(err, fault.RateLimited) {
		t.Errorf("one that has not read its answer: %v", err)
	}
	p, err := b.enter(t.Context(), client{key: "e", known: true})
	if err != nil {
		t.Errorf("the place of one that was answered: %v", err)
	}
	for _, p := range append(taken, p) {
		p.leave()
	}
	if b.taken != 0 || len(b.clients) != 0 {
		t.Errorf("%d places are still taken, of %v", b.taken, b.clients)
	}
}

// TestBulkhead_Anonymous: however many addresses send requests without a token, most places are reserved for clients
// with one.
func TestBulkhead_Anonymous(t *testing.T) {
	t.Parallel()
	b := newBulkhead("tasks", 256)
	entered := 0
	for i := range 1000 {
		if p, err := b.enter(t.Context(), client{key: strconv.Itoa(i)}); err == nil {
			defer p.leave()
			entered++
		}
	}
	if entered != 32 {
		t.Errorf("%d of 256 places went to clients without a token", entered)
	}
	for i := range 224 {
		p, err := b.enter(t.Context(), client{key: strconv.Itoa(i % 4), known: true})
		if err != nil {
			t.Fatalf("number %d with a token: %v", i, err)
		}
		defer p.leave()
	}
	one := newBulkhead("auth", 256)
	for i := range 33 {
		p, err := one.enter(t.Context(), client{key: "one address"})
		if refused := fault.Is(err, fault.RateLimited); refused != (i == 32) {
			t.Fatalf("number %d of one address: %v", i+1, err)
		}
		if err == nil {
			defer p.leave()
		}
	}
}

// TestBulkhead_BurstOfOneAddress: a hundred sign-ins from one address at the same time all get a place, although each
// takes long; many more are refused at once, so that requests of other addresses can still wait.
func TestBulkhead_BurstOfOneAddress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBulkhead("auth", 256)
		burst := func(key string, size int) (refused int) {
			var all sync.WaitGroup
			var count atomic.Int32
			for range size {
				all.Go(func() {
					p, err := b.enter(t.Context(), client{key: key})
					if err != nil {
						count.Add(1)
						return
					}
					defer p.leave()
					time.Sleep(700 * time.Millisecond) // how long the function takes, by the clock of synctest
				})
			}
			all.Wait()
			return int(count.Load())
		}
		if n := burst("office", 101); n != 0 {
			t.Errorf("%d of 101 were refused", n)
		}
		var both sync.WaitGroup
		both.Go(func() {
			if n := burst("flood", 1000); n < 1000-32-128 {
				t.Errorf("only %d of 1000 were refused", n)
			}
		})
		synctest.Wait()
		if n := burst("office", 64); n != 0 {
			t.Errorf("%d of 64 were refused while another address waited", n)
		}
		both.Wait()
	})
}

func TestBulkhead_NeedsPlaces(t *testing.T) {
	t.Parallel()
	c := Config{PublicURL: publicURL, Limits: Limits{InFlight: 0}}
	if _, err := newFrontDoor(c, nil, nil); err == nil {
		t.Error("a gateway that lets nothing in has started")
	}
}

// TestBulkhead_OwnShare: when a client has used up its share, its next requests wait in order of arrival for one of its
// own to end, for a limited time; other clients do not notice.
func TestBulkhead_OwnShare(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBulkhead("tasks", 8)
		first, _ := b.enter(t.Context(), client{key: "a", known: true})
		second, _ := b.enter(t.Context(), client{key: "a", known: true})
		var order []int
		var all sync.WaitGroup
		for i := range 3 {
			all.Go(func() {
				p, err := b.enter(t.Context(), client{key: "a", known: true})
				if err != nil {
					if i != 2 || !fault.Is(err, fault.RateLimited) {
						t.Errorf("request %d: %v", i, err)
					}
					return
				}
				order = append(order, i) // one after the other: each keeps its place until the end
				if i == 1 {
					return
				}
				defer p.leave()
			})
			synctest.Wait()
		}
		if p, err := b.enter(t.Context(), client{key: "other", known: true}); err != nil {
			t.Errorf("another client: %v", err)
		} else {
			p.leave()
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := b.enter(gone, client{key: "a", known: true}); !fault.Is(err, fault.RateLimited) {
			t.Errorf("one that has gone: %v", err)
		}
		first.leave() // the first waiting one enters, leaves, and admits the second, which stays
		synctest.Wait()
		all.Wait()
		second.leave()
		if !slices.Equal(order, []int{0, 1}) || b.waiting != 0 || b.taken != 1 || len(b.clients) != 1 || b.clients["a"].requests != 1 {
			t.Errorf("order %v; left: %d waiting, %d taken, %d clients", order, b.waiting, b.taken, len(b.clients))
		}
	})
}

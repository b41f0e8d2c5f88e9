package postgres

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"taskwire.dev/shared/fault"
)

// However many requests wait: no party has more slots than its share, each party is served first come, first served,
// and one that asks for no more than its slots never waits.
func TestPartiesNeverWaitForEachOther(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		places := rapid.Int64Range(1, 3).Draw(rt, "places")
		asks := rapid.SliceOfN(rapid.IntRange(0, 40), 1, 4).Draw(rt, "asks")
		holds := rapid.SliceOfN(rapid.IntRange(1, 50), 40, 40).Draw(rt, "holds")
		synctest.Test(t, func(t *testing.T) {
			s := NewShares(places)
			var wg sync.WaitGroup
			begin := time.Now()
			var granted [][]time.Duration // when each request of each party got its place
			for n, asked := range append(asks, int(places)) {
				p := OfUser(uuid.UUID{byte(n + 1)})
				var mu sync.Mutex
				var inside int64
				got := make([]time.Duration, asked)
				granted = append(granted, got)
				for i := range asked {
					wg.Go(func() {
						start := time.Now()
						leave, err := s.Take(t.Context(), p)
						if err != nil {
							t.Error(err)
							return
						}
						mu.Lock()
						if inside++; inside > places {
							t.Errorf("%d places of %d", inside, places)
						}
						got[i] = time.Since(begin)
						mu.Unlock()
						if waited := time.Since(start); waited > 0 && asked <= int(places) {
							t.Errorf("waited %v for others", waited)
						}
						time.Sleep(time.Duration(holds[i])*time.Millisecond + time.Duration(i)) // of the bubble's clock
						mu.Lock()
						inside--
						mu.Unlock()
						leave()
					})
					synctest.Wait() // so that they arrive in this order
				}
			}
			wg.Wait()
			for _, got := range granted {
				if !slices.IsSorted(got) {
					t.Errorf("places were given at %v, to requests in the order in which they came", got)
				}
			}
			if len(s.parties) != 0 {
				t.Errorf("%d parties are remembered", len(s.parties))
			}
		})
	})
}

func TestAPartyWaitsWithinBounds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, p := NewShares(1), OfUser(uuid.New())
		leave, err := s.Take(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		ctx, hangUp := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range maxWaiting {
			wg.Go(func() {
				if _, err := s.Take(ctx, p); !fault.Is(err, fault.Unavailable) {
					t.Errorf("hung up while it waited: %v", err)
				}
			})
		}
		synctest.Wait()
		if _, err := s.Take(t.Context(), p); !fault.Is(err, fault.RateLimited) || fault.From(err).RetryAfter == 0 {
			t.Errorf("one too many: %v", err)
		}
		if other, err := s.Take(t.Context(), OfCaller(t.Context())); err != nil {
			t.Errorf("another party: %v", err)
		} else {
			other()
		}
		hangUp()
		wg.Wait()
		leave()
		if leave, err = s.Take(t.Context(), p); err != nil {
			t.Errorf("after the others have left: %v", err)
		} else {
			leave()
		}
		if len(s.parties) != 0 {
			t.Errorf("%d parties are remembered", len(s.parties))
		}
	})
}

func TestCallersAreTheirOwnParties(t *testing.T) {
	t.Parallel()
	a, b := OfCaller(WithCaller(t.Context(), "192.0.2.1")), OfCaller(WithCaller(t.Context(), "192.0.2.2"))
	if unnamed := OfCaller(t.Context()); a == b || a == unnamed || unnamed == Platform {
		t.Errorf("%v, %v, %v", a, b, unnamed)
	}
}

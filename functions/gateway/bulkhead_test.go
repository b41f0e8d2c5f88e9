package function

import (
	"context"
	"net/http"
	"testing"

	"taskwire.dev/shared/fault"
)

// TestBulkhead: while one function hangs, no more requests wait for it than a client has places, other clients and
// other functions are well, and who gives up makes room.
func TestBulkhead(t *testing.T) {
	t.Parallel()
	b := setup(t, "MAX_IN_FLIGHT", "8")
	ada := b.person(t)
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
			if res, err := http.DefaultClient.Do(r); err == nil {
				_ = res.Body.Close()
			}
		}()
		<-b.behind["tasks"].got
	}
	res := b.send(t, "GET", "/api/todos", "")
	if res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "1" {
		t.Errorf("a third got %d %v", res.StatusCode, res.Header)
	}
	if res := b.send(t, "GET", "/api/todos", "", "Authorization", "Bearer "+ada.bearer); res.StatusCode != http.StatusOK {
		t.Errorf("another client: %d", res.StatusCode)
	}
	if res := b.send(t, "GET", "/api/auth/me", ""); res.StatusCode != http.StatusOK {
		t.Errorf("another function: %d", res.StatusCode)
	}
	giveUp()
	eventually(t, func() bool { return b.send(t, "GET", "/api/todos", "").StatusCode == http.StatusOK })
}

// TestBulkhead_Places: as many clients as there are places are let in, and no more; places come back.
func TestBulkhead_Places(t *testing.T) {
	t.Parallel()
	b := newBulkhead("tasks", 4)
	clients := []string{"a", "b", "c", "d"}
	for _, c := range clients {
		if err := b.enter(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.enter("e"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a fifth: %v", err)
	}
	if err := b.enter("a"); !fault.Is(err, fault.RateLimited) {
		t.Errorf("one that has its quarter: %v", err)
	}
	for _, c := range clients {
		b.leave(c)
	}
	if b.taken != 0 || len(b.clients) != 0 {
		t.Errorf("%d places are still taken, of %v", b.taken, b.clients)
	}
}

func TestBulkhead_NeedsPlaces(t *testing.T) {
	t.Parallel()
	c := Config{Limits: Limits{InFlight: 0}}
	if _, err := newFrontDoor(c, nil); err == nil {
		t.Error("a gateway that lets nothing in has started")
	}
}

package function

import (
	"context"
	"net/http"
	"testing"
)

// TestBulkhead: while one function hangs, no more requests wait for it than have a place, the other functions are well,
// and who gives up makes room.
func TestBulkhead(t *testing.T) {
	t.Parallel()
	b := setup(t, "MAX_IN_FLIGHT", "2")
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
	if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") != "1" {
		t.Errorf("a third got %d %v", res.StatusCode, res.Header)
	}
	if res := b.send(t, "GET", "/api/auth/me", ""); res.StatusCode != http.StatusOK {
		t.Errorf("another function: %d", res.StatusCode)
	}
	giveUp()
	eventually(t, func() bool { return b.send(t, "GET", "/api/todos", "").StatusCode == http.StatusOK })
}

func TestBulkhead_NeedsPlaces(t *testing.T) {
	t.Parallel()
	c := Config{Limits: Limits{InFlight: 0}}
	if _, err := newFrontDoor(c, nil); err == nil {
		t.Error("a gateway that lets nothing in has started")
	}
}

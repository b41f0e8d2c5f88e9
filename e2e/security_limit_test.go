package e2e

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"taskwire.dev/e2e/client"
)

// TestRateLimit_IsOfOneUser: who asks too much is told when to come back; nobody else notices.
func TestRateLimit_IsOfOneUser(t *testing.T) {
	t.Parallel()
	u, other := newUser(t), newUser(t)
	hasty := u.Impatient()
	var refused atomic.Pointer[client.Response]
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			for deadline := time.Now().Add(patience); refused.Load() == nil && time.Now().Before(deadline); {
				// The gateway answers this by itself, so nothing else is kept busy.
				r, err := hasty.Do(t.Context(), client.Request{Method: http.MethodGet, Path: "/api/nothing"})
				if err != nil {
					t.Error(err)
					return
				}
				if r.Status == http.StatusTooManyRequests {
					refused.Store(r)
				}
			}
		})
	}
	wg.Wait()
	if refused.Load() == nil {
		t.Fatalf("as many requests as one likes, for %v", patience)
	}
	expectProblem(t, refused.Load(), http.StatusTooManyRequests)
	expectStatus(t, do(t, other.Impatient(), client.Request{Method: http.MethodGet, Path: "/api/preferences"}), http.StatusOK)
	// And it passes.
	expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/preferences"}), http.StatusOK)
}

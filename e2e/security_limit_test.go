package e2e

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"taskwire.dev/e2e/client"
)

// TestRateLimit_IsOfOneUser: a user above the limit is told when to retry; other users notice nothing.
func TestRateLimit_IsOfOneUser(t *testing.T) {
	t.Parallel()
	u, other := newUser(t), newUser(t)
	hasty := u.Impatient()
	var refused atomic.Pointer[client.Response]
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			for deadline := time.Now().Add(timeout); refused.Load() == nil && time.Now().Before(deadline); {
				// The gateway answers this itself, so no other part is loaded.
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
		t.Fatalf("no rate limit within %v", timeout)
	}
	expectProblem(t, refused.Load(), http.StatusTooManyRequests)
	expectStatus(t, do(t, other.Impatient(), client.Request{Method: http.MethodGet, Path: "/api/preferences"}), http.StatusOK)
	// The limit recovers.
	expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/preferences"}), http.StatusOK)
}

package account

import (
	"context"
	"strings"
	"sync"
	"testing"

	"taskwire.dev/shared/fault"
)

func TestHash(t *testing.T) {
	t.Parallel()
	h := NewHasher(2)
	hash, err := h.Hash(t.Context(), goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %q", hash)
	}
	other, _ := h.Hash(t.Context(), goodPassword)
	if hash == other {
		t.Error("two hashes of a password are the same: no salt")
	}
	for _, c := range []struct {
		hash, password string
		want           bool
	}{
		{hash, goodPassword, true},
		{hash, goodPassword + " ", false},
		{hash, "", false},
		{"", goodPassword, false}, // an unknown user
		// from the tests of the reference implementation, with parameters that are not ours
		{"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "password", true},
		{"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "Password", false},
	} {
		if got, err := h.Verify(t.Context(), c.hash, c.password); err != nil || got != c.want {
			t.Errorf("Verify(%q, %q) = %t, %v; want %t", c.hash, c.password, got, err, c.want)
		}
	}
	for _, bad := range []string{"x", "$argon2i$v=19$m=64,t=2,p=1$c2FsdA$aGFzaA", "$argon2id$v=19$m=64,t=2,p=1$c2FsdA$", "$argon2id$v=19$m=64,t=2,p=1$c2FsdA"} {
		if good, err := h.Verify(t.Context(), bad, goodPassword); good || err == nil {
			t.Errorf("Verify with the hash %q: %t, %v; want an error", bad, good, err)
		}
	}
}

// Whoever comes while too many wait is told at once; nobody who waits is lost.
func TestHash_QueueIsBounded(t *testing.T) {
	t.Parallel()
	h := NewHasher(1)
	h.slots <- struct{}{} // the one slot is taken
	h.waiting.Add(1)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	faults := make(chan error, maxWaiting+10)
	for range maxWaiting + 10 {
		wg.Go(func() {
			_, err := h.Hash(ctx, goodPassword)
			faults <- err
		})
	}
	for range 10 {
		if err := <-faults; !fault.Is(err, fault.Unavailable) || fault.From(err).RetryAfter == 0 {
			t.Errorf("%v, want Unavailable with a time to retry after", err)
		}
	}
	cancel()
	wg.Wait()
	if n := h.waiting.Load(); n != 1 {
		t.Errorf("%d wait when all have gone, want 1", n)
	}
	<-h.slots
	h.waiting.Add(-1)
	if _, err := h.Hash(t.Context(), goodPassword); err != nil {
		t.Errorf("after the rush: %v", err)
	}
}

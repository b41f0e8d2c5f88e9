package account

import (
	"strings"
	"testing"
)

func TestHash(t *testing.T) {
	t.Parallel()
	h := NewHasher(2)
	hash := h.hash(goodPassword)
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %q", hash)
	}
	if hash == h.hash(goodPassword) {
		t.Error("two hashes of a password are the same: no salt")
	}
	for _, c := range []struct {
		hash, password string
		want           bool
	}{
		{hash, goodPassword, true},
		{hash, goodPassword + " ", false},
		{hash, "", false},
		{"", goodPassword, false}, // unknown user
		// from the tests of the reference implementation, with different parameters
		{"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "password", true},
		{"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "Password", false},
	} {
		if got, err := h.verify(c.hash, c.password); err != nil || got != c.want {
			t.Errorf("verify(%q, %q) = %t, %v; want %t", c.hash, c.password, got, err, c.want)
		}
	}
	for _, bad := range []string{"x", "$argon2i$v=19$m=64,t=2,p=1$c2FsdA$aGFzaA", "$argon2id$v=19$m=64,t=2,p=1$c2FsdA$", "$argon2id$v=19$m=64,t=2,p=1$c2FsdA"} {
		if good, err := h.verify(bad, goodPassword); good || err == nil {
			t.Errorf("verify with the hash %q: %t, %v; want an error", bad, good, err)
		}
	}
}

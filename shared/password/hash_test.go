package password

import (
	"strings"
	"testing"
)

const good = "correct horse battery staple"

func TestHash(t *testing.T) {
	t.Parallel()
	hash := Hash(good)
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %q", hash)
	}
	if hash == Hash(good) {
		t.Error("two hashes of a password are the same: no salt")
	}
	for _, c := range []struct {
		hash, password string
		want           bool
	}{
		{hash, good, true},
		{hash, good + " ", false},
		{hash, "", false},
		{"", good, false}, // unknown user
		// from the tests of the reference implementation, with different parameters
		{"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "password", true},
		{"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "Password", false},
	} {
		if got, err := Verify(c.hash, c.password); err != nil || got != c.want {
			t.Errorf("Verify(%q, %q) = %t, %v; want %t", c.hash, c.password, got, err, c.want)
		}
	}
	for _, bad := range []string{"x", "$argon2i$v=19$m=64,t=2,p=1$c2FsdA$aGFzaA", "$argon2id$v=19$m=64,t=2,p=1$c2FsdA$", "$argon2id$v=19$m=64,t=2,p=1$c2FsdA"} {
		if good, err := Verify(bad, good); good || err == nil {
			t.Errorf("Verify with the hash %q: %t, %v; want an error", bad, good, err)
		}
	}
}

package passwordtest_test

import (
	"testing"

	"taskwire.dev/shared/password"
	"taskwire.dev/shared/password/passwordtest"
)

func TestHash_IsVerifiedLikeAnyOther(t *testing.T) {
	t.Parallel()
	hash := passwordtest.Hash("correct horse battery staple")
	for secret, want := range map[string]bool{"correct horse battery staple": true, "correct horse": false, "": false} {
		if got, err := password.Verify(hash, secret); err != nil || got != want {
			t.Errorf("Verify(%q, %q) = %t, %v; want %t", hash, secret, got, err, want)
		}
	}
}

package factor

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

func TestSealer(t *testing.T) {
	t.Parallel()
	first, err := NewSealer("the first of the keys")
	if err != nil {
		t.Fatal(err)
	}
	next, err := NewSealer("the next of the keys, the first of the keys")
	if err != nil {
		t.Fatal(err)
	}
	ada, bob := uuid.New(), uuid.New()
	secret := NewSecret()
	sealed := first.Seal(secret, ada[:])
	if bytes.Contains(sealed, secret) || bytes.Equal(sealed, first.Seal(secret, ada[:])) {
		t.Error("it is not encrypted, or always the same")
	}
	for _, s := range []*Sealer{first, next} {
		if got, err := s.Open(sealed, ada[:]); err != nil || !bytes.Equal(got, secret) {
			t.Errorf("opened %x, %v", got, err)
		}
		if _, err := s.Open(sealed, bob[:]); err == nil {
			t.Error("it opens as Bob's")
		}
	}
	if _, err := first.Open(next.Seal(secret, ada[:]), ada[:]); err == nil {
		t.Error("the key of the first seals still")
	}
	for _, bad := range []string{"", "too short", "the first of the keys,", "none"} {
		if _, err := NewSealer(bad); err == nil {
			t.Errorf("the keys %q are accepted", bad)
		}
	}
}

// The examples of RFC 6238, appendix B, with six of their digits, one step early and late, and not again.
func TestStep(t *testing.T) {
	t.Parallel()
	secret := []byte("12345678901234567890")
	for at, code := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		step := at / 30
		for _, late := range []int64{-30, 0, 30} {
			if got, ok := Step(secret, " "+code[:3]+" "+code[3:]+" ", 0, time.Unix(at+late, 0)); !ok || got != step {
				t.Errorf("%s at %d: step %d, %v", code, at+late, got, ok)
			}
		}
		for _, late := range []int64{-90, 90} {
			if _, ok := Step(secret, code, 0, time.Unix(at+late, 0)); ok {
				t.Errorf("%s is accepted %d seconds late", code, late)
			}
		}
		if _, ok := Step(secret, code, step, time.Unix(at, 0)); ok {
			t.Errorf("%s is accepted again", code)
		}
	}
}

func TestRecoveryCodes(t *testing.T) {
	t.Parallel()
	codes, hashes := NewRecoveryCodes()
	seen := map[string]bool{}
	for i, code := range codes {
		if len(code) != 29 || strings.Count(code, "-") != 5 || strings.ContainsAny(code, "lo01") || seen[code] {
			t.Errorf("code %q", code)
		}
		seen[code] = true
		for _, typed := range []string{code, strings.ToUpper(code), " " + strings.ReplaceAll(code, "-", " ") + "\n"} {
			if HashCode(typed) != hashes[i] {
				t.Errorf("%q is another code than %q", typed, code)
			}
		}
	}
	if len(seen) != RecoveryCodes {
		t.Errorf("%d codes", len(seen))
	}
}

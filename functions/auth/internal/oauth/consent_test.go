package oauth

import (
	"net/url"
	"testing"
)

func TestRepeated_NamesTheSameParameterEachTime(t *testing.T) {
	t.Parallel()
	v := url.Values{"resource": {"a", "b"}, "state": {"1", "2"}, "scope": {"1", "2"}, "code": {"1"}}
	for range 50 {
		if name := Repeated(v); name != "scope" {
			t.Fatalf("%q, want scope", name)
		}
	}
}

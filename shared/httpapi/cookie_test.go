package httpapi

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"taskwire.dev/shared/fault"
)

func TestCookie(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		headers []string
		want    string
		two     bool
	}{
		"none":               {nil, "", false},
		"one":                {[]string{"a=b; taskwire_session=x; c=d"}, "x", false},
		"empty":              {[]string{"taskwire_session="}, "", false},
		"two":                {[]string{"taskwire_session=x; taskwire_session=y"}, "", true},
		"two alike":          {[]string{"taskwire_session=x; taskwire_session=x"}, "", true},
		"two headers":        {[]string{"taskwire_session=x", "taskwire_session=y"}, "", true},
		"another's is close": {[]string{"taskwire_session=x; __Host-taskwire_session=y; Taskwire_session=z"}, "x", false},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.Header["Cookie"] = c.headers
		if got, err := Cookie(r, SessionCookie); got != c.want || fault.Is(err, fault.Malformed) != c.two {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if got := CookieName(SessionCookie, true); got != "__Host-taskwire_session" {
		t.Error(got)
	}
}

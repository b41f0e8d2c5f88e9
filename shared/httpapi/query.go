package httpapi

import (
	"net/http"
	"net/url"
	"strconv"

	"taskwire.dev/shared/fault"
)

// Query parses the parameters of r's URL strictly: it returns a Malformed fault instead of silently dropping malformed ones.
func Query(r *http.Request) (url.Values, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fault.Wrap(fault.Malformed, err, "the query of the URL is malformed")
	}
	return values, nil
}

// Limits of a page of any list.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)

// Limit reads the parameter limit of any list.
func Limit(fs *fault.Fields, v url.Values) int {
	if !v.Has("limit") {
		return DefaultLimit
	}
	n, err := strconv.Atoi(v.Get("limit"))
	if err != nil || n < 1 || n > MaxLimit {
		fs.Add("/limit", "must be 1 to %d", MaxLimit)
		return DefaultLimit
	}
	return n
}

package httpapi

import (
	"net/http"
	"net/url"
	"slices"
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

// Parameters adds a fault for each parameter in v that is not one of names, and for each that is there twice: a request that is
// not wholly understood does nothing.
func Parameters(fs *fault.Fields, v url.Values, names ...string) {
	for name, given := range v {
		if !slices.Contains(names, name) {
			fs.Add("/"+name, "is not a parameter of this request")
		} else if len(given) > 1 {
			fs.Add("/"+name, "appears more than once")
		}
	}
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
